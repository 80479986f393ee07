"""Which engine the workers run; what a spawned process is told."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The arguments of `open_backend`, in a form that crosses to another process."""

    backend: str
    models: tuple[Path, ...] = ()
    precision: str = "f32"
    series: Path | None = None
