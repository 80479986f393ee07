"""Our BlazePose pipeline compared with MediaPipe's, and with landmarks written down by another implementation."""

import itertools
import json

import numpy as np
import pytest

from webapp.errors import BackendUnavailable
from webapp.pose.backends import open_backend
from webapp.pose.video import read_video

FRAMES = 45
CLIPS = ("squat_front_home_kratika.mp4", "pushup_side_gym_tayyab.mp4", "yoga_downdog_ankith.mp4")


def opened(name, precision="auto"):
    try:
        return open_backend(name, precision=precision)
    except BackendUnavailable as exc:
        pytest.skip(str(exc))


@pytest.fixture(scope="module", params=["f32", "mixed"])
def ours(request):
    backend = opened("blazepose-full", request.param)
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def reference():
    backend = opened("mediapipe-full")
    yield backend
    backend.close()


def poses(backend, film):
    stream = backend.open()
    found = [stream.estimate(rgb, t_s) for t_s, rgb in film]
    stream.close()
    return found


def distance(pose, other, rgb):
    """Mean distance of the joints that `other` sees, in parts of the body's square."""
    size_px = np.array([rgb.shape[1], rgb.shape[0]])
    seen = other.image[:, 3] > 0.5
    apart_px = np.linalg.norm((pose.image - other.image)[seen, :2] * size_px, axis=1).mean()
    return apart_px / np.ptp(other.image[:, :2] * size_px, axis=0).max()


@pytest.mark.parametrize("clip", CLIPS)
def test_joints_are_within_a_hundredth_of_the_body_of_mediapipes(shared, ours, reference, clip):
    film = list(itertools.islice(read_video(shared / "data" / "clips" / clip, max_fps=15), FRAMES))
    pairs = list(zip(poses(ours, film), poses(reference, film), film, strict=True))
    assert all((pose is None) == (other is None) for pose, other, _ in pairs)
    near = [distance(pose, other, rgb) <= 0.01 for pose, other, (_, rgb) in pairs if pose is not None]
    assert len(near) == FRAMES
    assert np.mean(near) >= 0.9


def test_world_points_are_within_two_centimetres_of_mediapipes(shared, ours, reference):
    film = list(itertools.islice(read_video(shared / "data" / "clips" / CLIPS[0], max_fps=15), FRAMES))
    apart_m = [
        np.linalg.norm(pose.world - other.world, axis=1).mean()
        for pose, other in zip(poses(ours, film), poses(reference, film), strict=True)
    ]
    assert np.mean(apart_m) < 0.02


def test_another_implementations_landmarks_are_met_within_its_own_tolerance(shared, ours):
    golden = json.loads((shared / "data" / "keypoints" / "blazepose_golden" / "pose_squats.full.json").read_text())
    film = list(read_video(shared / "data" / "clips" / "squat_front_tfjs_5fps.mp4"))
    apart_px = []
    for pose, expected, (_, rgb) in zip(poses(ours, film), golden, film, strict=False):
        size_px = (rgb.shape[1], rgb.shape[0])
        apart_px.append(np.abs(pose.image[:, :2] * size_px - np.array(expected)[:, :2]).max())
    assert len(apart_px) == len(golden)
    assert np.mean(np.array(apart_px) <= 28) >= 0.9
