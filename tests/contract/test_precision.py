"""The accuracy cost of faster arithmetic, on the picture of one person."""

import numpy as np
import pytest

from webapp.errors import BackendUnavailable
from webapp.pose import picture
from webapp.pose.backends import open_backend


@pytest.fixture
def pose_in(shared):
    rgb = picture.decode((shared / "data" / "images" / "tfjs_pose.jpg").read_bytes())

    def see(precision):
        try:
            backend = open_backend("blazepose-full", precision=precision)
        except BackendUnavailable as exc:
            pytest.skip(str(exc))
        pose = backend.open().estimate(rgb, 0.0)
        backend.close()
        return pose

    return see


def test_mixed_arithmetic_is_not_f32_but_keeps_world_points_within_four_centimetres(pose_in):
    exact, mixed = pose_in("f32"), pose_in("mixed")
    apart_m = np.linalg.norm(exact.world - mixed.world, axis=1).mean()
    assert 0 < apart_m < 0.04


def test_mixed_arithmetic_keeps_world_points_better_than_bf16(pose_in):
    exact = pose_in("f32").world
    cost_m = {name: np.linalg.norm(exact - pose_in(name).world, axis=1).mean() for name in ("mixed", "bf16")}
    assert cost_m["mixed"] < cost_m["bf16"] / 2


def test_blazepose_full_is_mixed_unless_asked_otherwise(pose_in):
    assert (pose_in("auto").image == pose_in("mixed").image).all()
