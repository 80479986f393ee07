"""A workout's picture card, for its owner and for visitors of its link; drawn on request, never stored."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import fmean

from flask import Blueprint, Response, current_app, request

from webapp import __version__
from webapp.card import Card
from webapp.card.lettering import writable
from webapp.motion.exercise import Exercise
from webapp.pages.replay import FOR_WHO_HAS_THE_LINK
from webapp.pages.signal import far_s
from webapp.pages.site import Site
from webapp.pages.stored_series import every_part, readable
from webapp.pages.wording import clock, counted, enumerated, spoken
from webapp.parts import begins_s
from webapp.records import Pose, Set, Summary
from webapp.series import read_series
from webapp.store import StoredWorkout
from webapp.store.history import sets_of, tempo_s

HELD = {"s": "seconds held", "min": "minutes held"}
Library = Mapping[str, Exercise]


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the card, at the workout's address and at its link's."""
    pages.add_url_rule("/workouts/<workout>/card.png", "card", partial(_own, site))
    pages.add_url_rule("/share/<link>/card.png", "shared_card", partial(_shared, site))


def _own(site: Site, workout: str) -> Response:
    return _answer(site, site.own(workout))


def _shared(site: Site, link: str) -> Response:
    answer = _answer(site, site.shared(link))
    answer.headers.update(FOR_WHO_HAS_THE_LINK)
    answer.headers["Cache-Control"] = "no-cache"  # cached, but revalidated each time, so that a revoked one disappears
    return answer


def _answer(site: Site, kept: StoredWorkout) -> Response:
    """Return the card, or 304 without drawing it if the client's ETag still matches."""
    fonts = _fonts()
    summary = site.summary(kept)
    with readable(kept):
        pose = deepest_pose(summary, site.library, lambda: every_part(site.store, kept.id))
    card = make_card(kept, summary, site.library, fonts, pose, site.zone())
    answer = Response(content_type="image/png")  # the suggested file name: a header can carry few of a title's letters
    answer.set_etag(_etag(card))
    answer.make_conditional(request)
    if answer.status_code == 200:
        answer.data = site.draw(card, fonts)
    return answer


def _etag(card: Card) -> str:
    """Return the card's ETag, from its contents and the version that draws it."""
    pose = card.pose.image.tobytes() if card.pose else b""
    words = repr((__version__, replace(card, pose=None)))
    return hashlib.sha256(words.encode() + pose).hexdigest()[:32]


def _fonts() -> Path:
    return Path(current_app.static_folder or "") / "vendor"


def make_card(
    kept: StoredWorkout,
    summary: Summary,
    library: Library,
    fonts: Path,
    pose: Pose | None,
    zone: tzinfo | None = None,
) -> Card:
    """Return what the card shows.

    fonts: the folder in which to check for available letters. zone: time zone of the date; None for the server's.
    """
    sets = sets_of(summary)
    score, unit = _score(summary)
    return Card(
        title=title(kept.exercise, sets, library, fonts),
        date=f"{datetime.fromtimestamp(kept.started_at_s, zone):%A, %-d %B %Y}",
        score=score,
        unit=unit,
        below=_below(summary, sets),
        figures=(*_figures(summary), ("Time", " ".join(clock(summary.duration_s)))),
        pose=pose,
        bars=_bars(summary),
    )


def card_says(site: Site, kept: StoredWorkout) -> str:
    """Return the card as text, for people who cannot see it."""
    card = make_card(kept, site.summary(kept), site.library, _fonts(), None, site.zone())
    return f"{card.title}, {card.date}: " + " ".join(filter(None, (card.score, card.unit, card.below))) + "."


def title(exercise: str, sets: Sequence[Set], library: Library, fonts: Path) -> str:
    """Return what was done, in order: "Squat, Plank and Lunge"."""
    names = dict.fromkeys(one.exercise for one in sets) or {exercise: None}
    return enumerated(_called(name, library, fonts) for name in names)


def _called(name: str, library: Library, fonts: Path) -> str:
    titled = name in library and writable(fonts, library[name].title)
    words = library[name].title if titled else spoken(name)
    return " ".join(words.split())  # a custom exercise's title may contain a line break, which a line of text cannot


def _score(summary: Summary) -> tuple[str, str]:
    if summary.count or (summary.kind == "reps" and not summary.held_s):
        return str(summary.count), "repetition" if summary.count == 1 else "repetitions"
    value, unit = clock(summary.held_s)
    return value, HELD[unit]


def _below(summary: Summary, sets: Sequence[Set]) -> str:
    if summary.count and summary.held_s:
        return f"and {' '.join(clock(summary.held_s))} held"
    return f"in {counted(len(sets), 'set')}" if sets else ""


def _figures(summary: Summary) -> Iterator[tuple[str, str]]:
    reps = [rep for rep in summary.reps if rep.counted]
    if reps:
        tempo = " · ".join(f"{one:.1f}" for one in tempo_s(reps))
        yield "Depth", f"{100 * fmean(rep.depth for rep in reps):.0f}%"
        yield "Lower · pause · lift", f"{tempo} s"
    elif summary.holds:
        yield "Longest hold", " ".join(clock(max(hold.held_s for hold in summary.holds)))
        yield "Breaks", str(sum(hold.breaks for hold in summary.holds))


def _bars(summary: Summary) -> tuple[float, ...]:
    if summary.count:
        return tuple(rep.depth for rep in summary.reps if rep.counted)
    longest_s = max((hold.held_s for hold in summary.holds), default=0.0)
    return tuple(hold.held_s / longest_s for hold in summary.holds) if longest_s else ()


def deepest_pose(summary: Summary, library: Library, parts: Callable[[], Iterable[bytes]]) -> Pose | None:
    """Return the pose at the far end of the deepest repetition, or else in the middle of the longest hold.

    If nothing was done, it is from the middle of the series. None if no landmarks are stored for that moment. parts:
    reads the workout's series; one part of it is held at a time.
    """
    at_s = _deepest_s(summary, library)
    starts_s = [begins_s(part) for part in parts()]
    after = len(starts_s) // 2 + 1 if at_s is None else bisect_right(starts_s, at_s)
    if not 0 < after <= len(starts_s):
        return None
    series = read_series(islice(parts(), after - 1, after))
    return series.pose_at(starts_s[after - 1] if at_s is None else at_s) if series else None


def _deepest_s(summary: Summary, library: Library) -> float | None:
    if summary.reps:
        deepest = max(summary.reps, key=lambda rep: (rep.counted, rep.depth))
        return far_s(deepest, library.get(summary.exercise_of(deepest.set)))
    if summary.holds:
        return far_s(max(summary.holds, key=lambda hold: hold.held_s), None)
    return None
