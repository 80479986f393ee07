"""Export and deletion of everything stored about a person."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from webapp.exports.documents import with_units
from webapp.exports.frames import person_json
from webapp.pages.files import JSON, Pieces, described, file_answer
from webapp.pages.site import ZONE, Site
from webapp.pages.wording import counted
from webapp.people import COOKIE
from webapp.store import StoredWorkout

AT_ONCE = 100


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the pages that export and delete a person's data."""
    pages.add_url_rule("/data", "data", partial(_data, site))
    pages.add_url_rule("/data/export.json", "export", partial(_export, site))
    pages.add_url_rule("/data/delete", "confirm_delete", partial(_confirm, site))
    pages.add_url_rule("/data/delete", "delete", partial(_delete, site), methods=["POST"])


def _data(site: Site) -> str:
    return render_template("data.html", known=site.person() is not None, count=_count(site))


def _count(site: Site) -> int:
    person = site.person()
    return site.store.count(person) if person else 0


def _export(site: Site) -> Response:
    person = site.person()
    content = with_units({"person": person or ""})
    return file_answer(person_json(content, _workouts(site, person)), JSON, "posecoach.json")


def _workouts(site: Site, person: str | None) -> Iterator[tuple[dict[str, Any], Pieces]]:
    for kept in _every(site, person) if person else ():
        share = site.store.share_of(kept.id)
        content = described(site, kept) | {"share": {"expires_at_s": share.expires_at_s} if share else None}
        yield content, Pieces(site.store.series(kept.id))


def _every(site: Site, person: str) -> Iterator[StoredWorkout]:
    """Yield the person's workouts in batches: all together may exceed the memory."""
    last: str | None = None
    while page := site.store.recent(person, AT_ONCE, before=last):
        yield from page
        last = page[-1].id


def _confirm(site: Site) -> str:
    return render_template(
        "delete.html",
        heading="Delete everything?",
        said=f"{counted(_count(site), 'workout')} and all figures go, and the links you shared stop working. A workout "
        "in progress ends.",
        button="Delete everything",
        action=url_for("pages.delete"),
        back=url_for("pages.data"),
        token=site.form_token(),
    )


def _delete(site: Site) -> Response:
    person = site.check_form()
    site.forget_live(person)  # before the rows are deleted, so that nothing is stored afterwards
    site.store.forget(person)
    answer = make_response(redirect(url_for("pages.data"), 303))
    answer.delete_cookie(COOKIE)
    answer.delete_cookie(ZONE)
    return answer
