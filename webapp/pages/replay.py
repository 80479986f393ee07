"""What a workout's page fetches to draw its chart and its replay, for its person and for whoever has its link."""

import struct
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, request

from webapp.errors import BadMessage, StoreError
from webapp.motion.exercise import Exercise
from webapp.motion.shown import DEGREES, shown
from webapp.pages.signal import curve, marks, sampled, skeleton, stretches
from webapp.pages.site import Site
from webapp.parts import begins_s
from webapp.records import Set, Summary
from webapp.series import Series, read_series
from webapp.store import StoredWorkout
from webapp.store.history import sets_of

PARTS = 12
"""How many parts of the series, five seconds each, are sent at a time: what is looked at comes first."""
SAMPLES_AT_A_TIME, PARTS_AT_A_TIME = 50, 5
"""Measured, or read, before others are let in: either takes some milliseconds."""

FOR_WHO_HAS_THE_LINK = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}

Whose = Callable[[str], StoredWorkout]
"""The workout that a name or a link stands for; NoWorkout for who may not see it."""


def add_to(pages: Blueprint, site: Site) -> None:
    """Add what is drawn of a workout."""
    for name, view in (("replay.json", _content), ("replay.bin", _replay), ("signal.json", _signal)):
        endpoint = name.replace(".", "_")
        pages.add_url_rule(f"/workouts/<workout>/{name}", endpoint, partial(_own, site, view))
        pages.add_url_rule(f"/share/<link>/{name}", f"shared_{endpoint}", partial(_shared, site, view))


def _own(site: Site, view: Callable[[Site, StoredWorkout], Response], workout: str) -> Response:
    return view(site, site.own(workout))


def _shared(site: Site, view: Callable[[Site, StoredWorkout], Response], link: str) -> Response:
    answer = view(site, site.shared(link))
    answer.headers.update(FOR_WHO_HAS_THE_LINK)
    return answer


def _replay(site: Site, kept: StoredWorkout) -> Response:
    """Return some parts of the series as they are kept, each after its length (uint32, little-endian)."""
    first = request.args.get("from", "0")
    if not (first.isascii() and first.isdigit() and len(first) < 10):
        raise BadMessage("The replay begins from a part's number: 0 or more.")
    parts = site.store.series(kept.id, int(first), PARTS)
    body = b"".join(struct.pack("<I", len(part)) + part for part in parts)
    return Response(body, content_type="application/octet-stream")


def _content(site: Site, kept: StoredWorkout) -> Response:
    """Return what there is to be seen: when each part begins, when the last one ends, and what is done meanwhile."""
    parts = site.store.series(kept.id)
    summary = site.summary(kept)
    ends_s = _read(kept, parts[-1:]).t_s[-1] if parts else summary.start_s
    drawn = [
        {"exercise": name, "marks": marks(summary, own, site.library.get(name))}
        for name, own in stretches(sets_of(summary))
    ]
    return jsonify(
        skeleton=skeleton(),
        start_s=summary.start_s,
        parts_s=[round(begins_s(part) - summary.start_s, 3) for part in parts],
        parts_at_a_time=PARTS,
        ends_s=round(float(ends_s) - summary.start_s, 3),
        exercises=drawn,
    )


def _signal(site: Site, kept: StoredWorkout) -> Response:
    """Return the curve of each exercise."""
    parts = site.store.series(kept.id)
    summary = site.summary(kept)
    if not parts:
        return jsonify(exercises=[])
    series = _read(kept, parts)
    drawn = [_stretch(site.library.get(name), name, summary, own, series) for name, own in stretches(sets_of(summary))]
    return jsonify(exercises=[one for one in drawn if one is not None])


def _read(kept: StoredWorkout, parts: list[bytes]) -> Series:
    """Return what some parts hold, of which there is one at least; StoreError when they cannot be read."""
    try:
        series = read_series(_letting_others_in(parts))
    except ValueError as exc:
        raise StoreError(f"The landmark series of workout {kept.id} cannot be read: {exc}") from exc
    if series is None:
        raise StoreError(f"The landmark series of workout {kept.id} holds nothing.")
    return series


def _letting_others_in(parts: list[bytes]) -> Iterator[bytes]:
    for number, part in enumerate(parts, 1):
        yield part
        if number % PARTS_AT_A_TIME == 0:
            time.sleep(0)  # others' frames first


def _stretch(
    exercise: Exercise | None, name: str, summary: Summary, sets: tuple[Set, ...], series: Series
) -> dict[str, Any] | None:
    """Return the curve of one exercise; None where there is no measure to draw."""
    numbers = {one.number for one in sets}
    holds = [hold for hold in summary.holds if hold.set in numbers]
    done = [rep for rep in summary.reps if rep.set in numbers] + holds
    what = shown(exercise, [hold.side for hold in holds]) if exercise else None
    if what is None:
        return None
    times_s: list[float] = []
    values: list[list[float | None]] = [[] for _ in what.lines]
    for t_s, row in curve(series, sampled(series, sets, done, exercise), what):
        times_s.append(round(t_s - summary.start_s, 3))
        for column, value in zip(values, row, strict=True):
            column.append(None if value is None else round(value, 1 if what.unit == DEGREES else 3))
        if len(times_s) % SAMPLES_AT_A_TIME == 0:
            time.sleep(0)
    lines = [{"side": line.side, "values": column} for line, column in zip(what.lines, values, strict=True)]
    axis = {"title": what.title, "unit": what.unit, "target": what.target, "low": what.low, "high": what.high}
    return {"exercise": name, **axis, "t_s": times_s, "lines": lines}
