"""Stillness: since when a body has not moved, and which posture it keeps in a hold."""

import math
from collections import deque
from collections.abc import Sequence
from itertools import groupby
from statistics import median

from webapp.motion.exercise import Exercise
from webapp.motion.measures import Body, is_angle, is_difference, mirrored

Row = tuple[float, dict[str, float]]
"""Time, and the measures seen then."""

SETTLES_S = 0.4
"""How long the pose must be kept still before a hold starts; this time counts."""
STILL_DEG = 6.0
STILL_PART = 0.15
"""How much an angle, or a length in torso lengths, may change in that time; on the way into a pose it changes more."""
MEDIAN_S = 0.25
"""Without depth, stillness is judged by medians over this time: such engines find each joint independently in every
picture, each time in a slightly different place."""
FLICKER_S = 0.2
"""A pose lost or regained, or a joint that leaps, for less than this is an error of the engine."""
SWAYS = 1.25
"""How many times as much the posture of a whole hold may change: people sway and sink a little."""
FOUND_S = 0.5
"""Without depth, a way into a posture of less than this may be none: after a cut such engines need it to find every
joint, and those that they have lost still move with the body."""
KEPT_S = 4.0
"""Time over which the median is the posture kept: a way into it or out of it takes less than half of this."""


class Stillness:
    """Finds since when the measures of the pose's conditions have been still.

    A difference of two sides is left out: it has the errors of both.
    """

    def __init__(self, exercise: Exercise) -> None:
        names = {one.measure for one in exercise.conditions if not is_difference(one.measure)}
        self._limits = {name: STILL_DEG if is_angle(name) else STILL_PART for name in (*names, *map(mirrored, names))}
        self._raw: list[Row] = []
        self._samples: list[Row] = []
        self._rows: deque[Row] = deque()

    @property
    def has_seen(self) -> bool:
        """Whether a pose has come since the last `forget`."""
        return bool(self._rows)

    def forget(self) -> None:
        """Start over."""
        self._raw, self._samples, self._rows = [], [], deque()

    def since(self, body: Body, t_s: float) -> float:
        """Take one pose; return since what time the body has been still, at most about SETTLES_S ago."""
        now = {name: value for name in self._limits if (value := body.measure(name)) is not None}
        if body.is_flat:
            t_s, now = self._smoothed(now, t_s)
        self._rows.append((t_s, now))
        while t_s - self._rows[0][0] >= KEPT_S:
            self._rows.popleft()
        kept = len(self._samples)
        while kept and self._near(now, self._samples[kept - 1][1]):
            kept -= 1
        if 0 < kept == len(self._samples) and t_s - self._samples[-1][0] <= FLICKER_S:
            return self._samples[0][0]
        self._samples = [*self._samples[kept:], (t_s, now)]
        while len(self._samples) > 1 and t_s - self._samples[1][0] >= SETTLES_S:
            del self._samples[0]
        return self._samples[0][0]

    def came_s(self, from_s: float, still_since_s: float) -> float:
        """Return when, since `from_s`, the body came to the posture that it has kept since `still_since_s`."""
        rows = self._between(from_s, math.inf)
        stays = self._stays(rows, _posture([row for row in rows if row[0] >= still_since_s]))
        return stays[0][0] if stays else max(from_s, still_since_s)

    def settled_s(self, since_s: float) -> float:
        """Return when a body that has been still since `since_s` came within reach of the posture that it has kept.

        What was forgotten meanwhile, because the body was lost for a moment, cannot be judged.
        """
        if self._rows[0][0] > since_s:
            return since_s
        rows = self._between(since_s, math.inf)
        posture = _posture(rows)
        settled_s = next((t_s for t_s, measures in rows if self._near(measures, posture, SWAYS)), since_s)
        is_flat = bool(self._raw)
        return since_s if is_flat and settled_s - since_s < FOUND_S else settled_s

    def left_s(self, from_s: float, until_s: float) -> float:
        """Return when, until `until_s`, the body left the posture that it has kept since `from_s`."""
        rows = self._between(from_s, until_s)
        stays = self._stays(rows, _posture(rows))
        return stays[-1][-1] if stays else until_s

    def _between(self, from_s: float, until_s: float) -> list[Row]:
        return [row for row in self._rows if from_s <= row[0] <= until_s]

    def _stays(self, rows: Sequence[Row], posture: dict[str, float]) -> list[list[float]]:
        """Return the times of all poses in a posture, a list for each stay; passing through it is none."""
        runs = groupby(rows, key=lambda row: self._near(row[1], posture, SWAYS))
        stays = [[t_s for t_s, _ in run] for near, run in runs if near]
        return [stay for stay in stays if stay[-1] - stay[0] > FLICKER_S - 0.01]  # times of 0.1 s each are not exact

    def _near(self, now: dict[str, float], before: dict[str, float], times: float = 1.0) -> bool:
        for name, value in now.items():
            if name in before and abs(value - before[name]) > times * self._limits[name]:
                return False
        return True

    def _smoothed(self, now: dict[str, float], t_s: float) -> Row:
        """Return the medians of the last MEDIAN_S, and their time: they show a movement after it happens.

        A quarter of the window later, not half: a body coming to rest is within the limits before the middle of the
        window.
        """
        self._raw = [*(row for row in self._raw if t_s - row[0] < MEDIAN_S), (t_s, now)]
        medians = {name: median([row[name] for _, row in self._raw if name in row]) for name in now}
        return t_s - (t_s - self._raw[0][0]) / 4, medians


def _posture(rows: Sequence[Row]) -> dict[str, float]:
    names = {name for _, measures in rows for name in measures}
    return {name: median([measures[name] for _, measures in rows if name in measures]) for name in names}
