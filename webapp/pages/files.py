"""A person's own workout as files for other programs; never on a share link, which shows and hands out nothing."""

import json
from collections.abc import Iterable
from functools import partial

from flask import Blueprint, Response

from webapp.exports.documents import with_units, workout_json
from webapp.exports.tables import holds_csv, reps_csv, sets_csv
from webapp.pages.site import Site

CSV = "text/csv; charset=utf-8; header=present"


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the files of one workout."""
    for name, view in (
        ("reps.csv", _reps_csv),
        ("holds.csv", _holds_csv),
        ("sets.csv", _sets_csv),
        ("workout.json", _workout_json),
    ):
        pages.add_url_rule(f"/workouts/<workout>/{name}", name.replace(".", "_"), partial(view, site))


def _reps_csv(site: Site, workout: str) -> Response:
    return file_answer(reps_csv(site.summary(site.own(workout)).reps), CSV, f"{workout}-repetitions.csv")


def _holds_csv(site: Site, workout: str) -> Response:
    return file_answer(holds_csv(site.summary(site.own(workout)).holds), CSV, f"{workout}-holds.csv")


def _sets_csv(site: Site, workout: str) -> Response:
    return file_answer(sets_csv(site.summary(site.own(workout)).sets), CSV, f"{workout}-sets.csv")


def _workout_json(site: Site, workout: str) -> Response:
    kept = site.own(workout)
    content = workout_json(kept.id, kept.started_at_s, site.summary(kept), finished=kept.finished)
    return file_answer(json.dumps(with_units(content), indent=1), "application/json", f"{workout}.json")


def file_answer(content: str | bytes | Iterable[str], content_type: str, name: str) -> Response:
    """Return a file to be saved; one that comes in pieces is sent as they come."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=content_type, headers=headers)
