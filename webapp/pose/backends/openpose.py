"""OpenPose (arXiv 1812.08008) over OpenVINO: finds everybody in the picture and follows one person.

On video it looks where the person was, in a square rotated like them, because the network was trained with upright
people who fill much of its input.

The weights are PINTO0309/MobileNetV2-PoseEstimation's: the paper's method with a MobileNetV2 instead of VGG-19.
"""

import math
from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

import numpy as np

from webapp.pose import RgbImage, affinity_fields, openvino, picture, planar, roi
from webapp.pose.backends import EngineRow, Opening
from webapp.pose.body_square import around
from webapp.pose.body_tree import Person, best_body
from webapp.pose.cuts import AnewAfterCuts
from webapp.pose.heatmaps import FloatArray
from webapp.pose.joint_persistence import JointPersistence
from webapp.pose.network_engine import NetworkEngine
from webapp.pose.openvino import Network, PixelInput
from webapp.pose.planar import Joints
from webapp.pose.roi import Points, Roi
from webapp.records import Pose
from webapp.skeleton import COCO18


class Maps(NamedTuple):
    """The network's maps of the joints, (18, height, width), and of the limbs, (38, height, width).

    to_picture: (2, 3) matrix from cells to pixels of the picture; picture_px: its width and height.
    """

    heatmaps: FloatArray
    pafs: FloatArray
    to_picture: Points
    picture_px: tuple[int, int]


class Seen(NamedTuple):
    """A person with joints in pixels of the picture, the square searched, and whether they were already followed."""

    person: Person
    square: Roi
    is_same: bool

    @property
    def confidence(self) -> float:
        """How much of the person is seen; see the function of the same name."""
        return confidence(self.person)


_OURS = [number for number, joint in enumerate(COCO18) if joint is not None]
_JOINTS = [joint for joint in COCO18 if joint is not None]

_SURE = 0.3  # peaks of this confidence are right eight times in ten, of a third of it seven times in ten
_NECK = 1
_LIMBS = slice(2, 14)  # arms and legs, from shoulders and hips on
_TRUNK = [2, 5, 8, 11]  # shoulders and hips
_TRUNK_FROM = 0.1  # the paper's least confidence of a peak, because the trunk determines the body's size and place
_LEAST_SIDE = 0.1  # least side of the square, in longer sides of the picture
_QUICKEST_SHRINKING = 0.95  # least ratio of the side to that of the previous frame
_MUCH_SMALLER = 0.7  # ratio of a square's side to the followed one's from which it is tried at once
_CONFIDENCE_RATIO = 1.3  # of another square to the followed one, from which it replaces it
_SETTLED = 4.0  # confidence from which the whole picture is rarely searched
_LOOK_S, _LOOK_AGAIN_S = 2.0, 1.0  # time between searches of the whole picture if settled, and if not
_PRESENT = 1.0  # confidence from which a person is there
_APART = 0.2  # of the body's size: a neck farther away is another person's
_FARTHEST = 0.5  # of the body's size: anybody farther from the last place is somebody else


def open_engine(row: EngineRow, opening: Opening) -> NetworkEngine:
    """Compile the network. Raises BackendUnavailable if that fails."""
    network = openvino.load(
        opening.weights[0],
        (0,),
        PixelInput(0.0, 1.0, bgr=True),
        precision=opening.precision,
        cache_folder=opening.cache_folder,
    )
    return NetworkEngine(row.name, partial(AnewAfterCuts, partial(OpenPoseStream, network)), network)


