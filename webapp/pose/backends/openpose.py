"""OpenPose (arXiv 1812.08008) over OpenVINO: everybody in the picture at once, of whom one is followed.

On video it looks where the person was, in a square that is turned as they are: the network was taught with upright
people who fill much of its input.

The weights are those of PINTO0309/MobileNetV2-PoseEstimation: the paper's method on a MobileNetV2 in place of VGG-19.
"""

import math
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt

from webapp.pose import RgbImage, openvino, part_fields, picture, planar, roi
from webapp.pose.backends import EngineRow, Opening
from webapp.pose.network_engine import NetworkEngine
from webapp.pose.openvino import Network
from webapp.pose.planar import Joints
from webapp.pose.rising import Rising
from webapp.pose.roi import Points, Roi
from webapp.records import Pose
from webapp.skeleton import COCO18

Person = npt.NDArray[np.float64]
"""(18, 3): x and y in pixels of the picture and the peak's height; NaN, NaN, 0 for a joint not found."""

Seen = tuple[Person, Roi]
"""A person and the square that was looked at."""

_OURS = [number for number, joint in enumerate(COCO18) if joint is not None]
_JOINTS = [joint for joint in COCO18 if joint is not None]

_SURE = 0.4  # height of a peak that is right eight times in ten; at half of it, it is six times in ten
_NECK = 1
_LIMBS = slice(2, 14)  # arms and legs, from shoulders and hips on
_BELOW = slice(8, 14)  # hips, knees and ankles
_LEAST_TURN_RAD = math.radians(30)  # the method was taught with pictures turned by up to 40 degrees
_MARGIN = 1.6  # side of the square, of the joints' extent
_FURTHER = 1.5  # times as large a square shows fewer details, but joins a body that is stretched out
_LEAST_SIDE = 0.1  # of the picture's longer side
_QUICKEST_SHRINKING = 0.95  # of the side, from frame to frame
_SURER = 1.3  # times as sure as the square followed must another look be to take its place
_SETTLED = 4.0  # sureness from which nobody needs to be looked for elsewhere
_LOOK_S = 2.0  # how often to look at the whole picture nevertheless
_LOOK_AGAIN_S = 1.0  # and while it is not settled
_FARTHEST = 0.5  # of the body's size: who is farther from where the person was is somebody else


def open_engine(row: EngineRow, opening: Opening) -> NetworkEngine:
    """Compile the network; BackendUnavailable when that fails."""
    network = openvino.load(
        opening.weights[0], (0,), mean=0.0, scale=1.0, precision=opening.precision, bgr=True, kept=opening.kept
    )
    return NetworkEngine(row.name, partial(OpenPoseStream, network), network)


