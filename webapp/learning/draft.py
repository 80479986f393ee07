"""Candidate exercises: combinations of the movements in a recording that may count it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from webapp.learning.curves import Recording
from webapp.learning.limits import Limit, further_limits, rests, trunk_limits
from webapp.learning.movement import ARMS, Movement, movements
from webapp.motion.measures import ANGLES, View, is_angle

SIGNALS = 3
"""Most measures averaged in a signal."""
NEARLY_AS_GOOD = 0.6
"""Part of the best movement's score that another needs to join the signal."""
ALSO = 3
"""Most further angles that the file offers, commented out."""
SAME_TIME = 0.25
"""Largest mean distance of two movements' far ends, as a part of a repetition."""
TRIED = 8
"""Movements tried as the first of a signal."""
LIFTED = ("shoulder_place", "hip_place", "hand_place")
LIFTED_TORSOS = 0.15
"""The lifted part: the first of these that moves vertically by this much."""
QUICKEST = 0.3
QUICKEST_S = (0.2, 0.6)
"""Shortest repetition, as a part of the recording's, and its limits in seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """An exercise to write. also: angles that move as well. lasts_s: median time from one far end to the next."""

    title: str
    source: str
    reps: int
    view: View
    movements: tuple[Movement, ...]
    also: tuple[Movement, ...]
    limits: tuple[Limit, ...]
    lifts_first: bool
    lasts_s: float

    @property
    def shortest_s(self) -> float:
        """The shortest believable repetition in seconds."""
        return round(float(np.clip(QUICKEST * self.lasts_s, *QUICKEST_S)), 1)


def drafts(recording: Recording, reps: int, title: str, source: str, view: View | None) -> Iterator[Draft]:
    """Yield drafts, the best first: with all simultaneous movements and all limits, then with fewer of both."""
    found = movements(recording, reps)
    for first in found[:TRIED]:
        trunk = trunk_limits(recording, first)
        for chosen in dict.fromkeys((_company(recording, first, found), (first,))):
            draft = Draft(
                title=title,
                source=source,
                reps=reps,
                view=view or _view(recording),
                movements=chosen,
                also=_further(recording, chosen, found),
                limits=(*trunk, *further_limits(recording, chosen)),
                lifts_first=_lifts_first(recording, first),
                lasts_s=_lasts_s(recording, first),
            )
            yield draft
            yield replace(draft, limits=trunk)


def _view(recording: Recording) -> View:
    return Counter(body.view for body in recording.bodies).most_common(1)[0][0]


def _company(recording: Recording, first: Movement, found: Sequence[Movement]) -> tuple[Movement, ...]:
    """Return a movement with the angles at other joints of arms or legs, as it is, that move at the same time."""
    good = [one for one in found if one.score >= NEARLY_AS_GOOD * first.score]
    alike = [one for one in good if (one.row in ARMS) == (first.row in ARMS)]
    return (first, *_further(recording, [first], alike))[:SIGNALS]


def _further(recording: Recording, chosen: Sequence[Movement], found: Sequence[Movement]) -> tuple[Movement, ...]:
    """Return the angles at other joints that move at the same time and on the same sides, the best first."""
    first, further = chosen[0], list[Movement]()
    for other in found:
        fits = is_angle(other.measure) and other.sides == first.sides and _same_time(recording, first, other)
        if fits and _middle(other) not in {_middle(one) for one in (*chosen, *further)}:
            further.append(other)
    return tuple(further[:ALSO])


def _middle(movement: Movement) -> str:
    return ANGLES[movement.row][1] if movement.row in ANGLES else movement.row


def _same_time(recording: Recording, one: Movement, other: Movement) -> bool:
    apart_s = np.abs(recording.t_s[list(one.tops)] - recording.t_s[list(other.tops)]).mean()
    return bool(apart_s <= SAME_TIME * _lasts_s(recording, one))


def _lasts_s(recording: Recording, movement: Movement) -> float:
    """Return the median time from one far end to the next; for a single repetition, half the recording."""
    times_s = recording.t_s[list(movement.tops)]
    return float(np.median(np.diff(times_s)) if len(times_s) > 1 else np.ptp(recording.t_s) / 2)


def _lifts_first(recording: Recording, movement: Movement) -> bool:
    """Return whether the body, or else the hands, rise in the picture on the way to the far end."""
    before, tops = rests(recording, movement), np.array(movement.tops)
    curves = [curve for place in LIFTED if (curve := recording.curve(place)) is not None]
    risen = [float(np.median(curve[tops] - curve[before])) for curve in curves]
    return next((one for one in risen if abs(one) >= LIFTED_TORSOS), 0.0) > 0
