"""The curves of workouts' charts: computed for one workout at a time, and cached."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from webapp.motion.exercise import Exercise
from webapp.motion.shown import DEGREES, shown
from webapp.pages.signal import curve, sampled, stretches
from webapp.pages.site import Site
from webapp.pages.stored_series import every_part, readable
from webapp.parts import in_order
from webapp.records import Set, Summary
from webapp.store import StoredWorkout
from webapp.store.history import sets_of

MOST_KEPT = 8
"""Ended workouts whose curves are cached; those of a long one take some hundred kilobytes."""
SAMPLES_AT_A_TIME = 50
"""Samples measured before other green threads run: this takes some milliseconds."""


class Charts:
    """Computes the curves of one workout at a time, so that many requests at once cost no more than one."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._made: OrderedDict[str, tuple[Summary, bytes]] = OrderedDict()

    def of(self, kept: StoredWorkout, make: Callable[[], bytes]) -> bytes:
        """Return what `make` returns, or its earlier result for an ended workout that has not changed."""
        with self._making:
            if kept.summary is None:
                return make()
            made = self._made.pop(kept.id, None)
            if made is None or made[0] != kept.summary:
                made = kept.summary, make()
            self._made[kept.id] = made
            if len(self._made) > MOST_KEPT:
                self._made.popitem(last=False)
            return made[1]


def curves(site: Site, kept: StoredWorkout) -> list[dict[str, Any]]:
    """Return the curve of each exercise that has a measure to draw."""
    with readable(kept):
        times_s = [t_s for t_s, _ in in_order(every_part(site.store, kept.id))]
        if not times_s:
            return []
        t_s = np.concatenate(times_s)
        summary = site.summary(kept)
        drawn = (_curve(site, kept, name, summary, own, t_s) for name, own in stretches(sets_of(summary)))
        return [one for one in drawn if one is not None]


def _curve(
    site: Site, kept: StoredWorkout, name: str, summary: Summary, sets: tuple[Set, ...], t_s: npt.NDArray[np.float64]
) -> dict[str, Any] | None:
    """Return the curve of one exercise; None if it has no measure to draw."""
    exercise: Exercise | None = site.library.get(name)
    numbers = {one.number for one in sets}
    holds = [hold for hold in summary.holds if hold.set in numbers]
    done = [rep for rep in summary.reps if rep.set in numbers] + holds
    what = shown(exercise, [hold.side for hold in holds]) if exercise else None
    if what is None:
        return None
    times_s: list[float] = []
    values: list[list[float | None]] = [[] for _ in what.lines]
    for at_s, row in curve(every_part(site.store, kept.id), t_s[sampled(t_s, sets, done, exercise)], what):
        times_s.append(round(at_s - summary.start_s, 3))
        for column, value in zip(values, row, strict=True):
            column.append(None if value is None else round(value, 1 if what.unit == DEGREES else 3))
        if len(times_s) % SAMPLES_AT_A_TIME == 0:
            time.sleep(0)
    lines = [{"side": line.side, "values": column} for line, column in zip(what.lines, values, strict=True)]
    axis = {"title": what.title, "unit": what.unit, "target": what.target, "low": what.low, "high": what.high}
    return {"exercise": name, **axis, "t_s": times_s, "lines": lines}