class OpenPoseStream:
    """One person's tracking among all who are in view."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._followed: Person | None = None
        self._roi: Roi | None = None
        self._smooth = planar.Smoothing()
        self._times = Rising()
        self._looked_s = -math.inf
        self._others = 0

    @property
    def others(self) -> int:
        """How many further people the last look showed."""
        return self._others

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """Return the pose of the person followed, None for nobody; ValueError when `t_s` does not grow."""
        self._times.check(t_s)
        found = self._track(rgb, t_s)
        if found is None:
            self._followed = self._roi = None
            self._smooth = planar.Smoothing()
            return None
        self._followed, seen_in = found
        self._roi = around(self._followed, seen_in.turn_rad, self._least_side_px(rgb))
        joints = self._smooth(to_joints(self._followed), t_s, size_px(self._followed))
        return planar.to_pose(joints, rgb.shape[1], rgb.shape[0])

    def close(self) -> None:
        """Do nothing: a stream holds nothing but memory."""

    def _track(self, rgb: RgbImage, t_s: float) -> Seen | None:
        """Look where the person was; unless that is settled, look at the whole picture too and take the much surer."""
        followed = None if self._roi is None else self._follow(rgb, self._roi)
        wait_s = _LOOK_S if followed is not None and sureness(followed[0]) >= _SETTLED else _LOOK_AGAIN_S
        if followed is not None and t_s - self._looked_s < wait_s:
            return followed
        self._looked_s = t_s
        found = self._find(rgb, lost=followed is None)
        if followed is None or found is None:
            return followed or found
        return max(followed, found, key=lambda one: sureness(one[0]) * (_SURER if one is followed else 1))

    def _follow(self, rgb: RgbImage, square: Roi) -> Seen | None:
        """Look where the person was; where little of them is seen, from further away too."""
        near = self._same(self.look_at(rgb, square), square)
        if near is not None and sureness(near[0]) >= _SETTLED:
            return near
        wide = replace(square, side_px=_FURTHER * square.side_px)
        far = self._same(self.look_at(rgb, wide), wide)
        return max((one for one in (near, far) if one is not None), key=lambda one: sureness(one[0]), default=None)

    def _find(self, rgb: RgbImage, *, lost: bool) -> Seen | None:
        """Look at the whole picture, upright and turned to either side, then more closely at the person in it.

        The network was taught with upright people: who lies is one to it only when the picture is turned. When the
        person followed is lost, it is who is the largest and most central.
        """
        squares = wholes(rgb.shape[:2], self._network.pixels.shape[:2])
        looks = [(self.look_at(rgb, square), square) for square in squares]
        seen = [same for people, square in looks if (same := self._same(people, square)) is not None]
        if lost and not seen:
            self._smooth = planar.Smoothing()
            seen = [(most_prominent(people, rgb), square) for people, square in looks if people]
        if not seen:
            return None
        found = max(seen, key=lambda one: sureness(one[0]))
        closer = around(found[0], found[1].turn_rad, _LEAST_SIDE * max(rgb.shape[:2]))
        near = nearest(self.look_at(rgb, closer), found[0])
        return found if near is None else max(found, (near, closer), key=lambda one: sureness(one[0]))

    def _same(self, people: list[Person], square: Roi) -> Seen | None:
        near = None if self._followed is None else nearest(people, self._followed)
        return None if near is None else (near, square)

    def _least_side_px(self, rgb: RgbImage) -> float:
        """Return the side that the next square has at least: nobody shrinks quickly."""
        least_px = float(_LEAST_SIDE * max(rgb.shape[:2]))
        return least_px if self._roi is None else max(least_px, _QUICKEST_SHRINKING * self._roi.side_px)

    def look_at(self, rgb: RgbImage, square: Roi) -> list[Person]:
        """Return everybody whom the square and what lies beside it show."""
        pixels = self._network.pixels
        to_picture = fitted(square, pixels.shape)
        picture.warp(rgb, planar.between_centres(to_picture), pixels)
        maps = np.ascontiguousarray(np.moveaxis(self._network(pixels)[0], 2, 0))
        people = part_fields.people(maps[: part_fields.JOINTS], maps[part_fields.JOINTS + 1 :])
        cell_px = pixels.shape[0] / maps.shape[1]
        people[..., :2] = people[..., :2] * cell_px @ to_picture[:, :2].T + to_picture[:, 2]
        self._others = max(0, len(people) - 1)
        return list(people)


def wholes(picture_px: tuple[int, ...], network_px: tuple[int, ...]) -> list[Roi]:
    """Return the squares that show the whole picture: upright, and turned to either side; sizes are (height, width)."""
    (height_px, width_px), (down, across) = picture_px, network_px
    upright_px, turned_px = max(height_px, width_px * down / across), max(width_px, height_px * down / across)
    x_px, y_px = width_px / 2, height_px / 2
    return [Roi(x_px, y_px, upright_px), *(Roi(x_px, y_px, turned_px, sign * math.pi / 2) for sign in (1, -1))]


def fitted(square: Roi, network_px: tuple[int, ...]) -> Points:
    """Return the (2, 3) matrix from the network's pixels to the picture's: the square in the middle of the input."""
    to_picture = roi.to_picture(square, network_px[0])
    to_picture[:, 2] -= to_picture[:, 0] * (network_px[1] - network_px[0]) / 2
    return to_picture


def around(person: Person, turn_rad: float, least_side_px: float) -> Roi:
    """Return the square in which to look for the person next, turned so that they stand in it.

    turn_rad: of the square in which they were seen; small deviations from it are no reason to turn.
    """
    axis_rad = axis(person)
    if axis_rad is not None and abs(math.remainder(axis_rad - turn_rad, math.tau)) > _LEAST_TURN_RAD:
        turn_rad = axis_rad
    away = np.array([[math.cos(turn_rad), -math.sin(turn_rad)], [math.sin(turn_rad), math.cos(turn_rad)]])
    places = person[:, :2] @ away
    low, high = np.nanmin(places, axis=0), np.nanmax(places, axis=0)
    x_px, y_px = away @ (low + high) / 2
    return Roi(float(x_px), float(y_px), max(_MARGIN * float((high - low).max()), least_side_px), turn_rad)


def axis(person: Person) -> float | None:
    """Return how far the person's neck is turned from straight above hips and legs, clockwise; None if not seen."""
    below = person[_BELOW, :2]
    if np.isnan(person[_NECK, 0]) or not np.isfinite(below).any():
        return None
    across, down = person[_NECK, :2] - np.nanmean(below, axis=0)
    return math.atan2(across, -down)


def sureness(person: Person) -> float:
    """Return how much of a person is seen: the sum of the heights of the limbs' peaks."""
    return float(person[_LIMBS, 2].sum())


def nearest(people: list[Person], last: Person) -> Person | None:
    """Return who is where somebody was, if anybody is."""
    near = min(people, key=lambda person: distance_px(person, last), default=None)
    return near if near is not None and distance_px(near, last) <= _FARTHEST * size_px(last) else None


def size_px(person: Person) -> float:
    """Return the diagonal of the box around the joints found, at least 1."""
    return max(1.0, float(np.hypot(*(np.nanmax(person[:, :2], axis=0) - np.nanmin(person[:, :2], axis=0)))))


def distance_px(person: Person, other: Person) -> float:
    """Return the median distance of the joints that both have, infinite when they share none."""
    apart = np.hypot(*(person[:, :2] - other[:, :2]).T)
    return float(np.nanmedian(apart)) if np.isfinite(apart).any() else math.inf


def most_prominent(people: list[Person], rgb: RgbImage) -> Person:
    """Return who is the largest and most central."""
    return max(people, key=lambda person: prominence(person, rgb.shape[1], rgb.shape[0]))


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
