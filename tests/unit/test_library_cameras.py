"""Movements are counted by cameras that stand low or high, or to the side of where the page says."""

import pytest
from mannequin import Camera, film

from tests.unit.test_library_movements import MOVEMENTS, counts


@pytest.mark.parametrize(
    ("movement", "camera"),
    [
        ("push-up", Camera(0, down_deg=0, at_m=0.1)),
        ("push-up", Camera(0, down_deg=0, at_m=0.25, depth=0.6)),
    ],
)
def test_a_movement_is_counted_by_a_low_and_by_a_high_camera(movement, camera):
    name, rest, far, _, way = MOVEMENTS[movement]
    assert counts(film(rest, far, 3, camera, **way), [name]) == {name: 3}
