"""OpenPose (arXiv 1812.08008) over OpenVINO: everybody in the picture at once, of whom one is followed.

The weights are those of PINTO0309/MobileNetV2-PoseEstimation: the paper's method on a MobileNetV2 in place of VGG-19.
"""

import math

import numpy as np
import numpy.typing as npt

from webapp.pose import PoseStream, RgbImage, openvino, part_fields, picture, planar
from webapp.pose.backends import EngineRow, Opening
from webapp.pose.openvino import Network
from webapp.pose.planar import Joints
from webapp.records import Pose
from webapp.skeleton import COCO18

Person = npt.NDArray[np.float64]
"""(18, 3): x and y in pixels of the picture and the peak's height; NaN, NaN, 0 for a joint not found."""

_OURS = [number for number, joint in enumerate(COCO18) if joint is not None]
_JOINTS = [joint for joint in COCO18 if joint is not None]

_SURE = 0.4  # height of a peak that is right eight times in ten; at half of it, it is six times in ten
_FARTHEST = 0.5  # of the body's size: who is farther from where the person was is somebody else


def open_engine(row: EngineRow, opening: Opening) -> "OpenPose":
    """Compile the network; BackendUnavailable when that fails."""
    weights = opening.weights[0]
    return OpenPose(row.name, openvino.load(weights, (0,), mean=0.0, scale=1.0, precision=opening.precision, bgr=True))


class OpenPose:
    """The network, shared by all streams of a worker."""

    def __init__(self, name: str, network: Network) -> None:
        self._name = name
        self._network: Network | None = network

    @property
    def name(self) -> str:
        """The engine's name."""
        return self._name

    def open(self) -> PoseStream:
        """Begin to follow one person."""
        if self._network is None:
            raise RuntimeError("the engine is closed")
        return OpenPoseStream(self._network)

    def call_network(self) -> None:
        """Run the bare network on the pixels it last saw, to be measured."""
        if self._network is not None:
            self._network(self._network.pixels)

    def close(self) -> None:
        """Let go of the network; open streams keep it until they end."""
        self._network = None


class OpenPoseStream:
    """One person's tracking among all who are in view."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._followed: Person | None = None
        self._smooth = planar.Smoothing()
        self._last_s = -math.inf
        self._others = 0

    @property
    def others(self) -> int:
        """How many further people are in the picture."""
        return self._others

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """Return the pose of the person followed, None for nobody; ValueError when `t_s` does not grow."""
        if not t_s > self._last_s:
            raise ValueError(f"time must grow: {t_s} s after {self._last_s} s")
        self._last_s = t_s
        height_px, width_px = rgb.shape[:2]
        people = self.look_at(rgb)
        self._others = max(0, len(people) - 1)
        self._followed = self._choose(people, width_px, height_px)
        if self._followed is None:
            return None
        joints = self._smooth(to_joints(self._followed), t_s, size_px(self._followed))
        return planar.to_pose(joints, width_px, height_px)

    def close(self) -> None:
        """Do nothing: a stream holds nothing but memory."""

    def look_at(self, rgb: RgbImage) -> list[Person]:
        """Return everybody in the picture."""
        pixels = self._network.pixels
        to_picture = fitted(rgb.shape[:2], pixels.shape[:2])
        picture.warp(rgb, planar.between_centres(to_picture), pixels)
        maps = np.ascontiguousarray(np.moveaxis(self._network(pixels)[0], 2, 0))
        people = part_fields.people(maps[: part_fields.JOINTS], maps[part_fields.JOINTS + 1 :])
        cell_px = pixels.shape[0] / maps.shape[1]
        people[..., :2] = people[..., :2] * cell_px @ to_picture[:, :2].T + to_picture[:, 2]
        return list(people)

    def _choose(self, people: list[Person], width_px: int, height_px: int) -> Person | None:
        """Return who is nearest to where the person was; who is the largest and most central when nobody is near."""
        if not people:
            self._smooth = planar.Smoothing()
            return None
        if self._followed is not None:
            last = self._followed
            nearest = min(people, key=lambda person: distance_px(person, last))
            if distance_px(nearest, last) <= _FARTHEST * size_px(last):
                return nearest
        self._smooth = planar.Smoothing()
        return max(people, key=lambda person: prominence(person, width_px, height_px))


def fitted(picture_px: tuple[int, ...], network_px: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Return the (2, 3) matrix from the network's pixels to the picture's: the whole picture in the middle."""
    scale = max(of / to for of, to in zip(picture_px, network_px, strict=True))
    top, left = ((of - to * scale) / 2 for of, to in zip(picture_px, network_px, strict=True))
    return np.array([[scale, 0.0, left], [0.0, scale, top]])


def size_px(person: Person) -> float:
    """Return the diagonal of the box around the joints found, at least 1."""
    return max(1.0, float(np.hypot(*(np.nanmax(person[:, :2], axis=0) - np.nanmin(person[:, :2], axis=0)))))


def distance_px(person: Person, other: Person) -> float:
    """Return the median distance of the joints that both have, infinite when they share none."""
    apart = np.hypot(*(person[:, :2] - other[:, :2]).T)
    return float(np.nanmedian(apart)) if np.isfinite(apart).any() else math.inf


def prominence(person: Person, width_px: int, height_px: int) -> float:
    """Return the person's size, halved from the picture's middle to its corners."""
    off = np.nanmean(person[:, :2], axis=0) / (width_px, height_px) - 0.5
    return size_px(person) * (1 - float(np.hypot(*off)) / math.sqrt(2))


def to_joints(person: Person) -> Joints:
    """Return the seventeen of the eighteen joints that are ours; the neck is none."""
    joints = planar.nowhere()
    joints[_JOINTS, :2] = person[_OURS, :2]
    joints[_JOINTS, 2] = np.clip(person[_OURS, 2] / _SURE, 0, 1)
    return joints
