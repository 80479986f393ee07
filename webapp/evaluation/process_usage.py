"""CPU and memory of a process and all its descendants, read from Linux's /proc (man 5 proc)."""

import os
from dataclasses import dataclass
from pathlib import Path

from webapp.errors import SettingsError

_PROC = Path("/proc")
_USER_TIME, _SYSTEM_TIME = 11, 12  # fields after the name's closing bracket, counted from 0


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds so far and current megabytes, by process id."""

    cpu_s: dict[int, float]
    rss_mb: dict[int, float]


def usage_of(pid: int) -> Usage:
    """Return the usage of a process and its descendants. Raises SettingsError without /proc."""
    if not _PROC.joinpath("self", "stat").exists():
        raise SettingsError("CPU and memory of the server are read from /proc: run this on Linux")
    pids = family(pid)
    return Usage({one: _cpu_s(one) for one in pids}, {one: _rss_mb(one) for one in pids})


def family(pid: int) -> list[int]:
    """Return the process and its descendants, without those that have just ended."""
    try:
        lists = [path.read_text() for path in _PROC.glob(f"{pid}/task/*/children")]
    except OSError:
        return []
    return [pid, *(one for text in lists for child in text.split() for one in family(int(child)))]


def _cpu_s(pid: int) -> float:
    try:
        fields = _PROC.joinpath(str(pid), "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[_USER_TIME]) + int(fields[_SYSTEM_TIME])) / os.sysconf("SC_CLK_TCK")


def _rss_mb(pid: int) -> float:
    try:
        pages = int(_PROC.joinpath(str(pid), "statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
