"""Pairs the movements of two sides: those at the same time are one repetition."""

from collections.abc import Sequence

from webapp.motion.exercise import Count
from webapp.motion.phase import Cycle
from webapp.motion.side import Found, SideCounter, depth_of

WHOLE_SET_S, WHOLE_SET_PART = 0.6, 0.35
"""Two sides that end within this time of each other, or this part of the time that they took, moved together."""


class Pairs:
    """Holds back a side's cycle while the other side may still complete the same repetition."""

    def __init__(self, plan: Count, sides: Sequence[SideCounter]) -> None:
        self._plan = plan
        self._sides = sides
        self._waiting: Found | None = None

    def finish(self) -> list[Found]:
        """Return the cycle that still waits for the other side."""
        waiting, self._waiting = self._waiting, None
        return [waiting] if waiting is not None else []

    def observe(self, found: Sequence[Found], t_s: float) -> list[Found]:
        """Take the cycles that were completed now; return those that wait no longer."""
        ready: list[Found] = []
        for one in (one for one in found if depth_of(one.cycle, self._plan) >= self._plan.begun):
            if self._waiting is not None and self._waiting.side != one.side and _overlap(self._waiting, one):
                ready.append(_merged(self._waiting, one))
                self._waiting = None
            else:
                ready += [self._waiting] if self._waiting else []
                self._waiting = one
        if self._waiting is not None and not self._other_may_end(self._waiting, t_s):
            ready += self._with_other(self._waiting)
            self._waiting = None
        return ready

    def _other(self, waiting: Found) -> SideCounter:
        return self._sides[1] if waiting.side == "left" else self._sides[0]

    def _other_may_end(self, waiting: Found, t_s: float) -> bool:
        cycle = waiting.cycle
        within_s = max(WHOLE_SET_S, WHOLE_SET_PART * (cycle.end_s - cycle.start_s))
        return self._other(waiting).moving and t_s - cycle.end_s < within_s

    def _with_other(self, waiting: Found) -> list[Found]:
        """Return a cycle, merged with the other side's if that began with it and has come half back."""
        other, middle_s = self._other(waiting), (waiting.cycle.start_s + waiting.cycle.end_s) / 2
        late = other.finish() if other.moving and other.began_s < middle_s else None
        if late is None:
            return [waiting]
        return [_merged(waiting, late)] if _overlap(waiting, late) else [waiting, late]


def _overlap(one: Found, other: Found) -> bool:
    """Return whether two movements overlap by more than half of the shorter one."""
    a, b = one.cycle, other.cycle
    shared_s = min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
    return shared_s > min(a.end_s - a.start_s, b.end_s - b.start_s) / 2


def _merged(one: Found, other: Found) -> Found:
    a, b = one.cycle, other.cycle
    cycle = Cycle(
        start_s=min(a.start_s, b.start_s),
        far_from_s=min(a.far_from_s, b.far_from_s),
        far_until_s=max(a.far_until_s, b.far_until_s),
        end_s=max(a.end_s, b.end_s),
        start=(a.start + b.start) / 2,
        peak=(a.peak + b.peak) / 2,
        end=(a.end + b.end) / 2,
    )
    return Found(cycle, "both", one.broke or other.broke, None)
