"""The result of a video analysis is the workout that it would have been live."""

from pathlib import Path

import pytest

from webapp.errors import UnknownExercise
from webapp.exercises import load_library
from webapp.parts import parts_of
from webapp.recordings import play
from webapp.series import Series
from webapp.store import open_store
from webapp.uploads.folder import Upload
from webapp.uploads.messages import Chosen, Part, Progress
from webapp.uploads.result import Result

SQUATS = Series.load(Path(__file__).parents[1] / "data" / "series" / "squat_front_1.npz")
LIBRARY = load_library()
UPLOAD = Upload("a1", "me", "squat", "replay", body_kg=70.0)


def test_it_is_kept_with_its_summary_events_series_and_weight():
    seen, store = Result(LIBRARY), open_store("memory:")
    estimates, parts = list(SQUATS.estimates()), list(parts_of(SQUATS.estimates()))
    for one in (Chosen("squat"), *estimates, *(Part(part) for part in parts)):
        seen.take(one)
    seen.end()
    seen.keep(store, UPLOAD, "hash")
    kept = store.workout("a1")
    assert kept.summary == play(LIBRARY["squat"], estimates)
    assert (kept.person, kept.body_kg, kept.started_at_s) == ("me", 70.0, estimates[0].t_s)
    assert [one for one in store.events("a1") if one in kept.summary.reps] == list(kept.summary.reps)
    assert store.series("a1") == parts


def test_the_progress_is_known_before_and_after_the_exercise_is():
    seen = Result(LIBRARY)
    seen.take(Progress(3.0, 60.0))
    far = seen.progress(UPLOAD)
    assert (far.seen_s, far.length_s, far.count) == (3.0, 60.0, 0)
    for one in (Chosen("squat"), *SQUATS.estimates()):
        seen.take(one)
    seen.end()
    assert seen.progress(UPLOAD).count == play(LIBRARY["squat"], SQUATS.estimates()).count > 0


def test_nothing_seen_keeps_nothing():
    store = open_store("memory:")
    Result(LIBRARY).keep(store, UPLOAD, "hash")
    assert store.recent("me") == []


def test_a_missing_exercise_is_reported():
    with pytest.raises(UnknownExercise):
        Result(LIBRARY).take(Chosen("swim"))
