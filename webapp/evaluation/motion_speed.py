"""The time that counting, timing and coaching take for an estimate: `Workout.observe`."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from webapp.motion.exercise import Exercise
from webapp.records import Estimate
from webapp.workout import Workout


@dataclass(frozen=True, slots=True)
class ObserveTime:
    """Milliseconds an estimate: the median, and the 99th percentile."""

    ms: float
    p99_ms: float


def measure(library: Mapping[str, Exercise], estimates: Sequence[Estimate], rounds: int = 3) -> dict[str, ObserveTime]:
    """Return the time of each exercise; in each round, each has one workout of all the estimates."""
    seconds: dict[str, list[float]] = {name: [] for name in library}
    for _ in range(rounds):
        for name, exercise in library.items():
            seconds[name] += _workout(exercise, estimates)
    return {name: _time(taken) for name, taken in seconds.items()}


def _workout(exercise: Exercise, estimates: Sequence[Estimate]) -> list[float]:
    workout, taken = Workout(exercise), []
    workout.go()
    for estimate in estimates:
        start = time.perf_counter()
        workout.observe(estimate)
        taken.append(time.perf_counter() - start)
    return taken


def _time(seconds: Sequence[float]) -> ObserveTime:
    ms, p99_ms = np.percentile(seconds, (50, 99)) * 1000
    return ObserveTime(round(float(ms), 4), round(float(p99_ms), 4))
