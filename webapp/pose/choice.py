"""The engine that the workers run, as passed to a spawned process."""

from dataclasses import dataclass
from pathlib import Path

from webapp.pose.arithmetic import AUTO


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The arguments of `open_backend`, in a form that can be sent to another process."""

    backend: str
    models: tuple[Path, ...] = ()
    precision: str = AUTO
    series: Path | None = None
    cache_folder: Path | None = None
