"""Repetitions: whole and partial ones found in poses, with one phase machine per side.

While the joints cannot be seen, the machine waits. A pose that cannot be this exercise (a squat while lying) makes it
discard the movement in progress.
"""

import math
from collections.abc import Iterable

from webapp.motion.exercise import Count, Exercise
from webapp.motion.gate import Gate, sided
from webapp.motion.measures import Body, is_angle
from webapp.motion.pairs import Pairs
from webapp.motion.person import SamePerson
from webapp.motion.side import Found, SideCounter, depth_of
from webapp.records import Rep, Side

ARRIVES_S = 2.0
EMPTY_S, CUT_S = 0.09, 1.0
"""Movements that begin within ARRIVES_S of the first person's arrival in a picture that was empty for EMPTY_S are not
counted: people find their place first. In a single empty frame the engine only missed a person who was already there.
Somebody who is whole in the picture after CUT_S of nobody came with a cut, as after a title; people come in over its
edge. (Before that it may be a walker whom the engine found late.)
"""
SETTLES_S = 0.1
"""Movements that begin this soon after the skeleton leaps are not counted: an engine's first poses are guesses."""


class RepCounter:
    """Counts one exercise's repetitions; `past` is the number counted before."""

    def __init__(self, exercise: Exercise, past: int = 0) -> None:
        if exercise.count is None:
            raise ValueError(f"{exercise.name} is not counted in repetitions")
        self._plan = exercise.count
        sides: tuple[Side, ...] = ("both",) if self._plan.sides == "both" else ("left", "right")
        self._sides = [SideCounter(self._plan, _gate(exercise, self._plan, side), side) for side in sides]
        self._joints = exercise.joints
        self._person = SamePerson()
        self._came = False
        self._began_s: float | None = None
        self._settled_s = -math.inf
        self._number = past
        self._pairs = Pairs(self._plan, self._sides)

    @property
    def progress(self) -> float | None:
        """The part of the way to the target reached now, by the side that is further; None if unseen."""
        parts = [side.part for side in self._sides if side.part is not None]
        return max(0.0, *parts) if parts else None

    @property
    def phase(self) -> str:
        """The phase of the side that moves, the left if both do; `rest` if neither."""
        return next((side.phase for side in self._sides if side.phase != "rest"), "rest")

    @property
    def side(self) -> Side:
        """The side that moves, the left if both do; `both` if neither, or if both are one signal."""
        return next((side.side for side in self._sides if side.phase != "rest"), "both")

    def observe(self, body: Body | None, t_s: float) -> list[Rep]:
        """Take one pose, None if nobody is in view; return the repetitions that it completes.

        A person whose trunk is outside the picture is not in view.
        """
        self._began_s = t_s if self._began_s is None else self._began_s
        if body is None or body.has_left:
            for side in self._sides:
                side.part = None
            return self._reps(self._pairs.observe([], t_s))
        arrived, self._came = not self._came and self._has_arrived(body, t_s - self._began_s), True
        if not self._person.observe(body, t_s) or arrived:
            self._settled_s = t_s + (ARRIVES_S if arrived else SETTLES_S)
            for side in self._sides:
                side.reset()
        found = self._settled(side.observe(body, t_s) for side in self._sides)
        return self._reps(self._pairs.observe(found, t_s) if self._plan.sides == "together" else found)

    def finish(self) -> list[Rep]:
        """Return the repetitions that are nearly complete, or still wait for the other side."""
        found = self._settled(side.finish() for side in self._sides)
        if self._plan.sides == "together":
            found = [*self._pairs.observe(found, math.inf), *self._pairs.finish()]
        return self._reps(found)

    def _has_arrived(self, body: Body, empty_s: float) -> bool:
        """Return whether the first person came into the picture, which was empty until now."""
        came_with_a_cut = empty_s >= CUT_S and all(body.inside(joint) for joint in self._joints)
        return empty_s >= EMPTY_S and not came_with_a_cut

    def _settled(self, found: Iterable[Found | None]) -> list[Found]:
        return [one for one in found if one is not None and one.cycle.start_s >= self._settled_s]

    def _reps(self, found: list[Found]) -> list[Rep]:
        return [rep for rep in map(self._rep, found) if rep is not None]

    def _rep(self, found: Found) -> Rep | None:
        cycle, reason = found.cycle, self._reason(found)
        if reason is None:
            return None
        if not reason:
            self._number += 1
        first = self._plan.signals[0]
        span = abs(first.target - first.rest)
        return Rep(
            number=0 if reason else self._number,
            start_s=cycle.start_s,
            end_s=cycle.end_s,
            depth=round(depth_of(cycle, self._plan), 3),
            rom_deg=round((cycle.peak - cycle.start) * span, 1) if is_angle(first.measure) else None,
            eccentric_s=cycle.back_s if self._plan.lifts_first else cycle.there_s,
            pause_s=cycle.far_until_s - cycle.far_from_s,
            concentric_s=cycle.there_s if self._plan.lifts_first else cycle.back_s,
            side=found.side,
            difference_deg=found.difference_deg,
            reason=reason,
        )

    def _reason(self, found: Found) -> str | None:
        """Return why a cycle does not count; empty if it does, None if it is not worth listing."""
        plan = self._plan
        peak = depth_of(found.cycle, plan)
        if peak < plan.begun:
            return None
        if found.broke is not None:
            return found.broke.reason or None
        if peak >= plan.enough:
            return ""
        first = plan.signals[0]
        if not is_angle(first.measure):
            return f"{1 - peak:.0%} short"
        return f"{(1 - peak) * abs(first.target - first.rest):.0f} degrees short"


def _gate(exercise: Exercise, plan: Count, side: Side) -> Gate:
    first = plan.signals[0].measure
    compared = (f"left_{first}", f"right_{first}") if side == "both" and is_angle(first) else ()
    return Gate(sided(exercise.conditions, exercise.one_sided, side), compared)
