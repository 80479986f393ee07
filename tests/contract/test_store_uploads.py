"""Keeping an uploaded workout is repeated until every write succeeded, in every store, and keeps nothing twice."""

from pathlib import Path

import pytest

from webapp.errors import StoreError
from webapp.exercises import load_library
from webapp.parts import parts_of
from webapp.series import Series
from webapp.uploads.folder import Upload
from webapp.uploads.messages import Chosen, Part
from webapp.uploads.result import Result

SQUATS = Series.load(Path(__file__).parents[1] / "data" / "series" / "squat_front_1.npz")


class FailsOnce:
    """A store whose nth write fails, either before it is done or after."""

    def __init__(self, store, nth, done):
        self.store, self.left, self.done = store, nth, done

    def __getattr__(self, name):
        return lambda *arguments: self.write(getattr(self.store, name), *arguments)

    def write(self, method, *arguments):
        self.left -= 1
        if self.left != 0 or self.done:
            method(*arguments)
        if self.left == 0:
            raise StoreError("It is down.")


def squats():
    result = Result(load_library())
    for one in (Chosen("squat"), *SQUATS.estimates(), *map(Part, parts_of(SQUATS.estimates()))):
        result.take(one)
    return result


def stored(store, name):
    return store.workout(name).summary, store.events(name), store.series(name)


@pytest.mark.parametrize("done", [False, True], ids=["not written", "written"])
def test_an_uploaded_workout_is_whole_when_its_keeping_is_repeated_after_any_write(store, done):
    result, upload = squats(), Upload("whole", "me", "squat", "replay")
    result.keep(store, upload, "whole")
    summary, events, series = stored(store, "whole")
    for nth in range(1, 2 + len(events) + len(series) + 1):
        again = Upload(f"again{nth}", "me", "squat", "replay")
        with pytest.raises(StoreError):
            result.keep(FailsOnce(store, nth, done), again, again.id)
        result.keep(store, again, again.id)
        assert stored(store, again.id) == (summary, events, series)
    done_once = store.totals("me")
    assert done_once.workouts * summary.count == done_once.count
