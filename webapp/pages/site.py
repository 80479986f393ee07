"""What every page is made from: the parts of the server, and whose request this is."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Response, request

from webapp.card import Card, draw
from webapp.errors import Forbidden, NoWorkout
from webapp.motion.exercise import Exercise
from webapp.pages.summary import so_far
from webapp.people import COOKIE, People
from webapp.pose.offers import Offers
from webapp.records import Summary
from webapp.store import Store, StoredWorkout
from webapp.uploads import Uploads

ZONE = "zone"
"""The cookie in which `static/js/time_zone.js` gives the browser's time zone."""

COOKIE_DAYS = 400
"""The longest that a browser keeps a cookie (RFC 6265bis, section 5.5); each workout begins it anew."""

MOST_FORM_BYTES = 10_000

GONE = "There is none under this address: it may have been deleted, or another browser's, or never have been."
"""Said of all that one may not see, so that it cannot be told from what never was."""


@dataclass(frozen=True, slots=True)
class Site:
    """The server's parts that pages need.

    forget_live: ends a person's workouts under way and keeps nothing. draw: what draws cards, `webapp.card.draw`.
    """

    store: Store
    library: Mapping[str, Exercise]
    offers: Offers
    people: People
    forget_live: Callable[[str], None]
    uploads: Uploads
    draw: Callable[[Card, Path], bytes] = draw

    def person(self) -> str | None:
        """Return whose request this is; None for a browser that we do not know."""
        return self.people.person(request.cookies.get(COOKIE, ""))

    def zone(self) -> tzinfo | None:
        """Return the time zone whose days the pages show: the browser's, once it has said it, or the server's."""
        name = request.cookies.get(ZONE, "")
        try:
            return ZoneInfo(name) if name else None
        except (ZoneInfoNotFoundError, ValueError, OSError):  # made up, or of a newer list than this machine's
            return None

    def keep_person(self, response: Response, person: str | None = None) -> Response:
        """Have the browser know its person from now on; `person` is a newcomer whom the response tells of already."""
        response.set_cookie(
            COOKIE,
            self.people.cookie(person or self.person() or self.people.newcomer()),
            max_age=COOKIE_DAYS * 86400,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
        return response

    def kept(self, workout: str) -> StoredWorkout:
        """Return the workout, whosever it is; NoWorkout with the same words for all that is not there."""
        try:
            if workout.isalnum():  # a database may refuse other text with an error of its own
                return self.store.workout(workout)
        except NoWorkout:
            pass
        raise NoWorkout(GONE)

    def own(self, workout: str) -> StoredWorkout:
        """Return the person's own workout; NoWorkout as if it were not there for another's."""
        kept = self.kept(workout)
        if kept.person is None or kept.person != self.person():
            raise NoWorkout(GONE)
        return kept

    def shared(self, link: str) -> StoredWorkout:
        """Return the workout that a link shows; NoWorkout as if it never were for one that is revoked or expired.

        It comes without the weight, and so without the energy, from which anybody could reckon it.
        """
        name = self.people.share(link)
        share = self.store.shared(name) if name else None
        if share is None or share.expired(time.time()):
            raise NoWorkout(GONE)
        return replace(self.kept(share.workout), body_kg=None)

    def summary(self, kept: StoredWorkout) -> Summary:
        """Return the workout's summary; of one that has not ended, what was counted so far."""
        return kept.summary or so_far(kept, self.store.events(kept.id), self.library)

    def sender(self) -> str:
        """Return the person who sent this form, or raise Forbidden; its token is for the caller to check."""
        origin = request.headers.get("Origin")
        person = self.person()
        if person is None or origin not in (None, request.host_url.rstrip("/")):
            raise Forbidden("This form is not from a page of this server; open the page anew and try again.")
        return person

    def check_form(self) -> str:
        """Return the person who sent this form from a page of ours, or raise Forbidden."""
        request.max_content_length = MOST_FORM_BYTES
        person = self.sender()
        self.people.check_form(person, request.form.get("token", ""))
        return person

    def form_token(self) -> str:
        """Return the token for this person's forms."""
        return self.people.form_token(self.person() or "")
