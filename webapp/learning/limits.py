"""Limits learned from a recording, outside of which a movement is a different exercise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from webapp.learning.curves import Array, Indices, Recording
from webapp.learning.movement import ARMS, Movement, legs_bend
from webapp.motion.exercise import When
from webapp.motion.measures import is_angle

LEAN_DEG = 25.0
"""Margin on the trunk's lean, at any time and at rest, in degrees."""
STILL_TORSOS = 0.15
STILL_WITHIN_TORSOS = 0.35
"""A place that moves by less than the first is fixed; other people's may move by the second, in torso lengths."""
ASKED = 0.4
"""Part of the recording's change that is required of others."""
CHANGES = {"hip_height": 0.3, "foot_spread": 0.5, "hand_height": 0.4}
"""Changes of at least this many torso lengths are required: hips that drop, feet that part, hands that rise."""
SHAPE = ("shoulder", "hip", "knee")
SHAPE_DEG = 55.0
"""Joints that stay put in arm exercises at the far end, and the margin for other people."""
PLACES = ("shoulder_place", "hip_place", "hand_place")


@dataclass(frozen=True, slots=True)
class Limit:
    """A condition to write; a None bound is open. measured: the sentence on its origin."""

    measure: str
    low: float | None
    high: float | None
    when: When
    measured: str


def trunk_limits(recording: Recording, movement: Movement) -> tuple[Limit, ...]:
    """Return the limit of the trunk's lean."""
    lean = recording.curve("torso_lean")
    if lean is None:
        return ()
    at_rest = float(np.median(lean[rests(recording, movement)]))
    low, high = float(lean.min()), float(lean.max())
    measured = f"The trunk leant by {low:.0f} to {high:.0f} degrees, at rest by {at_rest:.0f}."
    return (
        Limit("torso_lean", *_around(low, high, LEAN_DEG), "always", measured),
        Limit("torso_lean", *_around(at_rest, at_rest, LEAN_DEG), "rest", "Where it starts from."),
    )


def further_limits(recording: Recording, chosen: Sequence[Movement]) -> tuple[Limit, ...]:
    """Return what must change as well, and what must not."""
    tops = np.array(chosen[0].tops)
    before = rests(recording, chosen[0])
    changes = (
        *(_partly(one.measure, one.far - one.rest) for one in chosen[1:]),
        *_changes(recording, tops, before, chosen),
    )
    if legs_bend(chosen):
        return changes
    return (*changes, *_still(recording, tops, before), *_shape(recording, tops))


def rests(recording: Recording, movement: Movement) -> Indices:
    """Return where the movement is furthest from its far end before each repetition."""
    curve = recording.curve(movement.row)
    if curve is None:
        return np.array(movement.tops)
    away = np.abs(curve - movement.far)
    ways = pairwise((0, *movement.tops))
    return np.array([begin + int(away[begin : top + 1].argmax()) for begin, top in ways])


def _around(low: float, high: float, margin: float) -> tuple[float | None, float | None]:
    """Return an angle's range with a margin; a bound without effect is left out."""
    lower, upper = round(low - margin), round(high + margin)
    return (lower if lower > 0 else None, upper if upper < 180 else None)


def _partly(measure: str, change: float) -> Limit:
    asked = round(ASKED * change, None if is_angle(measure) else 2)
    unit = "degrees" if is_angle(measure) else "torsos"
    measured = f"It changed by {change:.{0 if is_angle(measure) else 2}f} {unit}; {ASKED:.0%} of that is required."
    return Limit(measure, asked if change > 0 else None, None if change > 0 else asked, "change", measured)


def _changes(recording: Recording, tops: Indices, before: Indices, chosen: Sequence[Movement]) -> Iterator[Limit]:
    known = {one.measure for one in chosen} | (set(ARMS) if legs_bend(chosen) else set())
    for measure, enough in CHANGES.items():
        change = _change(recording.curve(measure), tops, before)
        if measure not in known and np.abs(change).max() >= enough <= abs(np.median(change)):
            yield _partly(measure, float(np.median(change)))


def _change(curve: Array | None, tops: Indices, before: Indices) -> Array:
    """Return by how much each repetition changes a measure, where it was seen."""
    return np.zeros(1) if curve is None else curve[tops] - curve[before]


def _still(recording: Recording, tops: Indices, before: Indices) -> Iterator[Limit]:
    for place in PLACES:
        curve = recording.curve(place)
        moved = float(np.abs(_change(curve, tops, before)).max())
        if curve is not None and moved < STILL_TORSOS:
            measured = f"It stayed within {moved:.2f} torsos."
            yield Limit(place, -STILL_WITHIN_TORSOS, STILL_WITHIN_TORSOS, "still", measured)


def _shape(recording: Recording, tops: Indices) -> Iterator[Limit]:
    for measure in SHAPE:
        curve = recording.curve(measure)
        if curve is None:
            continue
        low, high = float(curve[tops].min()), float(curve[tops].max())
        bounds = _around(low, high, SHAPE_DEG)
        if bounds != (None, None):
            yield Limit(measure, *bounds, "far", f"At the far end it measured {low:.0f} to {high:.0f} degrees.")
