"""Every stored landmark of a workout as CSV or JSON: one row a sample, the same columns in both.

Half an hour is some 90 MB of text, so it is generated and sent in pieces.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from webapp.series import Series
from webapp.skeleton import JOINTS

COLUMNS = (
    "time [s since 1970]",
    "aspect [width / height]",
    *(
        f"{joint} {what}"
        for joint in JOINTS
        for what in (
            "x [1 = frame width]",
            "y [1 = frame height]",
            "z [1 = frame width]",
            "visibility [0 to 1]",
            "world x [m]",
            "world y [m]",
            "world z [m]",
        )
    ),
)
ABOUT = {
    "x, y": "in the unmirrored picture, from its left and its top",
    "z": "from mid-hip, negative towards the camera",
    "world": "from mid-hip; x to the picture's right, y down, z away from the camera",
    "empty or null": "not known: nobody in view, or a joint that the engine does not find",
}
"""The frames of reference."""

_ROW = ",".join(("%.3f", "%.4f", *("%.4f,%.4f,%.4f,%.2f,%.4f,%.4f,%.4f" for _ in JOINTS)))


def frames_csv(pieces: Iterable[Series]) -> Iterator[str]:
    """Yield a table (RFC 4180), one piece of the series at a time."""
    yield ",".join(COLUMNS) + "\r\n"
    for piece in pieces:
        yield "".join(row.replace("nan", "") + "\r\n" for row in _rows(piece))


def frames_json(content: Mapping[str, Any], pieces: Iterable[Series]) -> Iterator[str]:
    """Yield a JSON object with the content, then `columns` and `frames`, a list of rows, in pieces."""
    yield from _with_frames({**content, "frames_of_reference": ABOUT, "columns": COLUMNS}, pieces)
    yield "\n"


def person_json(
    content: Mapping[str, Any], workouts: Iterable[tuple[Mapping[str, Any], Iterable[Series]]]
) -> Iterator[str]:
    """Yield a JSON object with the content, `columns` and `workouts`, each with its `frames`, in pieces."""
    yield _opened({**content, "frames_of_reference": ABOUT, "columns": COLUMNS}, "workouts")
    mark = "\n"
    for workout, pieces in workouts:
        yield mark
        yield from _with_frames(workout, pieces)
        mark = ",\n"
    yield "\n]}\n"


def _with_frames(content: Mapping[str, Any], pieces: Iterable[Series]) -> Iterator[str]:
    yield _opened(content, "frames")
    mark = "\n"
    for piece in pieces:
        yield mark + ",\n".join(f"[{row.replace('nan', 'null')}]" for row in _rows(piece))
        mark = ",\n"
    yield "\n]}"


def _opened(content: Mapping[str, Any], key: str) -> str:
    """Return the content as an unfinished JSON object that ends with an open list under that key."""
    return json.dumps({**content, key: []}, indent=1).removesuffix("]\n}")


def _rows(piece: Series) -> Iterator[str]:
    joints = np.concatenate((piece.image, piece.world), axis=2).reshape(len(piece), -1)
    for t_s, values in zip(piece.t_s.tolist(), joints.tolist(), strict=True):
        yield _ROW % (t_s, piece.aspect, *values)