class OpenPoseStream:
    """One person's tracking among all people in view."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._followed: Person | None = None
        self._roi: Roi | None = None
        self._smooth = JointPersistence()
        self._looked_s = -math.inf
        self._others = 0

    @property
    def others(self) -> int:
        """Number of other people in the last maps."""
        return self._others

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """Return the followed person's pose, None for nobody; `t_s` increases."""
        seen = self._track(rgb, t_s)
        if seen is None or not seen.is_same:
            self._smooth = JointPersistence()
        if seen is None:
            self._followed = self._roi = None
            return None
        self._followed = seen.person
        self._roi = around(seen.person, seen.square.rotation_rad, self._least_side_px(rgb, seen))
        joints = self._smooth(to_joints(seen.person), t_s, size_px(seen.person))
        return planar.to_pose(joints, rgb.shape[1], rgb.shape[0])

    def close(self) -> None:
        """Do nothing: a stream has only memory to free."""

    def _track(self, rgb: RgbImage, t_s: float) -> Seen | None:
        """Look where the person was; now and then, sooner if unsure, search everywhere.

        What is found there replaces the followed person only if its confidence is much higher.
        """
        followed = None
        if self._roi is not None and self._followed is not None:
            followed = self._nearer(rgb, self._closely(rgb, self._roi, self._followed))
        wait_s = _LOOK_S if followed is not None and followed.confidence >= _SETTLED else _LOOK_AGAIN_S
        if followed is not None and t_s - self._looked_s < wait_s:
            return followed
        self._looked_s = t_s
        found = self._find(rgb, lost=followed is None)
        if followed is None or found is None:
            return followed or found
        return followed if _CONFIDENCE_RATIO * followed.confidence >= found.confidence else found

    def _closely(self, rgb: RgbImage, square: Roi, last: Person) -> Seen | None:
        """Look where the person was; unless every limb is seen well, also at the mirrored picture."""
        maps = self._maps(rgb, square)
        seen = self._person_in(maps, square, last)
        if seen is not None and seen.person[_LIMBS, 2].min() >= _SURE:
            return seen
        return self._person_in(self._both_ways(maps), square, last) or seen

    def _nearer(self, rgb: RgbImage, seen: Seen | None) -> Seen | None:
        """If the person seems much smaller than the square, as after a cut, look again at once; keep the better."""
        if seen is None:
            return None
        nearer = around(seen.person, seen.square.rotation_rad, _LEAST_SIDE * max(rgb.shape[:2]))
        if nearer.side_px > _MUCH_SMALLER * seen.square.side_px:
            return seen
        return most_confident([seen, self._closely(rgb, nearer, seen.person)])

    def _both_ways(self, maps: Maps) -> Maps:
        """Return the mean of the maps and those of the mirrored pixels."""
        self._network.pixels[:] = self._network.pixels[:, ::-1].copy()
        heatmaps, pafs = affinity_fields.mirrored(*self._run())
        half = np.float32(0.5)
        return maps._replace(heatmaps=half * (maps.heatmaps + heatmaps), pafs=half * (maps.pafs + pafs))

    def _find(self, rgb: RgbImage, *, lost: bool) -> Seen | None:
        """Search the whole picture, upright and rotated to either side, then look more closely at the person found.

        The network was trained with upright people and finds one who lies only in a rotated picture. If the followed
        person is lost, it takes the largest and most central one.
        """
        squares = letterboxes(rgb.shape[:2], self._network.pixels.shape[:2])
        found = most_confident(
            [self._person_in(self._maps(rgb, one), one, self._followed, anybody=lost) for one in squares]
        )
        if found is None:
            return None
        closer = around(found.person, found.square.rotation_rad, _LEAST_SIDE * max(rgb.shape[:2]))
        near = self._closely(rgb, closer, found.person)
        return most_confident([found, near and near._replace(is_same=found.is_same)])

    def _least_side_px(self, rgb: RgbImage, seen: Seen) -> float:
        """Return the least side of the next square, because nobody shrinks quickly."""
        least_px = float(_LEAST_SIDE * max(rgb.shape[:2]))
        if self._roi is None or not seen.is_same:
            return least_px
        return max(least_px, _QUICKEST_SHRINKING * min(self._roi.side_px, seen.square.side_px))

    def _person_in(self, maps: Maps, square: Roi, last: Person | None, *, anybody: bool = False) -> Seen | None:
        """Return the person at the last place, or else, if `anybody` is accepted, the most prominent one."""
        in_cells = affinity_fields.people(maps.heatmaps, maps.pafs)
        people = placed(in_cells, maps.to_picture)
        self._others = max(0, len(people) - 1)
        same = None if last is None else nearest(people, last)
        whom = last if same is not None or not anybody else most_prominent(people, *maps.picture_px)
        if whom is None:
            return None
        others = in_cells[[is_apart(person, whom) for person in people]]
        body = best_body(maps.heatmaps, maps.pafs, placed(whom, inverse(maps.to_picture)), others)
        person = nearest([placed(body, maps.to_picture)], whom)
        if person is None or confidence(person) < _PRESENT:
            return None
        return Seen(person, square, is_same=whom is last)

    def _maps(self, rgb: RgbImage, square: Roi) -> Maps:
        """Return the network's maps of the square and of its surroundings within the input."""
        pixels = self._network.pixels
        to_picture = fitted(square, pixels.shape)
        picture.warp(rgb, planar.between_centres(to_picture), pixels, beyond="grey")
        heatmaps, pafs = self._run()
        to_picture[:, :2] *= pixels.shape[0] / heatmaps.shape[1]
        return Maps(heatmaps, pafs, to_picture, (rgb.shape[1], rgb.shape[0]))

    def _run(self) -> tuple[FloatArray, FloatArray]:
        """Return the network's maps of the joints and its part affinity fields of the limbs."""
        maps = np.ascontiguousarray(np.moveaxis(self._network(self._network.pixels)[0], 2, 0))
        return maps[: affinity_fields.JOINTS], maps[affinity_fields.JOINTS + 1 :]


