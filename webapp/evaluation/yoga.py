"""Naming poses on photos, compared with the names of the photos' folders."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from webapp.errors import SettingsError
from webapp.motion.measures import Body
from webapp.motion.recognise import Recogniser
from webapp.pose import PoseBackend

NOTHING = "none"
LOOKS = 2
"""Times each photo is estimated: the second time the engine knows where the person is."""


@dataclass(frozen=True, slots=True)
class Named:
    """One photo: its pose, and the pose it was taken for."""

    truth: str
    found: str


def photos(folder: Path, poses: Collection[str]) -> list[Path]:
    """Return the photos in a folder of folders. Raises SettingsError if there are none, or a folder is no pose's."""
    if not folder.is_dir():
        raise SettingsError(f"There is no folder {folder}; name one that has a folder of photos for each pose.")
    found = sorted(path for path in folder.glob("*/*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"})
    if not found:
        raise SettingsError(f"{folder} contains no photos; each is expected in a folder named after its pose.")
    for name in sorted({path.parent.name for path in found} - {*poses, NOTHING}):
        raise SettingsError(
            f"{folder / name} is not named after a pose; choose {NOTHING} or one of {', '.join(poses)}."
        )
    return found


def name_photos(paths: list[Path], backend: PoseBackend, recogniser: Recogniser) -> Iterator[Named]:
    """Yield each photo with the pose it was taken for."""
    for path in paths:
        bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if bgr is None:
            raise SettingsError(f"{path} is not a readable picture; remove it.")
        yield Named(path.parent.name, _name(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8), backend, recogniser))


def _name(rgb: np.ndarray, backend: PoseBackend, recogniser: Recogniser) -> str:
    stream = backend.open()
    try:
        poses = [stream.estimate(rgb, look / 30) for look in range(LOOKS)]
    finally:
        stream.close()
    seen = [pose for pose in poses if pose is not None]
    found = recogniser.recognise(Body(seen[-1])) if seen else None
    return found[0] if found else NOTHING


def figures(named: list[Named]) -> dict[str, object]:
    """Return the figures: `confusion[truth][found]` is a number of photos."""
    confusion: dict[str, dict[str, int]] = {}
    for (truth, found), count in sorted(Counter((one.truth, one.found) for one in named).items()):
        confusion.setdefault(truth, {})[found] = count
    right = sum(one.truth == one.found for one in named)
    return {"photos": len(named), "accuracy": round(right / len(named), 4), "confusion": confusion}
