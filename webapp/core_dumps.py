"""Prevents core dumps of processes with people's pictures in memory."""

import contextlib
import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def forbid() -> None:
    """Forbid core dumps of this process and its children.

    On Linux a crash handler that receives dumps over a pipe (core(5)) ignores the limit, so the process is also made
    undumpable, which its children do not inherit.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
