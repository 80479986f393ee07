"""Accuracy cost of faster arithmetic: how far joints move from f32's in the same pictures."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from webapp.errors import SettingsError
from webapp.evaluation import mannequin
from webapp.pose import PoseBackend, RgbImage, picture
from webapp.pose.video import read_video
from webapp.records import Pose
from webapp.skeleton import JOINT

MOST_PICTURES = 100
_REGION = 2.5  # side of BlazePose's square, relative to the distance from mid-hip to the farthest joint
_SEEN = 0.5
_HIPS = [JOINT["left_hip"], JOINT["right_hip"]]


@dataclass(frozen=True, slots=True)
class Cost:
    """Means over the joints that f32 sees: percent of the square around the body, and millimetres of world points.

    world_mm: None for an engine without world points.
    """

    region_percent: float
    world_mm: float | None


def pictures_of(source: Path | None) -> list[RgbImage]:
    """Return the pictures of a folder or a clip; by default a few of a drawn person."""
    if source is None:
        return mannequin.squatting(10)
    if source.is_dir():
        files = sorted(path for path in source.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))
        if not files:
            raise SettingsError(f"{source} contains no JPEGs; name a folder of them, or a clip.")
        return [picture.decode(path.read_bytes()) for path in files[:MOST_PICTURES]]
    return [rgb for _, rgb in itertools.islice(read_video(source), MOST_PICTURES)]


def seen(backend: PoseBackend, pictures: Iterable[RgbImage]) -> list[Pose | None]:
    """Return the pose in each picture, with a fresh stream for each."""
    poses = []
    for rgb in pictures:
        stream = backend.open()
        poses.append(stream.estimate(rgb, 0.0))
        stream.close()
    return poses


def cost(exact: Sequence[Pose | None], quick: Sequence[Pose | None]) -> Cost | None:
    """Compare the poses in the same pictures; None if no picture has a whole person in both."""
    both = [(a, b) for a, b in zip(exact, quick, strict=True) if a is not None and b is not None]
    apart = [_apart(a, b) for a, b in both if _seen_in_both(a, b)[_HIPS].all()]
    if not apart:
        return None
    region, world_m = np.mean(apart, axis=0)
    return Cost(round(100 * float(region), 2), None if np.isnan(world_m) else round(1000 * float(world_m), 1))


def _seen_in_both(exact: Pose, quick: Pose) -> npt.NDArray[np.bool_]:
    return (exact.image[:, 3] > _SEEN) & np.isfinite(quick.image[:, 0])


def _apart(exact: Pose, quick: Pose) -> tuple[float, float]:
    """Return the displacement of the joints, in parts of the body's square, and of the world points, in metres."""
    both = _seen_in_both(exact, quick)
    joints, moved = (pose.image[:, :2] * (pose.aspect, 1.0) for pose in (exact, quick))
    region = _REGION * np.linalg.norm((joints - joints[_HIPS].mean(axis=0))[both], axis=1).max()
    world_m = np.linalg.norm((exact.world - quick.world)[both], axis=1).mean()
    return float(np.linalg.norm((joints - moved)[both], axis=1).mean() / region), float(world_m)
