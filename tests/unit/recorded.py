"""Workouts of recorded people in a store, as the gateway stores them."""

from collections.abc import Sequence
from pathlib import Path

from webapp.exercises import load_library
from webapp.parts import parts_of
from webapp.records import Estimate, Summary
from webapp.series import Series
from webapp.store import Store
from webapp.workout import Workout

RECORDINGS = Path(__file__).parent.parent / "data" / "series"
LIBRARY = load_library()
STARTED_S = 1_790_000_000.0


def estimates(recording: str, start_s: float = STARTED_S) -> Sequence[Estimate]:
    series = Series.load(RECORDINGS / f"{recording}.npz")
    return [Estimate(one.seq, start_s + one.t_s, one.pose) for one in series.estimates()]


def keep(store: Store, name: str, exercise: str, recording: str, person: str, *, series: bool = True) -> Summary:
    """Play a recording, store its workout with the landmarks, and return its summary."""
    workout = Workout(LIBRARY[exercise])
    seen = estimates(recording)
    workout.go()
    for estimate in seen:
        workout.observe(estimate)
    store.begin(name, exercise, STARTED_S, f"hash of {name}", person)
    summary = workout.finish()
    for event in (*summary.reps, *summary.holds):
        store.append(name, event)
    for number, part in enumerate(parts_of(seen) if series else ()):
        store.append_series(name, number, part)
    store.finish(name, summary)
    return summary
