"""Upload pages: choose, send, analyse, redirect to the summary."""

import contextlib
from collections.abc import Callable
from functools import partial

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import LengthRequired

from webapp.energy import WEIGHTS_KG
from webapp.errors import AppError, BadMessage, BadVideo, NoUpload, NoWorkout, UnknownExercise
from webapp.motion.exercise import Exercise
from webapp.motion.needs import needed
from webapp.pages.multipart import StreamedForm
from webapp.pages.site import CONTENT_SECURITY_POLICY, MOST_FORM_BYTES, Site
from webapp.uploads.folder import Upload

AUTO = "auto"
"""Stands for the exercise to be detected."""

POLICY = f"{CONTENT_SECURITY_POLICY}; media-src blob:"
"""As on all pages, and the page may load the chosen video to find its length before sending it."""


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the pages of uploads."""
    pages.add_url_rule("/upload", "upload", partial(_choose, site))
    pages.add_url_rule("/upload", "send_video", partial(_send, site), methods=["POST"])
    pages.add_url_rule("/upload/<upload>", "uploaded", partial(_uploaded, site))
    pages.add_url_rule("/upload/<upload>/status.json", "upload_status", partial(_status, site))
    pages.add_url_rule("/upload/<upload>/cancel", "cancel_upload", partial(_cancel, site), methods=["POST"])


def _choose(site: Site) -> ResponseReturnValue:
    under_way = site.uploads.of_person(site.person()) if site.person() else None
    if under_way is not None and under_way.state != "coming":
        return redirect(url_for("pages.uploaded", upload=under_way.id), 303)
    person = site.person() or site.people.newcomer()
    page = render_template(
        "upload.html",
        groups=site.groups(),
        chosen=request.args.get("exercise", AUTO),
        offers=site.offers.offered(_undemanding(site)),
        limits=site.uploads.settings,
        weights_kg=WEIGHTS_KG,
        token=site.people.form_token(person),
    )
    answer = site.keep_person(make_response(page), person)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _undemanding(site: Site) -> Exercise:
    """Return the exercise that needs the fewest joints: an engine that cannot follow it can follow none."""
    return min(site.library.values(), key=lambda exercise: len(needed(exercise)))


def _send(site: Site) -> ResponseReturnValue:
    """Receive a video; our script is answered with JSON, a form without script with a redirect."""
    try:
        upload = _taken(site)
    except AppError as error:
        if not _by_script():
            raise
        return jsonify(code=error.code, message=error.public_message), error.http
    where = url_for("pages.uploaded", upload=upload)
    return jsonify(url=where) if _by_script() else redirect(where, 303)


def _by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _taken(site: Site) -> str:
    """Return the id of the upload in this request, completely received and queued."""
    length_bytes = request.content_length
    if length_bytes is None:
        raise LengthRequired
    person = site.sender()
    site.uploads.check_length(length_bytes - MOST_FORM_BYTES)
    request.max_content_length = length_bytes
    form = StreamedForm(request.stream, request.content_type or "")
    site.people.check_form(person, form.fields.get("token", ""))
    exercise = form.fields.get("exercise", "")
    if exercise != AUTO and exercise not in site.library:
        raise UnknownExercise(f"There is no exercise {exercise[:40]!r}.")
    demanding = _undemanding(site) if exercise == AUTO else site.library[exercise]
    engine = site.offers.chosen(form.fields.get("engine", ""), demanding)
    wanted = "" if exercise == AUTO else exercise
    body_kg = _body_kg(form.fields.get("body_kg", ""))
    with site.uploads.incoming(person, wanted, engine, body_kg, request.remote_addr or "") as (upload, write):
        if sum(_written(write, piece) for piece in form.file()) == 0:
            raise BadVideo("No video was chosen.")
    return upload


def _body_kg(text: str) -> float | None:
    """Return the person's weight in kg; None if not given."""
    try:
        body_kg = float(text) if text else None
    except ValueError as exc:
        raise BadMessage("body_kg is a number.") from exc
    least, most = WEIGHTS_KG
    if body_kg is not None and not least <= body_kg <= most:
        raise BadMessage(f"body_kg must be from {least} to {most}.")
    return body_kg


def _written(write: Callable[[bytes], None], piece: bytes) -> int:
    write(piece)
    return len(piece)


def _uploaded(site: Site, upload: str) -> ResponseReturnValue:
    if _done(site, upload):
        return redirect(url_for("pages.summary", workout=upload), 303)
    found = site.uploads.own(upload, site.person())
    title = site.library[found.exercise].title if found.exercise in site.library else ""
    return render_template(
        "uploaded.html",
        upload=found,
        place=site.uploads.place(found),
        title=title,
        kind=site.library[found.exercise].kind if title else "",
        token=site.form_token(),
    )


def _status(site: Site, upload: str) -> ResponseReturnValue:
    try:
        found = site.uploads.own(upload, site.person())
    except NoUpload as gone:
        if _done(site, upload):
            return jsonify(state="done", url=url_for("pages.summary", workout=upload))
        return jsonify(state="gone", said=gone.public_message), gone.http
    return jsonify(_status_of(found) | {"place": site.uploads.place(found)})


def _status_of(found: Upload) -> dict[str, object]:
    return {
        "state": found.state,
        "seen_s": round(found.seen_s, 1),
        "length_s": round(found.length_s, 1),
        "count": found.count,
        "held_s": round(found.held_s, 1),
        "said": found.said,
    }


def _done(site: Site, upload: str) -> bool:
    """Whether the upload has become a workout of this person."""
    try:
        return site.own(upload).finished and site.uploads.find(upload) is None
    except NoWorkout:
        return False


def _cancel(site: Site, upload: str) -> ResponseReturnValue:
    person = site.check_form()
    with contextlib.suppress(NoUpload):  # finished or gone: the next lines tell which
        site.uploads.cancel(site.uploads.own(upload, person))
    if _done(site, upload):
        return redirect(url_for("pages.summary", workout=upload), 303)
    return redirect(url_for("pages.upload"), 303)
