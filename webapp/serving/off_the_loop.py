"""Runs work that would block the green threads in one native thread.

One, not several: in a program patched by eventlet, locks belong to green threads, and two native threads that meet at
one could not wake each other. Calls in a single thread need no locks.
"""

from typing import TypeVar, cast

from eventlet import patcher, tpool

Part = TypeVar("Part")


def off_the_loop(part: Part) -> Part:
    """Return a proxy of the part whose methods run in the native thread while the green threads go on.

    If nothing is patched, threads are native anyway, and the part itself is returned.
    """
    if not patcher.is_monkey_patched("thread"):
        return part
    tpool.set_num_threads(1)
    return cast("Part", tpool.Proxy(part))
