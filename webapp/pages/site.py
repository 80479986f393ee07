"""What every page needs: the parts of the server, and the person behind a request."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from webapp.card import Card, draw
from webapp.errors import Forbidden, NoWorkout
from webapp.motion.exercise import Exercise
from webapp.pages.summary import so_far
from webapp.people import COOKIE, People
from webapp.pose.offers import Offers
from webapp.records import Summary
from webapp.store import Store, StoredWorkout
from webapp.uploads import Uploads

GROUPS = {"strength": "Strength", "cardio": "Cardio", "hold": "Holds", "yoga": "Yoga"}
"""The title of each group of exercises, in the order of the pages."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Scripts, styles, fonts and sockets come from this server as files: nothing inline, nothing from elsewhere."""

ZONE = "zone"
"""The cookie with the browser's time zone, set by `static/js/time_zone.js`."""

COOKIE_DAYS = 400
"""The longest that a browser keeps a cookie (RFC 6265bis, section 5.5); each workout renews it."""

MOST_FORM_BYTES = 10_000

GONE = "There is nothing at this address: it may have been deleted, belong to another browser, or never have existed."
"""Shown for everything that a person may not see, so that it looks the same as what never existed."""

NO_LINK = "This link leads to no workout: it may have expired, been revoked, or never have worked."


def keep_cookie(response: BaseResponse, name: str, value: str) -> None:
    """Give the browser a cookie for COOKIE_DAYS that no script can read and no other site's form can send."""
    response.set_cookie(
        name, value, max_age=COOKIE_DAYS * 86400, secure=request.is_secure, httponly=True, samesite="Lax"
    )


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of the server that pages need.

    forget_live: ends a person's workouts in progress and stores nothing. draw: draws cards, `webapp.card.draw`.
    """

    store: Store
    library: Mapping[str, Exercise]
    offers: Offers
    people: People
    forget_live: Callable[[str], None]
    uploads: Uploads
    draw: Callable[[Card, Path], bytes] = draw

    def groups(self) -> list[tuple[str, list[Exercise]]]:
        """Return the exercises of each group under its title, in order of their own titles."""
        by_title = sorted(self.library.values(), key=lambda exercise: exercise.title)
        groups = ((title, [one for one in by_title if one.group == group]) for group, title in GROUPS.items())
        return [(title, exercises) for title, exercises in groups if exercises]

    def person(self) -> str | None:
        """Return the person behind the request; None for an unknown browser."""
        return self.people.person(request.cookies.get(COOKIE, ""))

    def zone(self) -> tzinfo | None:
        """Return the time zone of the pages' days: the browser's if known, or else the server's."""
        name = request.cookies.get(ZONE, "")
        try:
            return ZoneInfo(name) if name else None
        except (ZoneInfoNotFoundError, ValueError, OSError):  # invalid, or newer than this machine's list
            return None

    def keep_person(self, response: Response, person: str | None = None) -> Response:
        """Give the browser its person's cookie; `person` is a newcomer already used by the response."""
        keep_cookie(response, COOKIE, self.people.cookie(person or self.person() or self.people.newcomer()))
        return response

    def kept(self, workout: str) -> StoredWorkout:
        """Return the workout, whoever owns it. Raises NoWorkout, with the same message whatever is missing."""
        try:
            if workout.isalnum():  # a database may reject other text with its own error
                return self.store.workout(workout)
        except NoWorkout:
            pass
        raise NoWorkout(GONE)

    def own(self, workout: str) -> StoredWorkout:
        """Return the person's own workout. Raises NoWorkout, also for another person's."""
        kept = self.kept(workout)
        if kept.person is None or kept.person != self.person():
            raise NoWorkout(GONE)
        return kept

    def shared(self, link: str) -> StoredWorkout:
        """Return the workout of a link. Raises NoWorkout, with the same words for a wrong and for a former link.

        The weight is removed, and the energy with it, from which anybody could compute the weight.
        """
        name = self.people.share(link)
        share = self.store.shared(name) if name else None
        if share is None or share.expired(time.time()):
            raise NoWorkout(NO_LINK)
        return replace(self.kept(share.workout), body_kg=None)

    def summary(self, kept: StoredWorkout) -> Summary:
        """Return the workout's summary; of one in progress, what was counted so far."""
        return kept.summary or so_far(kept, self.store.events(kept.id), self.library)

    def sender(self) -> str:
        """Return the person who sent this form, or raise Forbidden; the caller has to check its token."""
        origin = request.headers.get("Origin")
        person = self.person()
        if person is None or origin not in (None, request.host_url.rstrip("/")):
            raise Forbidden("This form does not come from a page of this server; reload the page and try again.")
        return person

    def check_form(self) -> str:
        """Return the person who sent this form from one of our pages, or raise Forbidden."""
        request.max_content_length = MOST_FORM_BYTES
        person = self.sender()
        self.people.check_form(person, request.form.get("token", ""))
        return person

    def form_token(self) -> str:
        """Return the token for this person's forms."""
        return self.people.form_token(self.person() or "")
