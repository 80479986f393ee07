"""Labelled people: readers of pictures with joints in the formats of MPII, COCO and LSP.

Each labelled person becomes one `Labelled`. Two people in a picture are two, each with its own box: single-person
engines are evaluated as in the papers, on the intended person.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from webapp.errors import SettingsError
from webapp.skeleton import COCO17, JOINT, JOINTS, MPII16

Array = npt.NDArray[np.float64]
Row = Mapping[str, Any]

_MARGIN = 1.25  # of COCO's and MPII's boxes: the margin used by the datasets' own tools
_MPII_SCALE_PX = 200.0  # MPII gives a person's height in units of this
_MPII_NECK, _MPII_HEAD_TOP = 8, 9
_HEAD_BOX = 0.6  # MPII's evaluation uses this part of the head box's diagonal as the head's length


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """One person's labels.

    joints: (33, 2) pixels of the picture, NaN where not labelled.
    head_px: length of the head, PCKh's unit of error; NaN if unknown.
    box: left, top, right, bottom in pixels, where to look for the person; None for the whole picture.
    area_px2: of the person's outline, OKS's unit of error; NaN if unknown.
    """

    picture: Path
    joints: Array
    head_px: float = np.nan
    box: tuple[float, float, float, float] | None = None
    area_px2: float = np.nan

    @property
    def torso_px(self) -> float:
        """The longer diagonal from a shoulder to the opposite hip in pixels, PCK's unit of error."""
        diagonals = (("left_shoulder", "right_hip"), ("right_shoulder", "left_hip"))
        lengths = [np.hypot(*(self.joints[JOINT[a]] - self.joints[JOINT[b]])) for a, b in diagonals]
        return float(np.fmax(*lengths))


def read_lsp(folder: Path) -> list[Labelled]:
    """Read Leeds Sports Pose: a JSON of `joint_names` and `images`, each with its 14 `joints` as x, y, labelled."""
    data = _the_json(folder, "lsp")
    names: list[str] = data["joint_names"]
    order = [JOINT.get(name.replace("l_", "left_", 1).replace("r_", "right_", 1)) for name in names]
    head = names.index("neck"), names.index("head_top")
    people = []
    for row in data["images"]:
        points = _points(row["joints"])
        people.append(Labelled(folder / row["file"], _placed(points, order), _distance(points, *head)))
    return people


def read_mpii(folder: Path) -> list[Labelled]:
    """Read MPII: a JSON list of `image`, `joints` (16), `joints_vis`, `center`, `scale` and, if known, `headbox`.

    Without a head box the head extends from the neck to the top of the head, joints 8 and 9.
    """
    return [_mpii_person(folder, row) for row in _the_json(folder, "mpii")]


def _mpii_person(folder: Path, row: Row) -> Labelled:
    points = _points([(*point, seen) for point, seen in zip(row["joints"], row["joints_vis"], strict=True)])
    head_px = _distance(points, _MPII_NECK, _MPII_HEAD_TOP)
    if "headbox" in row:
        left, top, right, bottom = row["headbox"]
        head_px = _HEAD_BOX * float(np.hypot(right - left, bottom - top))
    half = row["scale"] * _MPII_SCALE_PX * _MARGIN / 2
    x, y = row["center"]
    return Labelled(folder / row["image"], _placed(points, MPII16), head_px, (x - half, y - half, x + half, y + half))


def read_coco(folder: Path) -> list[Labelled]:
    """Read COCO: `images` and `annotations` of persons, without crowds and people without a labelled joint."""
    data = _the_json(folder, "coco")
    files = {row["id"]: folder / row["file_name"] for row in data["images"]}
    return [
        _coco_person(files[row["image_id"]], row)
        for row in data["annotations"]
        if row.get("num_keypoints", 0) and not row.get("iscrowd")
    ]


def _coco_person(path: Path, row: Row) -> Labelled:
    points = _points(np.reshape(row["keypoints"], (-1, 3)))
    left, top, width, height = row["bbox"]
    grow_x, grow_y = width * (_MARGIN - 1) / 2, height * (_MARGIN - 1) / 2
    box = left - grow_x, top - grow_y, left + width + grow_x, top + height + grow_y
    return Labelled(path, _placed(points, COCO17), box=box, area_px2=float(row["area"]))


READERS: Mapping[str, Callable[[Path], list[Labelled]]] = {"lsp": read_lsp, "mpii": read_mpii, "coco": read_coco}


def format_of(folder: Path) -> str:
    """Return the format of the first labels in the folder. Raises SettingsError if there are none in a known one."""
    for path in sorted(folder.glob("*.json")):
        data = _content(path)
        for dataset in READERS:
            if _is_in_format(data, dataset):
                return dataset
    known = f"{', '.join(list(READERS)[:-1])} or {list(READERS)[-1]}"
    raise SettingsError(f"There is no JSON file with labels in the format of {known} in {folder}; put it there.")


def read(folder: Path, dataset: str) -> list[Labelled]:
    """Read a folder of pictures and labels. Raises SettingsError if it is not in the dataset's format."""
    try:
        people = READERS[dataset](folder)
    except KeyError as exc:
        raise SettingsError(f"The labels in {folder} are not in the format of {dataset}: they lack {exc}.") from exc
    except (ValueError, TypeError, IndexError, AttributeError) as exc:
        raise SettingsError(f"The labels in {folder} are not in the format of {dataset}: {exc}.") from exc
    people = [person for person in people if person.picture.is_file()]
    if not people:
        raise SettingsError(f"None of the pictures named by the labels in {folder} exists.")
    return people


def _the_json(folder: Path, dataset: str) -> Any:  # noqa: ANN401 - in the dataset's format
    """Return the contents of the first JSON file in the right format in the folder."""
    for path in sorted(folder.glob("*.json")):
        data = _content(path)
        if _is_in_format(data, dataset):
            return data
    raise SettingsError(f"There is no JSON file with labels in the format of {dataset} in {folder}; put it there.")


def _content(path: Path) -> Any:  # noqa: ANN401 - whatever a JSON file holds
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise SettingsError(f"{path} cannot be read: {exc}.") from exc


def _is_in_format(data: Any, dataset: str) -> bool:  # noqa: ANN401 - as above
    if dataset == "lsp":
        return isinstance(data, dict) and "joint_names" in data
    rows = data.get("annotations") if dataset == "coco" and isinstance(data, dict) else data
    if not (isinstance(rows, list) and rows and isinstance(rows[0], dict)):
        return False
    if dataset == "mpii":
        return "joints_vis" in rows[0]
    return len(rows[0].get("keypoints", ())) == 3 * len(COCO17) and "foot_kpts" not in rows[0]


def _points(rows: Sequence[Sequence[float]] | Array) -> Array:
    """Return (N, 2), NaN where the third column marks the joint as not labelled."""
    table = np.array(rows, dtype=np.float64)
    return np.where(table[:, 2:] > 0, table[:, :2], np.nan)


def _distance(points: Array, first: int, second: int) -> float:
    return float(np.hypot(*(points[first] - points[second])))


def _placed(points: Array, order: Sequence[int | None]) -> Array:
    """Return (33, 2): each point at its joint's number."""
    joints = np.full((len(JOINTS), 2), np.nan)
    for point, joint in zip(points, order, strict=True):
        if joint is not None:
            joints[joint] = point
    return joints
