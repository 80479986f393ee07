"""The libraries that engines need, looked for without importing them."""

import ctypes
import sys
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec

from webapp.errors import BackendUnavailable

OPENGL = ("libEGL.so.1", "libGLESv2.so.2")
"""Linux's libraries without which MediaPipe does not load."""


def check(packages: Sequence[str], system: Sequence[str] = ()) -> None:
    """Raise BackendUnavailable if a Python package or a library of the system is missing."""
    packages_missing = [name for name in packages if not _found(name)]
    if packages_missing:
        raise BackendUnavailable(f"The Python package {packages_missing[0]} is not installed: run `make setup`.")
    missing = missing_here(system)
    if missing:
        raise BackendUnavailable(
            f"The system lacks {' and '.join(missing)}, which MediaPipe needs: on Debian and Ubuntu run"
            " `sudo apt install libegl1 libgles2`."
        )


def missing_here(system: Sequence[str]) -> list[str]:
    """Return those of Linux's libraries that do not load here."""
    return [name for name in system if sys.platform == "linux" and not _loads(name)]


@cache
def _found(package: str) -> bool:
    return find_spec(package) is not None


@cache
def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
