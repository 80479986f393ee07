"""From the manifest of weights to a verified file on this machine."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from webapp.errors import BackendUnavailable

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "models" / "manifest.toml"


@dataclass(frozen=True, slots=True)
class Weights:
    """One file of weights: how it is called, how to know it, what may be done with it and where it comes from.

    npm and version: the npm package that holds it. url: where else it can be had. Either may be empty.
    """

    name: str
    file: str
    size: int
    sha256: str
    licence: str
    npm: str = ""
    version: str = ""
    url: str = ""

    @property
    def origin(self) -> str:
        """Where it comes from, for people."""
        return f"npm package {self.npm} {self.version}" if self.npm else self.url

    @property
    def cure(self) -> str:
        """The command that brings it here."""
        return "make setup" if self.npm else f"posecoach models fetch {self.name}"


def manifest(path: Path = MANIFEST) -> Mapping[str, Weights]:
    """Return every file of weights that any engine reads, by its name."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: Weights(name, **row) for name, row in rows.items()}
    except (OSError, tomllib.TOMLDecodeError, TypeError) as exc:
        raise BackendUnavailable(f"The list of weights, {path}, cannot be read: {exc}.") from exc


def find(weights: Weights, folders: Sequence[Path] = (), root: Path = ROOT) -> Path:
    """Return the path of the right file; `folders` are searched before the checkout's own.

    BackendUnavailable when there is none, or only one of another size or SHA-256; it names the command that mends it.
    """
    wrong: list[Path] = []
    for path in _places(weights, folders, root):
        if not path.is_file():
            continue
        if path.stat().st_size == weights.size and _sha256(path, path.stat().st_mtime_ns) == weights.sha256:
            return path
        wrong.append(path)
    if wrong:
        raise BackendUnavailable(f"{wrong[0]} is not the file that {weights.name} needs: run `{weights.cure}`.")
    raise BackendUnavailable(f"The weights {weights.name} ({weights.file}) are not here: run `{weights.cure}`.")


def _places(weights: Weights, folders: Sequence[Path], root: Path) -> Iterator[Path]:
    for folder in (*folders, root / "models" / "weights"):
        yield folder / weights.file
    if weights.npm:
        yield root / "node_modules" / weights.npm / weights.file


@cache
def _sha256(path: Path, changed_ns: int) -> str:
    """Return the file's hash; `changed_ns` makes the cache forget a file that was replaced."""
    del changed_ns
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
