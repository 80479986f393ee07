"""A connection whose browser or engine is lost while the store is slow; no worker runs here."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from webapp.errors import BackendUnavailable, NoWorkout
from webapp.exercises import load_library
from webapp.gateway.connection import Connection
from webapp.gateway.under_way import UnderWay
from webapp.gateway.wire import Picture, Start
from webapp.metrics import Metrics
from webapp.pose.choice import EngineChoice
from webapp.pose.offers import Offers
from webapp.pose.pool import PosePool
from webapp.records import Rep
from webapp.store import open_store

PATIENCE_S = 30.0
NULL = EngineChoice("null")


class Slow:
    """A store that answers when told to."""

    def __init__(self):
        self.store = open_store("memory:")
        self.asked, self.answers = threading.Event(), threading.Event()

    def __getattr__(self, name):
        return getattr(self.store, name)

    def begin(self, *arguments):
        self._wait()
        self.store.begin(*arguments)

    def by_resume(self, secret_hash):
        self._wait()
        return self.store.by_resume(secret_hash)

    def append(self, *arguments):
        self._wait()
        self.store.append(*arguments)

    def _wait(self):
        self.asked.set()
        assert self.answers.wait(PATIENCE_S)


class Pool(PosePool):
    """The pool, which remembers whom to notify that an engine cannot be opened."""

    def open(self, on_estimate, on_error, engine=""):
        self.on_error = on_error
        return super().open(on_estimate, on_error, engine)


class Site:
    """The parts of a server, and what the browser received."""

    def __init__(self, folder):
        self.store = Slow()
        self.pool = Pool(NULL, workers=1, streams_per_worker=2)
        self.under_way = UnderWay(load_library(), self.store)
        self.offers = Offers(NULL, folder)
        self.heard = []

    def connection(self, name="a browser"):
        def send(event, *arguments):
            self.heard.append((event, *arguments))

        return Connection(name, None, send, self.under_way, self.pool, self.offers, Metrics())

    def streams(self):
        return sum(worker["streams"] for worker in self.pool.status())

    def start(self, connection, message, meanwhile):
        """Start; `meanwhile` is called while the store is busy."""
        with ThreadPoolExecutor(1) as threads:
            starting = threads.submit(connection.start, message)
            assert self.store.asked.wait(PATIENCE_S)
            meanwhile()
            self.store.answers.set()
            starting.result(PATIENCE_S)


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def test_a_browser_that_is_lost_while_its_workout_begins_leaves_no_place_taken(site):
    connection = site.connection()
    site.start(connection, Start("squat"), meanwhile=connection.lost)
    assert site.streams() == 0
    assert site.heard == []
    site.under_way.finish_abandoned(grace_s=-1)
    assert len(site.under_way) == 0


def test_a_browser_that_is_lost_while_its_workout_is_rebuilt_leaves_no_place_taken(site):
    site.store.answers.set()
    live = UnderWay(load_library(), site.store).begin("squat")
    site.store.answers.clear()
    connection = site.connection()
    site.start(connection, Start("squat", live.secret), meanwhile=connection.lost)
    assert site.streams() == 0
    site.under_way.finish_abandoned(grace_s=-1)
    assert len(site.under_way) == 0


def test_of_two_browsers_that_resume_a_workout_the_later_one_keeps_it(site):
    site.store.answers.set()
    before = UnderWay(load_library(), site.store)
    live = before.begin("squat")
    before.keep(live, Rep(1, 10.0, 11.0, 1.0))
    earlier, later = site.connection("earlier"), site.connection("later")
    site.under_way.resume(live.secret)
    site.store.asked.clear()
    site.store.answers.clear()
    site.start(earlier, Start("lunge", live.secret), meanwhile=lambda: later.start(Start("", live.secret)))
    assert site.streams() == 1
    later.pause()
    site.under_way.finish_abandoned(grace_s=-1)
    assert len(site.under_way) == 1


def test_an_engine_that_fails_at_the_start_is_reported_and_another_can_be_tried(site):
    connection = site.connection()
    site.start(
        connection, Start("squat"), meanwhile=lambda: site.pool.on_error(None, BackendUnavailable("It is not here."))
    )
    assert [event for event, *_ in site.heard] == ["error"]
    assert site.streams() == 0
    connection.start(Start("squat"))
    assert [event for event, *_ in site.heard] == ["error", "ready"]
    assert site.streams() == 1


def test_a_frame_on_its_way_when_the_workout_ended_is_refused_without_a_warning(site, caplog):
    site.store.answers.set()
    connection = site.connection()

    def refused_a_frame():
        with pytest.raises(NoWorkout) as refused:
            connection.frame(Picture(1, 1000.0, b""))
        connection.refuse(refused.value, 1)
        return [record.levelno for record in caplog.records if "no_workout" in record.message]

    connection.start(Start("squat"))
    connection.stop()
    assert refused_a_frame() == []
    assert site.heard[-1][0] == "error"
    connection = site.connection()
    assert refused_a_frame() == [logging.WARNING], "this one never began"