def letterboxes(picture_px: tuple[int, ...], network_px: tuple[int, ...]) -> list[Roi]:
    """Return the squares around the whole picture: upright, and rotated to either side; sizes are (height, width)."""
    (height_px, width_px), (down, across) = picture_px, network_px
    upright_px, rotated_px = max(height_px, width_px * down / across), max(width_px, height_px * down / across)
    x_px, y_px = width_px / 2, height_px / 2
    return [Roi(x_px, y_px, upright_px), *(Roi(x_px, y_px, rotated_px, sign * math.pi / 2) for sign in (1, -1))]


def fitted(square: Roi, network_px: tuple[int, ...]) -> Points:
    """Return the (2, 3) matrix from the network's pixels to the picture's, with the square in the input's middle."""
    to_picture = roi.to_picture(square, network_px[0])
    to_picture[:, 2] -= to_picture[:, 0] * (network_px[1] - network_px[0]) / 2
    return to_picture


def placed(people: Person, to: Points) -> Person:
    """Return (..., 3) joints with x and y transformed by a (2, 3) matrix."""
    moved = people.copy()
    moved[..., :2] = people[..., :2] @ to[:, :2].T + to[:, 2]
    return moved


def inverse(to: Points) -> Points:
    """Return the inverse (2, 3) matrix."""
    back = np.linalg.inv(to[:, :2])
    return np.column_stack([back, -back @ to[:, 2]])


def confidence(person: Person) -> float:
    """Return how much of a person is seen: the sum of the confidences of the limbs' peaks."""
    return float(person[_LIMBS, 2].sum())


def most_confident(looks: Iterable[Seen | None]) -> Seen | None:
    """Return the most confident result that shows the followed person, or else anybody."""
    return max((one for one in looks if one is not None), key=lambda one: (one.is_same, one.confidence), default=None)


def is_apart(person: Person, other: Person) -> bool:
    """Return whether two people are not parts of one body: both necks are found and are apart."""
    return bool(np.hypot(*(person[_NECK, :2] - other[_NECK, :2])) > _APART * size_px(other))


def nearest(people: Iterable[Person], last: Person) -> Person | None:
    """Return the person nearest to `last`, None if nobody is near enough."""
    near = min(people, key=lambda person: distance_px(person, last), default=None)
    return near if near is not None and distance_px(near, last) <= _FARTHEST * size_px(last) else None


def size_px(person: Person) -> float:
    """Return the diagonal of the box around the found joints, at least 1."""
    return max(1.0, float(np.hypot(*(np.nanmax(person[:, :2], axis=0) - np.nanmin(person[:, :2], axis=0)))))


def distance_px(person: Person, other: Person) -> float:
    """Return the median distance of the joints that both have; infinite if they share none."""
    apart = np.hypot(*(person[:, :2] - other[:, :2]).T)
    return float(np.nanmedian(apart)) if np.isfinite(apart).any() else math.inf


def most_prominent(people: Iterable[Person], width_px: int, height_px: int) -> Person | None:
    """Return the largest and most central person."""
    return max(people, key=lambda person: prominence(person, width_px, height_px), default=None)


def prominence(person: Person, width_px: int, height_px: int) -> float:
    """Return the person's size, weighted from 1 in the picture's middle to one half in its corners."""
    off = np.nanmean(person[:, :2], axis=0) / (width_px, height_px) - 0.5
    return size_px(person) * (1 - float(np.hypot(*off)) / math.sqrt(2))


def to_joints(person: Person) -> Joints:
    """Return the seventeen of the eighteen joints in our skeleton, without shoulders or hips that are guesses."""
    person = person.copy()
    faint = [joint for joint in _TRUNK if person[joint, 2] < _TRUNK_FROM]
    person[faint] = np.nan, np.nan, 0
    joints = planar.no_joints()
    joints[_JOINTS, :2] = person[_OURS, :2]
    joints[_JOINTS, 2] = np.clip(person[_OURS, 2] / _SURE, 0, 1)
    return joints
