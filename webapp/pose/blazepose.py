"""BlazePose (arXiv 2006.10204): from picture to pose, tracking one person. Pure except for the two networks' calls.

This frame's landmarks give the square to look at in the next. The detector searches the whole picture if nobody is
tracked, and every two seconds for other people.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from webapp.pose import RgbImage, detection, landmarks, picture, roi
from webapp.pose.detection import Detection
from webapp.pose.following import Following
from webapp.pose.landmarks import CropLandmarks
from webapp.pose.one_euro import Cutoffs, LowPass, OneEuro
from webapp.pose.roi import Roi
from webapp.records import JOINT_COUNT, Pose

Array = npt.NDArray[np.float64]


class Network(Protocol):
    """A network with an input buffer, `pixels`; the arrays that it returns are valid until the next call."""

    @property
    def pixels(self) -> RgbImage:
        """The input buffer, (side, side, 3)."""
        ...

    def __call__(self, pixels: RgbImage) -> Sequence[npt.NDArray[np.float32]]:
        """Run on the pixels."""
        ...


class BlazePoseStream:
    """One person's tracking."""

    def __init__(self, detector: Network, landmarker: Network) -> None:
        self._detector = detector
        self._landmarker = landmarker
        self._roi: Roi | None = None
        self._following = Following()
        self._smooth = Smoothing()
        self._others = 0

    @property
    def others(self) -> int:
        """Number of other people the last time the whole picture was searched."""
        return self._others

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """Return the pose in the picture, None for nobody; `t_s` increases."""
        tracked = self._track(rgb, t_s)
        if tracked is None:
            self._roi = None
            self._smooth = Smoothing()
            return None
        square, seen = tracked
        self._following.seen(square, t_s)
        points_px = roi.project(seen.points, square)
        self._roi = roi.from_alignment(points_px[landmarks.HIP_CENTRE, :2], points_px[landmarks.FULL_BODY_RIM, :2])
        image_px, world, visibility = self._smooth(
            points_px[:JOINT_COUNT], roi.rotate_world(seen.world, square), seen.visibility, t_s, square.side_px
        )
        return _pose(image_px, world, visibility, rgb)

    def close(self) -> None:
        """Do nothing: a stream has only memory to free."""

    def _track(self, rgb: RgbImage, t_s: float) -> tuple[Roi, CropLandmarks] | None:
        """Look where the person was; search the whole picture if nobody, or perhaps the wrong person, is there."""
        tracked = None if self._roi is None else self._seen_in(rgb, self._roi)
        if tracked is not None and not self._following.should_look(tracked[0], t_s):
            return tracked
        people = self._people(rgb, t_s)
        if tracked is None:
            other = self._following.choose(people, t_s)
        else:
            square = tracked[0]
            other = self._following.left_behind(square, people) or self._following.upside_down(square, people)
        if other is None:
            return tracked
        self._smooth = Smoothing()
        return self._seen_in(rgb, other) or tracked

    def _people(self, rgb: RgbImage, t_s: float) -> list[Roi]:
        """Return the squares around all people that the detector finds in the picture, the most confident first."""
        letterbox = roi.letterbox(rgb.shape[1], rgb.shape[0])
        picture.warp(rgb, roi.to_picture(letterbox, detection.INPUT_PX), self._detector.pixels)
        found = detection.people(*self._detector(self._detector.pixels))
        self._others = max(0, len(found) - 1)
        self._following.looked(t_s)
        return [_around(one, letterbox) for one in found]

    def _seen_in(self, rgb: RgbImage, square: Roi) -> tuple[Roi, CropLandmarks] | None:
        picture.warp(rgb, roi.to_picture(square, landmarks.INPUT_PX), self._landmarker.pixels, "edge")
        seen = landmarks.decode(self._landmarker(self._landmarker.pixels))
        return None if seen is None else (square, seen)


def _pose(image_px: Array, world: Array, visibility: Array, rgb: RgbImage) -> Pose:
    height, width, _ = rgb.shape
    image = np.empty((JOINT_COUNT, 4), np.float32)
    image[:, :3] = image_px / (width, height, width)
    image[:, 3] = visibility
    return Pose(image, world.astype(np.float32), width / height)


def _around(person: Detection, letterbox: Roi) -> Roi:
    points = roi.project(person.points, letterbox)
    return roi.from_alignment(points[detection.HIP_CENTRE], points[detection.FULL_BODY_RIM])


class Smoothing:
    """MediaPipe's filters with its parameters (LandmarksSmoothingCalculator, VisibilitySmoothingCalculator).

    The two points that give the next frame's square are not filtered, as in MediaPipe's Tasks API according to our
    measurement (0.1% of the square between it and us; with the older graph's filter on them, 0.3%).
    """

    def __init__(self) -> None:
        self._image = OneEuro(Cutoffs(min_hz=0.05, beta=80.0))
        self._world = OneEuro(Cutoffs(min_hz=0.1, beta=40.0))
        self._visibility = LowPass(0.1)

    def __call__(
        self, image_px: Array, world: Array, visibility: Array, t_s: float, size_px: float
    ) -> tuple[Array, Array, Array]:
        """Return the three arrays smoothed; speeds in the picture are relative to the body's size, `size_px`."""
        return self._image(image_px, t_s, size_px), self._world(world, t_s), self._visibility(visibility)
