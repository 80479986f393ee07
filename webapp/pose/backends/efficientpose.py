"""EfficientPose (arXiv 2004.12186) over OpenVINO: one person, sixteen joints, of which we use twelve.

On video it follows the person: this frame's joints give the square for the next. The networks were trained with a
person who fills about two thirds of the square; on the whole picture they miss a small figure.
"""

from functools import partial

import numpy as np

from webapp.pose import RgbImage, heatmaps, openvino, picture, planar, roi
from webapp.pose.backends import EngineRow, Opening
from webapp.pose.cuts import AnewAfterCuts
from webapp.pose.network_engine import NetworkEngine
from webapp.pose.openvino import Network, PixelInput
from webapp.pose.planar import Joints
from webapp.pose.roi import Points, Roi
from webapp.records import Pose
from webapp.skeleton import JOINT

_UNKNOWN_HERE = ("head_top", "upper_neck", "thorax", "pelvis")
ORDER = (
    *("head_top", "upper_neck", "right_shoulder", "right_elbow", "right_wrist", "thorax"),
    *("left_shoulder", "left_elbow", "left_wrist", "pelvis", "right_hip", "right_knee", "right_ankle"),
    *("left_hip", "left_knee", "left_ankle"),
)
"""The networks' order of MPII's sixteen joints, which is not MPII's own."""

_OURS = [number for number, name in enumerate(ORDER) if name not in _UNKNOWN_HERE]
_JOINTS = [JOINT[ORDER[number]] for number in _OURS]

_IMAGENET_MEAN = [123.675, 116.28, 103.53]
_IMAGENET_DEVIATION = [58.395, 57.12, 57.375]

_MARGIN = 1.6  # side of the square, in extents of the joints
_LEAST_SIDE = 0.1  # least side of the square, in longer sides of the picture
_QUICKEST_SHRINKING = 0.95  # least ratio of the side to that of the previous frame
_HIGHEST = 1.2  # the networks were trained for at most 1; on an unusual picture they give 20
_SURE = 0.4  # peaks of this confidence are right nine times in ten, of half of it six times in ten
_MIN_CONFIDENCE_FAR = 0.1  # confidence from which a peak of the whole picture shows where the person is
_MIN_CONFIDENCE_NEAR = 0.05  # likewise in the square, where others are unlikely
_MIN_PEAKS = 3  # fewer peaks do not locate a person
_PRESENT = 0.15  # confidence from which a person is there
_CONFIDENCE_RATIO = 1.3  # of another square to the followed one, from which it replaces it
_SETTLED = 0.4  # confidence from which the whole picture is not searched


def open_engine(row: EngineRow, opening: Opening) -> NetworkEngine:
    """Compile the network. Raises BackendUnavailable if that fails."""
    network = load(row, opening)
    return NetworkEngine(row.name, partial(AnewAfterCuts, partial(EfficientPoseStream, network)), network)


def load(row: EngineRow, opening: Opening) -> Network:
    """Compile the network up to the maps before their enlargement. Raises BackendUnavailable if that fails."""
    return openvino.load(
        opening.weights[0],
        "ConvolutionBackpropData",
        normalisation(row.name),
        precision=opening.precision,
        cache_folder=opening.cache_folder,
    )


def normalisation(name: str) -> PixelInput:
    """Return the normalisation with which the network was trained."""
    return PixelInput(127.5, 127.5) if name.endswith("-lite") else PixelInput(_IMAGENET_MEAN, _IMAGENET_DEVIATION)


class EfficientPoseStream:
    """One person's tracking."""

    others = 0  # the network gives one peak for each joint and cannot see other people

    def __init__(self, network: Network) -> None:
        self._network = network
        self._roi: Roi | None = None
        self._smooth = planar.Smoothing()

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """Return the pose in the picture, None for nobody; `t_s` increases."""
        height_px, width_px = rgb.shape[:2]
        found = self._track(rgb)
        self._roi = None if found is None else around(found, self._least_side_px(rgb), _MIN_CONFIDENCE_NEAR)
        if found is None or self._roi is None:
            return None
        joints = self._smooth(to_joints(found), t_s, self._roi.side_px)
        return planar.to_pose(joints, width_px, height_px)

    def close(self) -> None:
        """Do nothing: a stream has only memory to free."""

    def _track(self, rgb: RgbImage) -> Points | None:
        """Look where the person was; if unsure, search the whole picture, and use that if it is much more confident.

        Otherwise a square that has lost its person would shrink onto a face or a leg and see a whole body in it.
        """
        followed = None if self._roi is None else self.look_at(rgb, self._roi)
        if followed is not None and confidence(followed) >= _SETTLED:
            return followed
        found = self._find(rgb)
        if followed is not None and confidence(followed) * _CONFIDENCE_RATIO >= confidence(found):
            found = followed
        else:
            self._smooth = planar.Smoothing()
        return found if confidence(found) >= _PRESENT else None

    def _least_side_px(self, rgb: RgbImage) -> float:
        """Return the least side of the next square, because nobody shrinks quickly."""
        least_px = float(_LEAST_SIDE * max(rgb.shape[:2]))
        return least_px if self._roi is None else max(least_px, _QUICKEST_SHRINKING * self._roi.side_px)

    def _find(self, rgb: RgbImage) -> Points:
        """Look at the whole picture, then more closely at the person found; return the more confident result."""
        far = self.look_at(rgb, roi.letterbox(rgb.shape[1], rgb.shape[0]))
        square = around(far, _LEAST_SIDE * max(rgb.shape[:2]), _MIN_CONFIDENCE_FAR)
        return far if square is None else max(far, self.look_at(rgb, square), key=confidence)

    def look_at(self, rgb: RgbImage, square: Roi) -> Points:
        """Return the sixteen peaks in the square: (16, 3) x, y in pixels of the picture and confidence."""
        side_px = self._network.pixels.shape[0]
        picture.warp(rgb, planar.between_centres(roi.to_picture(square, side_px)), self._network.pixels)
        maps = self._network(self._network.pixels)[0]
        found = heatmaps.peaks(maps).astype(np.float64)
        found[:, :2] = roi.project(found[:, :2] / maps.shape[1], square)
        found[found[:, 2] > _HIGHEST, 2] = 0
        return found


def confidence(found: Points) -> float:
    """Return the confidence that the peaks are a person's: the mean of the eight highest."""
    return float(np.sort(found[:, 2])[-8:].mean())


def around(found: Points, least_side_px: float, min_confidence: float) -> Roi | None:
    """Return the square in which to look for the person next; None if too few peaks are confident enough."""
    places = found[found[:, 2] >= min_confidence, :2]
    if len(places) < _MIN_PEAKS:
        return None
    low, high = places.min(axis=0), places.max(axis=0)
    side_px = max(_MARGIN * float((high - low).max()), least_side_px)
    x_px, y_px = (low + high) / 2
    return Roi(float(x_px), float(y_px), side_px)


def to_joints(found: Points) -> Joints:
    """Return the twelve of the sixteen peaks that are in our skeleton."""
    joints = planar.no_joints()
    joints[_JOINTS, :2] = found[_OURS, :2]
    joints[_JOINTS, 2] = np.clip(found[_OURS, 2] / _SURE, 0, 1)
    return joints
