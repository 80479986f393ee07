"""No core dump of a process that has people's pictures in its memory."""

import contextlib
import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def forbid() -> None:
    """Forbid this process, and those that it starts, to leave its memory behind when it crashes.

    On Linux a crash handler that the kernel pipes dumps to (core(5)) asks for no limit: the process itself is made not
    dumpable, which a process that it starts does not inherit.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # a C library of another kind
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
