"""A database outage: the workout continues, its page is told twice, and everything is stored once."""

import os
import resource
import signal
import sqlite3
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from server import PATIENCE_S, Browser, serving

from tests.postgresql import throw_away_server
from webapp.evaluation.process_usage import family
from webapp.store import open_store


@contextmanager
def held(tmp_path, _server):
    """Another program writes into the SQLite file and does not finish."""
    other = sqlite3.connect(tmp_path / "posecoach.db", isolation_level=None, check_same_thread=False)
    yield lambda: other.execute("BEGIN EXCLUSIVE"), lambda: other.execute("ROLLBACK")
    other.close()


@contextmanager
def full(_tmp_path, server):
    """No file can grow: the effect of a full disk on SQLite's log."""
    free = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    yield (
        lambda: resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (4096, free[1])),
        lambda: resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, free),
    )


def workout(browser):
    ready = browser.start()
    browser.say("go", {})
    assert browser.squat(1)[-1]["number"] == 1
    return ready


def squats_meanwhile(browser, times):
    """Continue; return the repetitions counted and the signals received meanwhile."""
    reps, signals = [], []
    while len(reps) < times:
        seq = browser.frame()
        while (heard := browser.heard.get(timeout=PATIENCE_S)) and heard[0] != "pose":
            reps += heard[1] if heard[0] == "rep" else ()
            signals += [heard[1][0]["code"]] if heard[0] == "error" else []
            signals += ["saved"] if heard[0] == "saved" else []
        assert heard[1][0] == seq
    return [rep["number"] for rep in reps], signals


def was_told(browser, signals):
    """Wait for the news, if it is not among the signals, that some cannot be saved: three squats may be quicker."""
    return (signals or [browser.error()["code"]]) == ["not_saved"]


def numbers_kept(url, workout):
    store = open_store(url)
    try:
        return [event.number for event in store.events(workout) if getattr(event, "counted", False)]
    finally:
        store.close()


@pytest.mark.parametrize("away", [held, full])
def test_while_sqlite_cannot_write_the_workout_runs_on_and_all_of_it_is_saved_afterwards(tmp_path, series, away):
    with serving(tmp_path, series, "--workers", "1") as server, away(tmp_path, server) as (go, come_back):
        browser = Browser(server.url)
        ready = workout(browser)
        go()
        numbers, signals = squats_meanwhile(browser, 3)
        assert numbers == [2, 3, 4]
        assert was_told(browser, signals)
        come_back()
        browser.expect("saved")  # by itself: no frame was sent meanwhile
        assert squats_meanwhile(browser, 1) == ([5], [])
        browser.say("stop", {})
        assert browser.expect("summary")[0]["count"] == 5
        browser.close()
    url = f"sqlite:///{tmp_path}/posecoach.db"
    assert numbers_kept(url, ready["workout"]) == [1, 2, 3, 4, 5]


def test_a_workout_that_ends_while_the_store_is_away_has_its_page_when_the_store_is_back(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1") as server, held(tmp_path, server) as (go, come_back):
        browser = Browser(server.url)
        ready = workout(browser)
        go()
        browser.say("stop", {})
        heard = [browser.heard.get(timeout=PATIENCE_S) for _ in range(2)]
        assert [name for name, _ in heard] == ["error", "summary"], "the page must not open a summary that is not there"
        come_back()
        browser.expect("saved")
        store = open_store(f"sqlite:///{tmp_path}/posecoach.db")
        assert store.workout(ready["workout"]).summary.count == 1
        store.close()
        browser.close()


def test_a_start_while_the_store_is_away_is_refused_with_a_sentence_and_taken_later(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1") as server, held(tmp_path, server) as (go, come_back):
        browser = Browser(server.url)
        go()
        browser.say("start", {"v": 1, "exercise": "squat"})
        error = browser.error()
        assert error["code"] == "store"
        assert "posecoach.db" not in error["message"]
        come_back()
        assert browser.start()["count"] == 0
        browser.close()


def test_a_database_server_that_is_stopped_and_started_loses_nothing(tmp_path, series):
    with (
        throw_away_server() as database,
        serving(tmp_path, series, "--workers", "1", "--store", database.url) as server,
    ):
        browser = Browser(server.url)
        ready = workout(browser)
        database.stop()
        numbers, signals = squats_meanwhile(browser, 3)
        assert numbers == [2, 3, 4]
        assert was_told(browser, signals)
        database.start()
        browser.expect("saved")
        assert squats_meanwhile(browser, 1) == ([5], [])
        assert numbers_kept(database.url, ready["workout"]) == [1, 2, 3, 4, 5]
        browser.close()


def test_while_a_database_server_hangs_people_are_counted_and_nothing_is_lost(tmp_path, series):
    with (
        throw_away_server() as database,
        serving(tmp_path, series, "--workers", "1", "--store", database.url) as server,
    ):
        browser = Browser(server.url)
        ready = workout(browser)
        with halted(database):
            numbers, signals = squats_meanwhile(browser, 3)
            assert numbers == [2, 3, 4]
            assert was_told(browser, signals)
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=PATIENCE_S) as answer:
                assert answer.status == 200
        browser.expect("saved")
        assert numbers_kept(database.url, ready["workout"]) == [1, 2, 3, 4]
        browser.close()


def test_a_server_that_is_stopped_while_its_database_hangs_tells_the_browsers_and_ends(tmp_path, series):
    with (
        throw_away_server() as database,
        serving(tmp_path, series, "--workers", "1", "--store", database.url) as server,
    ):
        browser = Browser(server.url)
        workout(browser)
        with halted(database):
            server.process.terminate()
            assert browser.error()["code"] == "restarting"
            assert server.process.wait(PATIENCE_S) == 0
        browser.close()


@contextmanager
def halted(database):
    """Suspend the database's processes."""
    folder = Path(database.url.partition("host=")[2])
    processes = family(int((folder / "data" / "postmaster.pid").read_text().split()[0]))
    try:
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
