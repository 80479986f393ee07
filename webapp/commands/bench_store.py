"""`posecoach bench store`: speed of the pages of a person with ten thousand workouts, and the database's size."""

import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import click
import numpy as np
from flask import Flask
from flask.testing import FlaskClient

from webapp.commands.progress import progress
from webapp.errors import SettingsError, StoreError
from webapp.evaluation.lifetime import estimates, workouts
from webapp.exercises import load_library
from webapp.pages import blueprint
from webapp.pages.site import Site
from webapp.parts import parts_of
from webapp.people import COOKIE, People
from webapp.pose.choice import EngineChoice
from webapp.pose.offers import Offers
from webapp.records import Rep
from webapp.settings import ROOT
from webapp.store import KeptEvent, Store, open_store
from webapp.store.benchmark import Whole, fill, size_bytes
from webapp.uploads import Uploads, UploadSettings

HISTORY = ("/workouts", "/workouts?exercise=squat", "/workouts?month=2024-03", "/workouts?from=2023-01-01")
EVENTS = 500
WITH_SERIES = 5
"""Workouts stored as a server does, series included, to measure their size."""

OWN = "sqlite"
YEAR_S = 365 * 86400


@click.command("store")
@click.option("--store", "urls", multiple=True, help="database URL; may be repeated; default: a temporary SQLite")
@click.option(
    "--workouts",
    "count",
    default=10_000,
    show_default=True,
    type=click.IntRange(10),
    help="how many workouts the person has",
)
@click.option(
    "--rounds", default=25, show_default=True, type=click.IntRange(1), help="how often each page is requested"
)
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def command(urls: tuple[str, ...], count: int, rounds: int, as_json: bool) -> None:
    """Measure how fast the pages of a made-up person are, how fast events are stored, and the bytes of a minute.

    The history is requested unfiltered, by exercise, by month and by time. With one store the result is its figures,
    with several an object of them by kind of database: `--store sqlite --store postgresql://...`. Everything written to
    your database is deleted afterwards.
    """
    kinds = [kind_of(url) for url in urls or (OWN,)]
    if len(set(kinds)) < len(kinds):
        raise SettingsError("Give each kind of database once: the figures are listed by kind.")
    figures = [_measured(url, count, rounds) for url in urls or (OWN,)]
    if as_json:
        click.echo(json.dumps(figures[0] if len(figures) == 1 else {one["store"]: one for one in figures}))
    else:
        click.echo("\n\n".join(map(_table, figures)))


def kind_of(url: str) -> str:
    """Return the kind of a database: sqlite or postgresql."""
    return url.partition(":")[0].partition("+")[0]


def _measured(url: str, count: int, rounds: int) -> dict[str, Any]:
    person = secrets.token_hex(8)
    with tempfile.TemporaryDirectory(prefix="posecoach-") as folder:
        url = f"sqlite:///{folder}/workouts.db" if url == OWN else url
        with _store_with(url, person, count) as store:
            visit = _visitor(store, Path(folder), person)
            names = [kept.id for kept in store.recent(person, 4 * rounds)]
            return {
                "store": kind_of(url),
                "workouts": count,
                "history_ms": _spread([_page_ms(visit, path) for _ in range(rounds) for path in HISTORY]),
                "summary_ms": _spread([_page_ms(visit, f"/workouts/{name}") for name in names]),
                "append_event_ms": _spread(_append_ms(store, person)),
                "bytes_per_minute": round(_bytes_per_minute(store, url, person)),
            }


@contextmanager
def _store_with(url: str, person: str, count: int) -> Iterator[Store]:
    """A store with many workouts of a person, whose data is deleted at the end."""
    store = open_store(url)
    try:
        made = workouts(count, time.time(), person)
        with progress("Filling") as done:
            for written in fill(url, person, made):
                done(written / count)
        yield store
    finally:
        store.forget(person)
        store.close()


def _visitor(store: Store, folder: Path, person: str) -> FlaskClient:
    """The pages over the store, requested as the person's browser would."""
    flask = Flask("webapp", static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    people, library, engine = People(secrets.token_bytes(32)), load_library(), EngineChoice("replay")
    uploads = Uploads(folder / "uploads", UploadSettings(engine, (), 0, 0.0, False), library, store)
    site = Site(store, library, Offers(engine, folder), people, lambda _: None, uploads)
    flask.register_blueprint(blueprint(site))
    client = flask.test_client()
    client.set_cookie(COOKIE, people.cookie(person))
    for path in HISTORY:
        client.get(path)  # templates are loaded once in a server's life
    return client


def _page_ms(visitor: FlaskClient, path: str) -> float:
    def ask() -> None:
        status = visitor.get(path).status_code
        if status != 200:
            raise StoreError(f"The page {path} failed: {status}")

    return _ms(ask)


def _append_ms(store: Store, person: str) -> list[float]:
    workout = secrets.token_hex(8)
    store.begin(workout, "squat", time.time(), secrets.token_hex(32), person)
    reps = [Rep(at, 2.0 * at, 2.0 * at + 1.5, 1.0, 95.0, 0.7, 0.1, 0.7) for at in range(1, EVENTS + 1)]
    return [_ms(partial(store.append, workout, rep)) for rep in reps]


def _bytes_per_minute(store: Store, url: str, person: str) -> float:
    before, minutes = size_bytes(url), 0.0
    for made in workouts(WITH_SERIES, time.time() - 40 * YEAR_S, f"{person} again"):
        _keep_whole(store, made, person)
        minutes += made.summary.duration_s / 60
    return (size_bytes(url) - before) / minutes


def _keep_whole(store: Store, made: Whole, person: str) -> None:
    """Store a workout with everything that belongs to it, as if it came from a browser."""
    summary = made.summary
    store.begin(made.id, made.exercise, made.started_at_s, secrets.token_hex(32), person)
    for event in chain[KeptEvent](summary.reps, summary.holds, summary.sets):
        store.append(made.id, event)
    for number, part in enumerate(parts_of(estimates(summary.start_s, summary.duration_s))):
        store.append_series(made.id, number, part)
    store.finish(made.id, summary)


def _ms(act: Callable[[], object]) -> float:
    started_s = time.perf_counter()
    act()
    return (time.perf_counter() - started_s) * 1000


def _spread(values_ms: Sequence[float]) -> dict[str, float]:
    return {f"p{part}": round(float(np.percentile(values_ms, part)), 2) for part in (50, 95)}


def _table(figures: dict[str, Any]) -> str:
    lines = [f"{figures['store']}, {figures['workouts']} workouts", f"{'':16}{'p50':>9}{'p95':>9}"]
    for key, name in (("history_ms", "history"), ("summary_ms", "summary"), ("append_event_ms", "event")):
        lines.append(f"{name:16}{figures[key]['p50']:6.1f} ms{figures[key]['p95']:6.1f} ms")
    return "\n".join([*lines, f"{'a minute':16}{figures['bytes_per_minute'] / 1000:6.0f} kB"])
