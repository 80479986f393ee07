"""Downloads of a person's own workout for other programs; share links offer none."""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response

from webapp.energy import workout_kcal
from webapp.errors import NoSeries
from webapp.exports.documents import with_units, workout_json
from webapp.exports.fit import Activity, fit
from webapp.exports.frames import frames_csv, frames_json
from webapp.exports.tables import holds_csv, reps_csv, sets_csv
from webapp.exports.trc import trc
from webapp.pages.site import Site
from webapp.parts import in_order, unpack
from webapp.records import Summary
from webapp.series import Series
from webapp.store import StoredWorkout
from webapp.store.history import sets_of

CSV = "text/csv; charset=utf-8; header=present"
JSON = "application/json"
TRC = "text/tab-separated-values; charset=utf-8"
FIT = "application/vnd.ant.fit"
NONE_KEPT = (
    "This workout has no stored landmarks: nobody was seen while it counted, or it is older than this feature, or "
    "this server does not store them. Its figures can still be downloaded."
)
AT_ONCE = 50
"""Samples of a long file formatted before other green threads run: some three milliseconds."""

Content = str | bytes | Iterable[str]
Make = Callable[[Site, StoredWorkout], Content]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A stored series, unpacked part by part on each iteration, and never held whole."""

    parts: list[bytes]

    def __iter__(self) -> Iterator[Series]:
        for _, part in in_order(self.parts):
            whole = Series(*unpack(part))
            for at in range(0, len(whole), AT_ONCE):
                cut = slice(at, at + AT_ONCE)
                yield Series(whole.t_s[cut], whole.image[cut], whole.world[cut], whole.aspect)
                time.sleep(0)  # let the frames of live workouts through while a long file is made


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the downloads of one workout."""
    for name, content_type, make in _FILES:
        view = partial(_answer, site, name, content_type, make)
        pages.add_url_rule(f"/workouts/<workout>/{name}", name.replace(".", "_"), view)


def _answer(site: Site, name: str, content_type: str, make: Make, workout: str) -> Response:
    kept = site.own(workout)
    return file_answer(make(site, kept), content_type, _file_name(site, kept, name))


def _file_name(site: Site, kept: StoredWorkout, name: str) -> str:
    """Return a file's name with the exercise and its day: `squat-2026-11-29-reps.csv`."""
    exercise = (kept.summary or kept).exercise
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", exercise).strip("-") or "workout"
    day = datetime.fromtimestamp(kept.started_at_s, site.zone()).date()
    return f"{plain}-{day}-{name}"


def file_answer(content: Content, content_type: str, name: str) -> Response:
    """Return a file as a download, streamed if it comes in pieces."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=content_type, headers=headers)


def pieces_of(site: Site, kept: StoredWorkout) -> Pieces:
    """Return the workout's landmarks. Raises NoSeries."""
    parts = site.store.series(kept.id)
    if not parts:
        raise NoSeries(NONE_KEPT)
    return Pieces(parts)


def _summary(site: Site, kept: StoredWorkout) -> Summary:
    summary = site.summary(kept)
    return replace(summary, sets=sets_of(summary))


def _reps_csv(site: Site, kept: StoredWorkout) -> str:
    return reps_csv(_summary(site, kept))


def _holds_csv(site: Site, kept: StoredWorkout) -> str:
    return holds_csv(_summary(site, kept))


def _sets_csv(site: Site, kept: StoredWorkout) -> str:
    return sets_csv(_summary(site, kept))


def _workout_json(site: Site, kept: StoredWorkout) -> str:
    return json.dumps(with_units(described(site, kept)), indent=1)


def described(site: Site, kept: StoredWorkout) -> dict[str, Any]:
    """Return everything stored of the workout except its landmarks, ready for JSON."""
    content = workout_json(kept.id, kept.started_at_s, _summary(site, kept), finished=kept.finished)
    return content | {"body_kg": kept.body_kg}


def _frames_csv(site: Site, kept: StoredWorkout) -> Iterable[str]:
    return frames_csv(pieces_of(site, kept))


def _frames_json(site: Site, kept: StoredWorkout) -> Iterable[str]:
    content = with_units({"workout": kept.id, "exercise": kept.exercise})
    return frames_json(content, pieces_of(site, kept))


def _markers_trc(site: Site, kept: StoredWorkout) -> Iterable[str]:
    return trc(_file_name(site, kept, "markers.trc"), pieces_of(site, kept))


def _activity_fit(site: Site, kept: StoredWorkout) -> bytes:
    summary = _summary(site, kept)
    exercise = site.library.get(kept.exercise)
    titles = {name: known.title for name, known in site.library.items()}
    took = workout_kcal(summary, site.library, kept.body_kg)
    kcal = None if took is None else sum(took) / 2
    return fit(Activity(kept.id, kept.started_at_s, summary, titles, exercise.group if exercise else "strength", kcal))


_FILES: tuple[tuple[str, str, Make], ...] = (
    ("reps.csv", CSV, _reps_csv),
    ("holds.csv", CSV, _holds_csv),
    ("sets.csv", CSV, _sets_csv),
    ("workout.json", JSON, _workout_json),
    ("frames.csv", CSV, _frames_csv),
    ("frames.json", JSON, _frames_json),
    ("markers.trc", TRC, _markers_trc),
    ("activity.fit", FIT, _activity_fit),
)
"""By the file's name in the address: its type and the function that makes it."""
