"""Downloads the weights of the manifest: resumed, verified, then renamed into place."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from webapp.errors import BackendUnavailable
from webapp.pose.weights import ROOT, Weights, is_right

FOLDER = ROOT / "models" / "weights"
"""The default folder of weights."""

Progress = Callable[[int, int], None]
"""Called with the number of bytes received and the total, 0 if the server does not say."""

_TIMEOUT_S = 30.0
_PIECE_BYTES = 1 << 16
_PARTIAL, _BEYOND_END = 206, 416


def fetch(weights: Weights, folder: Path = FOLDER, progress: Progress = lambda _here, _of: None) -> Path:
    """Download a file of weights into the folder and return its path; do nothing if the right one is there.

    Bytes received before a connection broke are kept beside it as `.part`, and the next attempt continues from there.
    Raises BackendUnavailable, which names the file, its source, its destination and the cause.
    """
    path = folder / weights.file
    if path.is_file() and is_right(weights, path):
        return path
    if not weights.url:
        raise BackendUnavailable(f"{weights.file} comes with the {weights.origin}: run `{weights.cure}`.")
    part = path.with_name(path.name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _download(weights, part, progress)
        _verify(weights, part)
        part.replace(path)
    except (OSError, http.client.HTTPException) as exc:
        raise BackendUnavailable(f"{_attempt(weights, path)} failed: {_reason(exc)}. {_advice(part)}") from exc
    return path


def _download(weights: Weights, part: Path, progress: Progress) -> None:
    """Complete `part`; resume after broken connections as long as each attempt receives something."""
    while True:
        had = _length(part)
        total = _continue(weights.url, part, had, progress)
        if _length(part) >= total:
            return
        if _length(part) == had:
            raise ConnectionError(f"the connection broke at {had} of {total} bytes")


def _continue(url: str, part: Path, start: int, progress: Progress) -> int:
    """Append the bytes from `start` on; return the total size as far as it is known."""
    request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"} if start else {})  # noqa: S310 - the manifest's
    try:
        answer = urllib.request.urlopen(request, timeout=_TIMEOUT_S)  # noqa: S310 - the manifest's own addresses
    except urllib.error.HTTPError as exc:
        if exc.code == _BEYOND_END:  # complete or too long: the hash decides
            return start
        raise
    with answer:
        if answer.status != _PARTIAL:
            start = 0
        total = start + int(answer.headers.get("Content-Length") or 0)
        with part.open("ab" if start else "wb") as file:
            _copy(answer, file.write, start, total, progress)
    return total


def _copy(
    answer: http.client.HTTPResponse, write: Callable[[bytes], int], here: int, total: int, progress: Progress
) -> None:
    try:
        while piece := answer.read1(_PIECE_BYTES):
            here += write(piece)
            progress(here, total)
    except (http.client.IncompleteRead, ConnectionError):
        return  # what was received is kept; there is another attempt if it was anything


def _verify(weights: Weights, part: Path) -> None:
    if is_right(weights, part):
        return
    size = _length(part)
    part.unlink()
    raise ConnectionError(f"the {size} bytes received are not the file in the manifest and were deleted")


def _length(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _attempt(weights: Weights, path: Path) -> str:
    return f"Fetching {weights.file} from {weights.url} to {path}"


def _reason(exc: Exception) -> str:
    if isinstance(exc, urllib.error.HTTPError):
        return f"the server answers {exc.code} {exc.reason}"
    return str(exc.reason if isinstance(exc, urllib.error.URLError) else exc) or type(exc).__name__


def _advice(part: Path) -> str:
    kept = f"{_length(part)} bytes are kept; the same command continues from there. " if part.exists() else ""
    return f"{kept}You can also put the file into that folder, or name a folder that has it with POSECOACH_MODELS."
