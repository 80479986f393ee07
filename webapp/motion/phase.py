"""The phases of a repetition: rest, going, far end, coming back. Pure, and blind to what it is the movement of.

The signal is the part of the way from rest (0) to target (1). Turning points are found with hysteresis, so that a
tremble is no turn, and they are relative to where this repetition began and how far it went: a person whose arms never
quite straighten is counted by their own range.
"""

import math
from dataclasses import dataclass
from typing import Literal

Phase = Literal["rest", "going", "far", "coming"]

LEAVES = 0.2
"""Parts above the lowest point since the last repetition from which on a movement has begun."""
RESTLESS = 0.05
"""Parts above the lowest point that are still rest."""
SETTLES_S = 4.0
"""Time in which the lowest point follows a person who has settled into another stance, by 63%."""
TURNS = 0.15
"""Part of the movement's own range that is a turn: below the far end, or above the valley after it."""
RETURNS = 0.2
"""Part of its own range above its start at which a movement has returned."""
HALF_BACK = 0.5
"""Part of its own range that must be given back before a new rise begins the next movement."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One movement there and back. Times are capture seconds, levels parts of the way to the target."""

    start_s: float
    far_from_s: float
    far_until_s: float
    end_s: float
    start: float
    peak: float
    end: float

    @property
    def there_s(self) -> float:
        """How long the way to the far end took."""
        return self.far_from_s - self.start_s

    @property
    def back_s(self) -> float:
        """How long the way back took."""
        return self.end_s - self.far_until_s


class PhaseMachine:
    """Follows one signal through its phases and returns each cycle as it closes."""

    def __init__(self) -> None:
        self.phase: Phase = "rest"
        self.peak = 0.0
        self.low = math.inf
        self._valley = 0.0
        self._path: list[tuple[float, float]] = []

    @property
    def at_rest(self) -> bool:
        """Whether the last sample lay at the lowest point."""
        return self.phase == "rest" and len(self._path) == 1

    def lasted_s(self, t_s: float) -> float:
        """Return for how long the movement under way has lasted; 0 at rest."""
        return t_s - self._path[0][0] if self.phase != "rest" else 0.0

    def reset(self) -> None:
        """Forget the movement under way."""
        self.phase, self.low, self._path = "rest", math.inf, []

    def observe(self, part: float, t_s: float) -> Cycle | None:
        """Take one sample; return the cycle that it closes, if it closes one."""
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
        self.phase = "coming"
        return self._coming(part, reach)

    def _rest(self, part: float, t_s: float) -> None:
        if self._path and self.low < part:
            self.low += (part - self.low) * (1 - math.exp((self._path[-1][0] - t_s) / SETTLES_S))
        self.low = min(self.low, part)
        if part <= self.low + RESTLESS:
            self._path = []
        self._path.append((t_s, part))
        if part > self.low + LEAVES:
            self.phase, self.peak, self._valley = "going", part, part

    def _coming(self, part: float, reach: float) -> Cycle | None:
        self._valley = min(self._valley, part)
        returned = part <= self.low + RETURNS * reach
        turned = self.peak - self._valley >= HALF_BACK * reach and part > self._valley + TURNS * reach
        return self._close(reach) if returned or turned else None

    def _close(self, reach: float) -> Cycle:
        path = self._path
        peak_at = max(range(len(path)), key=lambda index: path[index][1])
        valley_at = min(range(peak_at, len(path)), key=lambda index: path[index][1])
        far = [t_s for t_s, part in path[: valley_at + 1] if part >= self.peak - TURNS * reach]
        before = [t_s for t_s, part in path[:peak_at] if part <= self.low + RETURNS / 2 * reach]
        cycle = Cycle(
            start_s=before[-1] if before else path[0][0],
            far_from_s=far[0],
            far_until_s=far[-1],
            end_s=path[valley_at][0],
            start=self.low,
            peak=self.peak,
            end=path[valley_at][1],
        )
        self._path = path[valley_at:]
        self.phase, self.low = "rest", cycle.end
        return cycle
