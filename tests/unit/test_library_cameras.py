"""Movements are counted by cameras that stand low or high, or to the side of where the page says."""

import pytest
from mannequin import Camera, film, posture

from tests.unit.test_library_movements import HANGS, MOVEMENTS, counts


@pytest.mark.parametrize(
    ("movement", "camera"),
    [
        ("push-up", Camera(0, down_deg=0, at_m=0.1)),
        ("push-up", Camera(0, down_deg=0, at_m=0.25, depth=0.6)),
        ("seated knee raise", Camera(0, down_deg=25)),
        ("seated knee raise", Camera(30, down_deg=15)),
        ("high knees", Camera(0, down_deg=18, depth=0.7)),
        ("side lunge", Camera(30, down_deg=20)),
    ],
)
def test_a_movement_is_counted_by_a_low_and_by_a_high_camera(movement, camera):
    name, rest, far, _, way = MOVEMENTS[movement]
    assert counts(film(rest, far, 3, camera, **way), [name]) == {name: 3}


def test_a_dip_is_no_seated_knee_raise_by_a_high_camera():
    _, rest, far, _, way = MOVEMENTS["dip"]
    assert counts(film(rest, far, 3, Camera(45, down_deg=15), **way), ["seated_knee_raise"]) == {}


def test_a_leg_kicked_up_with_its_knee_hardly_bent_is_no_high_knee():
    kick = posture(HANGS, left_thigh=(85, 3), left_shank=(42, 3))
    assert counts(film(posture(HANGS), kick, 3, Camera(90), tempo_s=0.8), ["high_knees"]) == {}
