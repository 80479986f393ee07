"""Work that would hold the green threads up is done in one native thread beside them.

One, not several: the locks of a program that eventlet has patched belong to green threads, and two native threads that
met at one could not wake each other. What is done there one after another needs none.
"""

from typing import TypeVar, cast

from eventlet import patcher, tpool

Part = TypeVar("Part")


def off_the_loop(part: Part) -> Part:
    """Return the part as it is, but that its methods run in the native thread while the green threads go on.

    Where nothing is patched the threads are native ones anyway, and the part itself is returned.
    """
    if not patcher.is_monkey_patched("thread"):
        return part
    tpool.set_num_threads(1)
    return cast("Part", tpool.Proxy(part))
