"""The phases of a repetition: rest, going, far end, coming back. Pure, and independent of the exercise.

The signal is the part of the way from rest (0) to target (1). Turning points are found with hysteresis, so that
trembling is not a turn, and are relative to this repetition's start and range: a person whose arms never quite
straighten is counted by their own range.
"""

import math
from dataclasses import dataclass
from typing import Literal

Phase = Literal["rest", "going", "far", "coming"]

LEAVES = 0.2
"""Part above the lowest point since the last repetition beyond which a movement has begun."""
RESTLESS = 0.05
"""Part above the lowest point up to which the signal is at rest."""
SETTLES_S = 4.0
"""Time constant (63%) with which the lowest point follows a person who has settled into another stance."""
TURNS = 0.15
"""Part of the movement's range that makes a turn: below the peak, or above the valley after it."""
RETURNS = 0.2
"""Part of its range above its start at which a movement has returned; 0.2, so that it does with every engine."""
HALF_BACK = 0.5
"""Part of its range that a movement must go back before a new rise begins the next one, a rest or the end of the
recording ends it: people stop before they are quite back."""
RESTS_S = 1.5
"""How long the signal must stay within RESTLESS to be a rest; the way back, even of 10 s, is faster."""
LOPSIDED = 10.0
LEAPS_S = 0.25
LEAPS_LOPSIDED = 4.5
"""Largest ratio of the durations of a movement's two ways; LEAPS_LOPSIDED if the shorter is at most LEAPS_S. Beyond it
the skeleton leaps. (In real sets the longer way mostly took 1 to 2.4 times as long, and 4.3 at most.)
"""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One movement there and back. Times are capture seconds; start, peak and end parts of the way to the target."""

    start_s: float
    far_from_s: float
    far_until_s: float
    end_s: float
    start: float
    peak: float
    end: float

    @property
    def there_s(self) -> float:
        """Duration of the way to the far end."""
        return self.far_from_s - self.start_s

    @property
    def back_s(self) -> float:
        """Duration of the way back."""
        return self.end_s - self.far_until_s

    @property
    def leaps(self) -> bool:
        """Whether one way was so much quicker than the other that the skeleton must have leapt."""
        quick_s, slow_s = sorted((self.there_s, self.back_s))
        return slow_s > (LEAPS_LOPSIDED if quick_s <= LEAPS_S else LOPSIDED) * quick_s


class PhaseMachine:
    """Follows one signal through its phases and returns each cycle when it is complete."""

    def __init__(self) -> None:
        self.phase: Phase = "rest"
        self.peak = 0.0
        self.low = math.inf
        self._valley = 0.0
        self._level, self._level_since_s = 0.0, 0.0
        self._path: list[tuple[float, float]] = []

    @property
    def at_rest(self) -> bool:
        """Whether the last sample was at the lowest point, or within RESTLESS of it."""
        return self.phase == "rest" and len(self._path) == 1

    @property
    def began_s(self) -> float:
        """When the movement in progress began."""
        return self._path[0][0]

    def lasted_s(self, t_s: float) -> float:
        """Return how long the movement in progress has lasted; 0 at rest."""
        return t_s - self.began_s if self.phase != "rest" else 0.0

    def reset(self) -> None:
        """Discard the movement in progress."""
        self.phase, self.low, self._path = "rest", math.inf, []

    def observe(self, part: float, t_s: float) -> Cycle | None:
        """Take one sample; return the cycle that it completes, if any."""
        if self.phase == "rest":
            self._rest(part, t_s)
            return None
        self._path.append((t_s, part))
        self.peak = max(self.peak, part)
        reach = self.peak - self.low
        if part >= self.peak - TURNS * reach:
            self.phase = "far" if part < self.peak or self.phase == "far" else "going"
            self._valley = part
            return None
        if self.phase == "going" and part > self._valley:
            return None
        if self.phase != "coming" or part < self._level - RESTLESS:
            self._level, self._level_since_s = part, t_s
        self.phase = "coming"
        return self._coming(part, reach, t_s)

    def finish(self) -> Cycle | None:
        """Return the movement in progress if it has come half back: nothing follows that could show it is complete."""
        reach = self.peak - self.low
        return self._close(self._cycle(reach)) if self.phase == "coming" and self._half_back(reach) else None

    def _rest(self, part: float, t_s: float) -> None:
        if self._path and self.low < part:
            self.low += (part - self.low) * (1 - math.exp((self._path[-1][0] - t_s) / SETTLES_S))
        self.low = min(self.low, part)
        if part <= self.low + RESTLESS:
            self._path = []
        self._path.append((t_s, part))
        if part > self.low + LEAVES:
            self.phase, self.peak, self._valley = "going", part, part

    def _coming(self, part: float, reach: float, t_s: float) -> Cycle | None:
        self._valley = min(self._valley, part)
        returned = part <= self.low + RETURNS * reach
        turned = part > self._valley + TURNS * reach
        rests = t_s - self._level_since_s >= RESTS_S
        if not returned and not ((turned or rests) and self._half_back(reach)):
            return None
        cycle = self._cycle(reach, self._level_since_s if rests else math.inf)
        if turned and cycle.leaps:  # the engine lost the body for a moment
            return None
        return self._close(cycle)

    def _half_back(self, reach: float) -> bool:
        return self.peak - self._valley >= HALF_BACK * reach

    def _cycle(self, reach: float, rests_from_s: float = math.inf) -> Cycle:
        """Return the movement as a cycle that ends at its lowest point, or where a rest begins."""
        path = self._path
        peak_at = max(range(len(path)), key=lambda index: path[index][1])
        rest = [index for index in range(peak_at, len(path)) if path[index][0] >= rests_from_s]
        valley_at = rest[0] if rest else min(range(peak_at, len(path)), key=lambda index: path[index][1])
        far = [t_s for t_s, part in path[: valley_at + 1] if part >= self.peak - TURNS * reach]
        before = [t_s for t_s, part in path[:peak_at] if part <= self.low + RETURNS / 2 * reach]
        return Cycle(
            start_s=before[-1] if before else path[0][0],
            far_from_s=far[0],
            far_until_s=far[-1],
            end_s=path[valley_at][0],
            start=self.low,
            peak=self.peak,
            end=path[valley_at][1],
        )

    def _close(self, cycle: Cycle) -> Cycle:
        self._path = [sample for sample in self._path if sample[0] >= cycle.end_s]
        self.phase, self.low = "rest", cycle.end
        return cycle
