"""HTTP pages: home, workout, history, a person's own workouts and data, and error pages."""

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from webapp.energy import WEIGHTS_KG
from webapp.errors import AppError, ClientError, NoSeries, NoWorkout, UnknownExercise
from webapp.exercises import find
from webapp.pages import card, files, history, own_data, own_workout, replay, static_files, upload
from webapp.pages.history.listing import ListedWorkout, rows_of
from webapp.pages.scripts import imported_by
from webapp.pages.site import CONTENT_SECURITY_POLICY, Site
from webapp.records import TARGET_AMOUNT, TARGET_REST_S, TARGET_SETS

VIEWS = {"any": "any side", "front": "facing", "side": "side on"}
TITLES: dict[type[AppError], str] = {
    NoSeries: "No such file",
    NoWorkout: "No such workout",
    UnknownExercise: "No such exercise",
}
"""Headings of the error pages, by the error."""
RECENT = 4
_LIMITS = {"amount": TARGET_AMOUNT, "sets": TARGET_SETS, "rest": TARGET_REST_S, "weight": WEIGHTS_KG}
"""What the fields of the set-up take, inclusive."""

_TEXTS = {
    404: "There is nothing at this address. It may be outdated or mistyped.",
    429: "Your network has requested more pages than this server allows in a minute. Wait a moment and reload.",
}

_log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def blueprint(site: Site) -> Blueprint:
    """Return the blueprint of all pages; their errors become pages, too."""
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/", "home", partial(_home, site))
    pages.add_url_rule("/workout/<exercise>", "workout", partial(_workout, site))
    history.add_to(pages, site)
    own_workout.add_to(pages, site)
    replay.add_to(pages, site)
    files.add_to(pages, site)
    card.add_to(pages, site)
    own_data.add_to(pages, site)
    upload.add_to(pages, site)
    pages.record(lambda setup: static_files.add_to(setup.app))
    pages.app_context_processor(lambda: {"engine": site.offers.usual, "imported_by": _imported_by})
    pages.app_errorhandler(AppError)(_app_error)
    pages.app_errorhandler(HTTPException)(_http_error)
    pages.after_app_request(_guarded)
    return pages


def _home(site: Site) -> str:
    return render_template(
        "home.html",
        groups=site.groups(),
        views=VIEWS,
        figures=_figures(),
        recent=_recent(site),
    )


def _figures() -> frozenset[str]:
    """Return the exercises with a recorded figure to show."""
    return frozenset(path.stem for path in Path(current_app.static_folder or "").glob("figures/*.json"))


def _imported_by(script: str) -> Sequence[str]:
    """Return the modules that a script of the pages imports."""
    return imported_by(script, Path(current_app.static_folder or ""))


def _workout(site: Site, exercise: str) -> ResponseReturnValue:
    if exercise not in site.library:
        if (meant := find(exercise, site.library)) is not None:  # typed by hand
            return _redirect(url_for("pages.workout", exercise=meant.name))
        raise UnknownExercise(f"There is no exercise called {exercise}.")
    page = render_template(
        "workout.html",
        exercise=site.library[exercise],
        groups=site.groups(),
        views=VIEWS,
        has_figure=exercise in _figures(),
        offers=site.offers.offered(site.library[exercise]),
        limits=_LIMITS,
    )
    return site.keep_person(make_response(page))


def _redirect(path: str) -> BaseResponse:
    """Redirect to another path, with the same query."""
    query = request.query_string.decode("latin-1")
    return redirect(f"{path}?{query}" if query else path, 307)


def _recent(site: Site) -> Sequence[ListedWorkout]:
    """Return the person's newest workouts in which something was done (workouts without any event are left out)."""
    person = site.person()
    return rows_of(site, site.store.recent(person, RECENT, done=True)) if person else ()


def _app_error(error: AppError) -> ResponseReturnValue:
    title = TITLES.get(type(error), "Something went wrong")
    if not isinstance(error, ClientError):
        _log.error("the page %s failed: %s", request.url_rule, error)  # its pattern, because a link is a secret
    return render_template("error.html", status=error.http, title=title, text=error.public_message), error.http


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    path = "/" + request.path.strip("/")  # with one slash: two would lead to another server
    if status == 404 and path != request.path and current_app.url_map.bind("").test(path, request.method):
        return _redirect(path)
    title = "Page not found" if status == 404 else error.name
    text = _TEXTS.get(status, error.description)
    return render_template("error.html", status=status, title=title, text=text), status


def _guarded(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.blueprint == "pages":  # pages differ from person to person
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.vary.add("Cookie")
    return response
