"""Which exercise a whole recording shows, if any."""

import pytest
from mannequin import Camera, held, posture
from recorded import LIBRARY, estimates

from webapp.recordings import likeliest, play, recognised
from webapp.records import Estimate, Summary

STAR = posture(upper_arm=(0, 90), forearm=(0, 90), thigh=(0, 25), shank=(0, 25))


def shown(seen: list[Estimate]) -> Summary:
    return likeliest(play(exercise, seen) for exercise in LIBRARY.values())


def standing(seconds: float) -> list[Estimate]:
    return held(posture(), seconds, Camera(noise=0.4), start=STAR, way_s=0.6)


def test_walking_is_not_an_exercise() -> None:
    assert not recognised(shown(list(estimates("nothing_1"))))


@pytest.mark.parametrize(("seconds", "told"), [(0.6, False), (4.0, True)])
def test_standing_still_for_a_moment_is_no_pose(seconds: float, told: bool) -> None:
    summary = shown(standing(seconds))
    assert (summary.exercise, summary.count) == ("mountain", 0)
    assert summary.held_s == pytest.approx(seconds, abs=0.9)
    assert recognised(summary) == told
