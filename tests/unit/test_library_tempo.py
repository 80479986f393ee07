"""Movements whose two sides do not move at the same moment."""

from dataclasses import replace

import pytest
from mannequin import film

from tests.unit.test_library_movements import MOVEMENTS, counts
from webapp.records import Estimate, Pose
from webapp.skeleton import JOINT

RIGHT_ARM = [JOINT[f"right_{joint}"] for joint in ("elbow", "wrist", "pinky", "index", "thumb")]


def with_right_arm_late(estimates: list[Estimate], late_s: float) -> list[Estimate]:
    frames = round(late_s / estimates[1].t_s)
    late = []
    for index, estimate in enumerate(estimates):
        image, world = estimate.pose.image.copy(), estimate.pose.world.copy()
        before = estimates[max(0, index - frames)].pose
        image[RIGHT_ARM], world[RIGHT_ARM] = before.image[RIGHT_ARM], before.world[RIGHT_ARM]
        late.append(replace(estimate, pose=Pose(image, world, estimate.pose.aspect)))
    return late


@pytest.mark.parametrize(("tempo_s", "late_s"), [(1.5, 0.3), (2.4, 0.5), (4.5, 0.8), (8.0, 1.5)])
def test_an_arm_that_lags_behind_in_a_curl_halves_no_repetition(tempo_s, late_s):
    name, rest, far, _, way = MOVEMENTS["curl"]
    curls = with_right_arm_late(film(rest, far, 3, tempo_s=tempo_s, **way), late_s)
    assert counts(curls, [name]) == {name: 3}
