"""Measures of a recording that repeat the given number of times."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

from webapp.learning.curves import Array, Peak, Recording, peaks, valleys
from webapp.motion.measures import ANGLES, is_angle, split
from webapp.motion.pairs import WHOLE_SET_S

HEIGHTS = ("hand_height", "hip_height", "knee_height")
"""Measures considered besides angles, because a frontal camera cannot see some angles."""
LEAST_DEG = 20.0
LEAST_TORSOS = 0.2
"""The smallest movement larger than an engine's error."""
LARGE = 4.0
"""Multiples of the smallest movement beyond which more proves nothing more."""
CLEAR = 0.5
"""Part of the weakest repetition's prominence that the strongest other movement may have."""
CUT = 0.75
"""Part of the weakest repetition's prominence below which one at the edge of the recording was cut off by it."""
SEPARATE_SIDES = 0.9
"""Score factor for counting sides separately: fewer joints show each movement."""
FALLBACK = 0.6
"""Score factor of a height relative to an angle, which does not depend on limb length and is what a coach names."""
MID_MOVEMENT = 0.6
"""Score factor if the recording begins or ends in the middle of a movement."""
ARMS = ("elbow", "shoulder", "arm", "hand_height")
LEGS = ("knee", "hip")
LEGS_BEND_DEG = 45.0

Sides = Literal["both", "together"]


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """A repeating measure, in the measure's own unit.

    rest, far: medians of its turning points. weakest, following: prominence of the weakest repetition, and of the
    strongest other movement. even: weakest repetition as a part of the strongest. mid_movement: whether the recording
    begins or ends closer to the far end than to rest. tops: frame numbers of the far ends.
    """

    measure: str
    sides: Sides
    rest: float
    far: float
    weakest: float
    following: float
    even: float
    mid_movement: bool
    tops: tuple[int, ...]

    @property
    def row(self) -> str:
        """The measure without its side."""
        return split(self.measure)[1]

    @property
    def score(self) -> float:
        """Score: how large, even and distinct the repetitions are."""
        worth = (SEPARATE_SIDES if self.sides == "together" else 1.0) * (1.0 if is_angle(self.measure) else FALLBACK)
        size = min(self.weakest / least(self.measure), LARGE)
        return (
            worth
            * (MID_MOVEMENT if self.mid_movement else 1.0)
            * size
            * self.even
            * (1 - self.following / self.weakest)
        )


def least(measure: str) -> float:
    """Return the smallest movement of a measure that exceeds the engine's error."""
    return LEAST_DEG if is_angle(measure) else LEAST_TORSOS


def movements(recording: Recording, reps: int) -> list[Movement]:
    """Return every measure that repeats this often, best score first, but the arms last if the legs bend.

    The legs carry the body; what the arms do meanwhile differs between people.
    """
    found = [one for row in (*ANGLES, *HEIGHTS) for one in _of(recording, row, reps)]
    bend = legs_bend(found)
    return sorted(found, key=lambda one: (bend and one.row in ARMS, -one.score))


def legs_bend(found: Iterable[Movement]) -> bool:
    """Whether the legs move, and so carry the body."""
    return any(one.weakest >= LEGS_BEND_DEG for one in found if one.row in LEGS)


def repeats(recording: Recording) -> tuple[str, int] | None:
    """Return the angle that moves most, and how often it moves by at least half of that; None if none is seen."""
    ranked = {row: peaks(-curve) for row in ANGLES if (curve := recording.curve(row)) is not None}
    moving = {row: found for row, found in ranked.items() if found and found[0].prominence >= LEAST_DEG}
    if not moving:
        return None
    row = max(moving, key=lambda one: moving[one][0].prominence)
    return row, sum(peak.prominence >= CLEAR * moving[row][0].prominence for peak in moving[row])


def _of(recording: Recording, row: str, reps: int) -> Iterator[Movement]:
    """Yield a measure's repetitions: as a rise or a fall, with both sides as one or separate."""
    ways: tuple[tuple[Sides, tuple[str, ...]], ...] = (
        ("both", (row,)),
        ("together", (f"left_{row}", f"right_{row}")),
    )
    for (sides, names), sign in product(ways, (1, -1)):
        curves = [recording.curve(name) for name in names]
        parts = [sign * curve for curve in curves if curve is not None]
        kept = _repetitions(_merged(recording, parts), reps, least(row)) if len(parts) == len(names) else []
        if kept:
            yield from _movement(names[0], sides, parts, kept, sign)


def _merged(recording: Recording, parts: list[Array]) -> list[Peak]:
    """Return the peaks of both sides in order of prominence; of two simultaneous ones the more prominent."""
    kept: list[Peak] = []
    for peak in sorted((peak for part in parts for peak in peaks(part)), key=lambda peak: -peak.prominence):
        t_s = recording.t_s[peak.at]
        if len(parts) == 1 or all(abs(recording.t_s[other.at] - t_s) >= WHOLE_SET_S for other in kept):
            kept.append(peak)
    return kept


def _repetitions(ranked: list[Peak], reps: int, smallest: float) -> list[Peak]:
    """Return the repetitions and the strongest other peak; nothing if they cannot be distinguished."""
    if len(ranked) < reps or ranked[reps - 1].prominence < smallest:
        return []
    kept, weakest = ranked[:reps], ranked[reps - 1].prominence
    others = [peak for peak in ranked[reps:] if not _cut_off(peak, weakest)]
    following = others[0] if others else Peak(0, 0.0, 0.0)
    return [*kept, following] if following.prominence <= CLEAR * weakest else []


def _cut_off(peak: Peak, weakest: float) -> bool:
    """Whether a peak is part of a repetition that began before the recording or was not over at its end."""
    return peak.edge and CLEAR * weakest < peak.prominence <= CUT * weakest


def _movement(measure: str, sides: Sides, parts: list[Array], ranked: list[Peak], sign: int) -> Iterator[Movement]:
    """Yield the movement, unless the recording begins and ends at its supposed far end."""
    kept, following = ranked[:-1], ranked[-1]
    own = [(part, sorted(peak.at for peak in kept if part[peak.at] == peak.height)) for part in parts]
    rest = float(np.median([low for part, tops in own if tops for low in valleys(part, tops)]))
    far = float(np.median([peak.height for peak in kept]))
    mid_movement = [float(np.mean([part[end] for part in parts])) > (rest + far) / 2 for end in (0, -1)]
    if all(mid_movement):
        return
    yield Movement(
        measure=measure,
        sides=sides,
        rest=sign * rest,
        far=sign * far,
        weakest=kept[-1].prominence,
        following=following.prominence,
        even=kept[-1].prominence / kept[0].prominence,
        mid_movement=any(mid_movement),
        tops=tuple(sorted(peak.at for peak in kept)),
    )
