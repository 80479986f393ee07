"""Data for a workout's chart and replay, for its owner and for visitors of its link."""

import struct
from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, jsonify, request

from webapp.errors import BadMessage
from webapp.pages.charts import Charts, curves
from webapp.pages.signal import marks, skeleton, stretches
from webapp.pages.site import Site
from webapp.pages.stored_series import every_part, readable
from webapp.parts import begins_s, times_s
from webapp.store import StoredWorkout
from webapp.store.history import sets_of

PARTS = 12
"""Parts of five seconds sent at a time: the ones in view come first."""

FOR_WHO_HAS_THE_LINK = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}

View = Callable[[Site, StoredWorkout], Response]
"""Answers with some of a workout's data."""


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the data of a workout's chart and replay."""
    signal = partial(_signal, Charts())
    for name, view in (("replay.json", _content), ("replay.bin", _replay), ("signal.json", signal)):
        endpoint = name.replace(".", "_")
        pages.add_url_rule(f"/workouts/<workout>/{name}", endpoint, partial(_own, site, view))
        pages.add_url_rule(f"/share/<link>/{name}", f"shared_{endpoint}", partial(_shared, site, view))


def _own(site: Site, view: View, workout: str) -> Response:
    return view(site, site.own(workout))


def _shared(site: Site, view: View, link: str) -> Response:
    answer = view(site, site.shared(link))
    answer.headers.update(FOR_WHO_HAS_THE_LINK)
    return answer


def _replay(site: Site, kept: StoredWorkout) -> Response:
    """Return some stored parts of the series, each after its length (uint32, little-endian)."""
    first = request.args.get("from", "0")
    if not (first.isascii() and first.isdigit() and len(first) < 10):
        raise BadMessage("The replay starts from a part's number, 0 or more.")
    parts = site.store.series(kept.id, int(first), PARTS)
    body = b"".join(struct.pack("<I", len(part)) + part for part in parts)
    return Response(body, content_type="application/octet-stream")


def _content(site: Site, kept: StoredWorkout) -> Response:
    """Return the timeline: when each part begins, when the last one ends, and what is done meanwhile."""
    summary = site.summary(kept)
    starts_s: list[float] = []
    last: bytes | None = None
    with readable(kept):
        for last in every_part(site.store, kept.id):
            starts_s.append(round(begins_s(last) - summary.start_s, 3))
        ends_s = times_s(last)[-1] if last else summary.start_s
    drawn = [
        {"exercise": name, "marks": marks(summary, own, site.library.get(name))}
        for name, own in stretches(sets_of(summary))
    ]
    return jsonify(
        skeleton=skeleton(),
        start_s=summary.start_s,
        parts_s=starts_s,
        parts_at_a_time=PARTS,
        ends_s=round(float(ends_s) - summary.start_s, 3),
        exercises=drawn,
    )


def _signal(charts: Charts, site: Site, kept: StoredWorkout) -> Response:
    """Return the curve of each exercise."""
    body = charts.of(kept, lambda: jsonify(exercises=curves(site, kept)).get_data())
    return Response(body, content_type="application/json")
