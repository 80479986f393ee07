"""The manifest of weights, and its verified files on this machine."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from webapp.errors import BackendUnavailable, SettingsError, WeightsAbsent

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "models" / "manifest.toml"


@dataclass(frozen=True, slots=True)
class Weights:
    """One file of weights: its name, checksum, licence and origin.

    size: in bytes, 0 if only a hash is known. sha256, or else git_blob: Git's id of the content. npm and version: the
    npm package that contains it. url: another source. npm or url may be empty.
    """

    name: str
    file: str
    licence: str
    size: int = 0
    sha256: str = ""
    git_blob: str = ""
    npm: str = ""
    version: str = ""
    url: str = ""

    @property
    def origin(self) -> str:
        """A readable description of the source."""
        return f"npm package {self.npm} {self.version}" if self.npm else self.url

    @property
    def cure(self) -> str:
        """The command that installs it."""
        return "make setup" if self.npm else f"posecoach models fetch {self.name}"


def manifest(path: Path = MANIFEST) -> Mapping[str, Weights]:
    """Return all files of weights by name. Raises BackendUnavailable if the manifest cannot be read."""
    try:
        return _manifest(path, path.stat().st_mtime_ns)
    except (OSError, tomllib.TOMLDecodeError, TypeError) as exc:
        raise BackendUnavailable(
            f"The list of weights, {path}, cannot be read: {exc}. Run PoseCoach from its checkout, with `make run`."
        ) from exc


def folders_of(models: Path | None) -> tuple[Path, ...]:
    """Return the folders to search before the checkout's own: the user's, if there is one.

    Raises SettingsError if it is not there.
    """
    if models is None:
        return ()
    if not models.is_dir():
        raise SettingsError(
            f"{models} is not a folder, but --models or POSECOACH_MODELS says that your weights are in it: correct the "
            "path, or leave the setting out to use those in models/weights."
        )
    return (models,)


def find(weights: Weights, folders: Sequence[Path] = (), root: Path = ROOT) -> Path:
    """Return the path of the right file; `folders` and their subfolders are searched before the checkout's own.

    Raises WeightsAbsent if there is none, BackendUnavailable if there is only one of another size or hash; both name
    the command that fixes it.
    """
    wrong: list[Path] = []
    for path in _places(weights, folders, root):
        if not path.is_file():
            continue
        if is_right(weights, path):
            return path
        wrong.append(path)
    if wrong:
        raise BackendUnavailable(f"{wrong[0]} is not the file that {weights.name} needs: run `{weights.cure}`.")
    own = " or ".join(map(str, (*folders, "models/weights")))
    raise WeightsAbsent(f"The weights {weights.name} ({weights.file}) are not in {own}: run `{weights.cure}`.")


def is_right(weights: Weights, path: Path) -> bool:
    """Return whether the file is the one in the manifest."""
    status = path.stat()
    if weights.size and status.st_size != weights.size:
        return False
    if weights.sha256:
        return _sha256(path, status.st_mtime_ns) == weights.sha256
    return bool(weights.git_blob) and _git_blob(path, status.st_mtime_ns) == weights.git_blob


def _places(weights: Weights, folders: Sequence[Path], root: Path) -> Iterator[Path]:
    for folder in (*folders, root / "models" / "weights"):
        yield folder / weights.file
        yield from sorted(folder.glob(f"*/{weights.file}"))
    if weights.npm:
        yield root / "node_modules" / weights.npm / weights.file


@cache
def _manifest(path: Path, changed_ns: int) -> Mapping[str, Weights]:
    """Read the manifest; `changed_ns` makes the cache forget one that was edited."""
    del changed_ns
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType({name: Weights(name, **row) for name, row in rows.items()})


@cache
def _sha256(path: Path, changed_ns: int) -> str:
    """Return the file's hash; `changed_ns` makes the cache forget a file that was replaced."""
    del changed_ns
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _git_blob(path: Path, changed_ns: int) -> str:
    """Return Git's id of the file's content: SHA-1 over `blob`, its size, a zero byte and its bytes."""
    del changed_ns
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
