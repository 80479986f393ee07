"""A workout's own pages: its summary, and its share link."""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.errors import BadMessage
from webapp.pages.card import card_says
from webapp.pages.replay import FOR_WHO_HAS_THE_LINK
from webapp.pages.site import Site
from webapp.pages.summary import make_page
from webapp.pages.wording import short_day, title_of
from webapp.store import Share, StoredWorkout

SHARE_BYTES = 16
DAYS = {"1": "after 1 day", "7": "after 1 week", "30": "after 30 days", "": "never"}
"""Durations of a link, by the form's value."""


@dataclass(frozen=True, slots=True)
class Link:
    """A share as its owner sees it."""

    url: str
    until: datetime | None


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the pages of one workout."""
    pages.add_url_rule("/workouts/<workout>", "summary", partial(_summary, site))
    pages.add_url_rule("/workouts/<workout>/share", "share", partial(_share, site), methods=["POST"])
    pages.add_url_rule("/workouts/<workout>/unshare", "unshare", partial(_unshare, site), methods=["POST"])
    pages.add_url_rule("/workouts/<workout>/delete", "confirm_discard", partial(_confirm_discard, site))
    pages.add_url_rule("/workouts/<workout>/delete", "discard", partial(_discard, site), methods=["POST"])
    pages.add_url_rule("/share/<link>", "shared", partial(_shared, site))


def _summary(site: Site, workout: str) -> str:
    kept = site.own(workout)
    share = site.store.share_of(kept.id)
    if share is not None and share.expired(time.time()):
        share = None
    link = _link(site, share) if share else None
    has_series = site.store.has_series(kept.id)
    return _show(site, kept, own=kept.id, link=link, days=DAYS, token=site.form_token(), has_series=has_series)


def _show(site: Site, kept: StoredWorkout, **more: object) -> str:
    before = site.store.records(kept.person, before_s=kept.started_at_s) if kept.person else ()
    page = make_page(kept, site.store.events(kept.id), site.library, before, site.zone())
    return render_template("summary.html", page=page, card_says=card_says(site, kept), **more)


def _link(site: Site, share: Share) -> Link:
    until = None if share.expires_at_s is None else datetime.fromtimestamp(share.expires_at_s).astimezone(site.zone())
    return Link(url_for("pages.shared", link=site.people.link(share.id), _external=True), until)


def _share(site: Site, workout: str) -> ResponseReturnValue:
    kept = site.own(workout)
    site.check_form()
    days = request.form.get("days", "")
    if days not in DAYS:
        raise BadMessage("A link lasts for a day, a week, 30 days, or until it is revoked.")
    expires_at_s = time.time() + int(days) * 86400 if days else None
    site.store.share(Share(secrets.token_urlsafe(SHARE_BYTES), kept.id, expires_at_s))
    return _back(workout)


def _unshare(site: Site, workout: str) -> ResponseReturnValue:
    kept = site.own(workout)
    site.check_form()
    site.store.unshare(kept.id)
    return _back(workout)


def _confirm_discard(site: Site, workout: str) -> str:
    kept = site.own(workout)
    day = short_day(datetime.fromtimestamp(kept.started_at_s, site.zone()).date())
    said = f"{title_of(site.library, kept.exercise)}, {day}: all figures, the replay and any link to it go."
    return render_template(
        "delete.html",
        heading="Delete this workout?",
        said=said,
        button="Delete this workout",
        action=url_for("pages.discard", workout=workout),
        back=url_for("pages.summary", workout=workout),
        token=site.form_token(),
    )


def _discard(site: Site, workout: str) -> ResponseReturnValue:
    kept = site.own(workout)
    site.check_form()
    if not kept.finished:
        raise BadMessage("This workout is still running: stop it first, then delete it.")
    site.store.discard(kept.id)
    return redirect(url_for("pages.workouts"), 303)


def _back(workout: str) -> ResponseReturnValue:
    return redirect(url_for("pages.summary", workout=workout, _anchor="share"), 303)


def _shared(site: Site, link: str) -> ResponseReturnValue:
    return _show(site, site.shared(link), link_name=link), FOR_WHO_HAS_THE_LINK
