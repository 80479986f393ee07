"""Accuracy and speed of an engine on labelled pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from time import perf_counter

import numpy as np
import numpy.typing as npt

from webapp.errors import ClientError, SettingsError
from webapp.evaluation import accuracy
from webapp.evaluation.accuracy import Rate, Scene
from webapp.evaluation.keypoints import Labelled
from webapp.pose import PoseBackend, RgbImage, picture
from webapp.records import Pose

Array = npt.NDArray[np.float64]

PCK_LIMITS = (0.2,)
PCKH_LIMITS = (0.5, 0.1)
_TIMED = 20
_FRAME_S = 1 / 30


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """The result. Rates are in percent, NaN or None where the dataset does not allow them.

    found: how many of the people got a pose at all. ms: median time of a frame while the person is tracked. joints: how
    many kinds of the 33 joints both the labels and the engine have.
    """

    engine: str
    dataset: str
    images: int
    people: int
    found: int
    joints: int
    ms: float
    pck: dict[float, Rate]
    pckh: dict[float, Rate]
    oks_map: float | None


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    label: Labelled
    found: Array
    score: float


def judge(
    backend: PoseBackend,
    judged: Sequence[int],
    people: Sequence[Labelled],
    dataset: str,
    progress: Callable[[float], object],
) -> Report:
    """Estimate every labelled person with a stream of its own, and measure how close the joints come.

    judged: the joints that count, those the engine has. progress: called with the part done, 0 to 1.
    Raises SettingsError for a picture that cannot be read.
    """
    results: list[_Judged] = []
    times_ms: list[float] = []
    for path, labels in groupby(people, key=attrgetter("picture")):
        rgb = _decoded(path)
        for label in labels:
            found, ms = _look(backend, rgb, label, timed=len(times_ms) < _TIMED)
            results.append(found)
            times_ms += ms
            progress(len(results) / len(people))
    return _report(backend.name, dataset, judged, results, float(np.median(times_ms or np.nan)))


def _decoded(path: Path) -> RgbImage:
    try:
        return picture.decode(path.read_bytes())
    except (OSError, ClientError) as exc:
        raise SettingsError(
            f"{path} is not a readable JPEG picture; remove it, or its people from the labels."
        ) from exc


def _look(backend: PoseBackend, rgb: RgbImage, label: Labelled, *, timed: bool) -> tuple[_Judged, list[float]]:
    """Return the person's pose, and the time of a second frame of the same picture.

    Nobody is found where the box has no pixel of the picture.
    """
    crop, corner = _cut(rgb, label)
    if not crop.size:
        return _judged(label, None, crop, corner), []
    stream = backend.open()
    pose = stream.estimate(crop, 0.0)
    times_ms = []
    if timed:
        began = perf_counter()
        stream.estimate(crop, _FRAME_S)
        times_ms.append((perf_counter() - began) * 1000)
    stream.close()
    return _judged(label, pose, crop, corner), times_ms


def _cut(rgb: RgbImage, label: Labelled) -> tuple[RgbImage, tuple[int, int]]:
    """Return the part of the picture in which to look for the person, and its top left corner."""
    if label.box is None:
        return rgb, (0, 0)
    left, top = (max(0, int(value)) for value in label.box[:2])
    right, bottom = (max(0, int(np.ceil(value))) for value in label.box[2:])
    return np.ascontiguousarray(rgb[top:bottom, left:right]), (left, top)


def _judged(label: Labelled, pose: Pose | None, crop: RgbImage, corner: tuple[int, int]) -> _Judged:
    if pose is None:
        return _Judged(label, np.full(label.joints.shape, np.nan), 0.0)
    seen = pose.image[:, 3] > 0
    found = np.where(seen[:, None], pose.image[:, :2] * (crop.shape[1], crop.shape[0]) + corner, np.nan)
    return _Judged(label, found.astype(np.float64), float(pose.image[seen, 3].mean()) if seen.any() else 0.0)


def _report(engine: str, dataset: str, judged: Sequence[int], results: Sequence[_Judged], ms: float) -> Report:
    errors_px = np.array([accuracy.errors_px(person.found, person.label.joints, judged) for person in results])
    torso_px = np.array([person.label.torso_px for person in results])
    head_px = np.array([person.label.head_px for person in results])
    return Report(
        engine=engine,
        dataset=dataset,
        images=len({person.label.picture for person in results}),
        people=len(results),
        found=sum(bool(np.isfinite(person.found).any()) for person in results),
        joints=int((~np.isnan(errors_px)).any(axis=0).sum()),
        ms=ms,
        pck=_rates(errors_px, torso_px, PCK_LIMITS),
        pckh=_rates(errors_px, head_px, PCKH_LIMITS),
        oks_map=_oks_map(results, judged),
    )


def _rates(errors_px: Array, unit_px: Array, limits: Sequence[float]) -> dict[float, Rate]:
    """Return the rates at each limit; none if no person has the unit."""
    if np.isnan(unit_px).all():
        return {}
    with np.errstate(invalid="ignore"):
        errors = errors_px / unit_px[:, None]
    return {limit: accuracy.rate(errors, limit) for limit in limits}


def _oks_map(results: Sequence[_Judged], judged: Sequence[int]) -> float | None:
    if any(np.isnan(person.label.area_px2) for person in results):
        return None
    scenes = []
    for _, group in groupby(results, key=lambda person: person.label.picture):
        people = list(group)
        found = [person for person in people if np.isfinite(person.found).any()]
        similar = [[accuracy.oks(a.found, b.label.joints, b.label.area_px2, judged) for b in people] for a in found]
        scores = np.array([person.score for person in found])
        scenes.append(Scene(np.array(similar).reshape(len(found), len(people)), scores))
    return accuracy.mean_average_precision(scenes)
