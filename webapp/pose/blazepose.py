"""BlazePose (arXiv 2006.10204): from a picture to a pose, tracking one person; pure but for the two networks' calls.

The detector looks at the whole picture only when nobody is tracked; otherwise the square of the next frame comes from
this frame's landmarks.
"""

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from webapp.pose import RgbImage, detection, landmarks, picture, roi
from webapp.pose.landmarks import CropLandmarks
from webapp.pose.one_euro import Cutoffs, LowPass, OneEuro
from webapp.pose.roi import Roi
from webapp.records import Pose

Array = npt.NDArray[np.float64]


class Network(Protocol):
    """A network that is fed by filling `pixels` and calling it; what it returns lasts until the next call."""

    @property
    def pixels(self) -> RgbImage:
        """The input, (side, side, 3)."""
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
        self._smooth = Smoothing()
        self._last_s = -math.inf
        self._others = 0

    @property
    def others(self) -> int:
        """How many further people the last look at the whole picture showed."""
        return self._others

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """Return the pose in the picture, None for nobody; ValueError when `t_s` does not grow."""
        if not t_s > self._last_s:
            raise ValueError(f"time must grow: {t_s} s after {self._last_s} s")
        self._last_s = t_s
        square, seen = self._track(rgb)
        if square is None or seen is None:
            self._roi = None
            self._smooth = Smoothing()
            return None
        return self._pose(rgb, square, seen, t_s)

    def close(self) -> None:
        """Do nothing: a stream holds nothing but memory."""

    def _track(self, rgb: RgbImage) -> tuple[Roi | None, CropLandmarks | None]:
        """Look where the person was; when nobody is there any more, look at the whole picture at once."""
        if self._roi is not None:
            seen = self._look_at(rgb, self._roi)
            if seen is not None:
                return self._roi, seen
        self._smooth = Smoothing()
        square = self._detect(rgb)
        return square, None if square is None else self._look_at(rgb, square)

    def _detect(self, rgb: RgbImage) -> Roi | None:
        """Return the square around the surest person in the picture."""
        whole = roi.whole(rgb.shape[1], rgb.shape[0])
        picture.warp(rgb, roi.to_picture(whole, detection.INPUT_PX), self._detector.pixels)
        raw, logits = self._detector(self._detector.pixels)
        people = detection.people(raw, logits)
        self._others = max(0, len(people) - 1)
        if not people:
            return None
        points = roi.project(people[0].points, whole)
        return roi.from_alignment(points[detection.HIP_CENTRE], points[detection.FULL_BODY_RIM])

    def _look_at(self, rgb: RgbImage, square: Roi) -> CropLandmarks | None:
        picture.warp(rgb, roi.to_picture(square, landmarks.INPUT_PX), self._landmarker.pixels, "edge")
        return landmarks.decode(self._landmarker(self._landmarker.pixels))

    def _pose(self, rgb: RgbImage, square: Roi, seen: CropLandmarks, t_s: float) -> Pose:
        height, width = rgb.shape[:2]
        image_px = np.empty_like(seen.points)
        image_px[:, :2] = roi.project(seen.points[:, :2], square)
        image_px[:, 2] = seen.points[:, 2] * square.side_px
        world = roi.turn_world(seen.world, square)
        image_px, world, visibility = self._smooth(image_px, world, seen.visibility, t_s, square.side_px)
        self._roi = roi.from_alignment(*roi.project(seen.alignment, square))
        image = np.column_stack((image_px / (width, height, width), visibility))
        return Pose(image.astype(np.float32), world.astype(np.float32), width / height)


class Smoothing:
    """MediaPipe's filters with its parameters (LandmarksSmoothingCalculator, VisibilitySmoothingCalculator).

    The two points that give the next frame's square are left as they are: so does MediaPipe's Tasks API, as measured
    (0.1% of the square between it and us; with the older graph's filter on them it is 0.3%).
    """

    def __init__(self) -> None:
        self._image = OneEuro(Cutoffs(min_hz=0.05, beta=80.0))
        self._world = OneEuro(Cutoffs(min_hz=0.1, beta=40.0))
        self._visibility = LowPass(0.1)

    def __call__(
        self, image_px: Array, world: Array, visibility: Array, t_s: float, size_px: float
    ) -> tuple[Array, Array, Array]:
        """Return the three arrays smoothed; the speed of pixels is measured in sizes of the body."""
        return self._image(image_px, t_s, size_px), self._world(world, t_s), self._visibility(visibility)
