"""A lost connection, a reloaded page, a killed worker and a killed server lose nothing of a workout."""

import json
import os
import signal
import urllib.request

import pytest
from server import PATIENCE_S, Browser, serving, until


@pytest.fixture
def server(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1") as running:
        yield running


def test_a_lost_connection_continues_with_its_count(server):
    first = Browser(server.url)
    ready = first.start()
    first.say("go", {})
    assert [rep["number"] for rep in first.squat(2)] == [1, 2]
    first.close()

    second = Browser(server.url, t_ms=first.t_ms)
    again = second.start(resume=ready["resume"])
    assert (again["workout"], again["count"], again["counting"]) == (ready["workout"], 2, True)
    assert second.squat(1)[0]["number"] == 3
    second.say("stop", {})
    assert second.expect("summary")[0]["count"] == 3
    second.close()


def test_a_browser_whose_clock_was_set_back_continues_with_its_count(server):
    first = Browser(server.url)
    ready = first.start()
    first.say("go", {})
    first.squat(2)
    first.close()
    second = Browser(server.url, t_ms=first.t_ms - 3_600_000)
    second.start(resume=ready["resume"])
    last = second.squat(2)[-1]
    assert last["number"] == 4
    second.say("stop", {})
    summary = second.expect("summary")[0]
    assert summary["start_s"] < last["start_s"] < last["end_s"] < summary["start_s"] + 60
    second.close()


def test_after_kill_9_and_a_new_start_no_repetition_is_lost(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1") as server:
        browser = Browser(server.url)
        ready = browser.start()
        browser.say("go", {})
        browser.squat(2)
        server.end(signal.SIGKILL)
    with serving(tmp_path, series, "--workers", "1") as server:
        again = Browser(server.url, t_ms=browser.t_ms)
        resumed = again.start(resume=ready["resume"])
        assert (resumed["workout"], resumed["count"]) == (ready["workout"], 2)
        again.say("go", {})
        assert again.squat(1)[0]["number"] == 3
        again.say("stop", {})
        assert [rep["number"] for rep in again.expect("summary")[0]["reps"] if rep["counted"]] == [1, 2, 3]
        again.close()


def test_a_killed_worker_is_replaced_and_the_count_goes_on(server):
    browser = Browser(server.url)
    browser.start()
    browser.say("go", {})
    browser.squat(1)
    (worker,) = server.ready()["workers"]
    os.kill(worker["pid"], signal.SIGKILL)
    assert browser.squat(1)[0]["number"] == 2
    (replaced,) = server.ready()["workers"]
    assert replaced["pid"] != worker["pid"]
    assert replaced["streams"] == 1
    assert sum("a worker ended" in line for line in server.lines()) == 1
    browser.close()


def test_of_two_windows_with_one_workout_the_newer_has_it(server):
    older = Browser(server.url)
    ready = older.start()
    older.say("go", {})
    older.squat(1)
    newer = Browser(server.url, t_ms=older.t_ms)
    assert newer.start(resume=ready["resume"])["count"] == 1
    assert "another window" in older.error()["message"]
    older.frame()
    assert older.error()["code"] == "no_workout"
    assert newer.squat(1)[0]["number"] == 2
    older.close()
    newer.answered_frame()
    newer.close()


@pytest.mark.parametrize("secret", ["guessed", "x" * 10_000, "' or 1=1"])
def test_an_unissued_secret_opens_nothing(server, secret):
    browser = Browser(server.url)
    browser.say("start", {"v": 1, "exercise": "squat", "resume": secret})
    assert browser.error()["code"] == "no_workout"
    assert browser.start()["count"] == 0
    browser.close()


def test_a_workout_that_has_ended_is_not_taken_up_again(server):
    browser = Browser(server.url)
    ready = browser.start()
    browser.say("stop", {})
    browser.expect("summary")
    browser.say("start", {"v": 1, "exercise": "squat", "resume": ready["resume"]})
    assert browser.error()["code"] == "no_workout"
    browser.close()


def test_nothing_is_counted_before_go_and_during_a_pause(server):
    browser = Browser(server.url)
    assert browser.start()["counting"] is False
    for _ in range(50):
        browser.answered_frame()
    browser.say("go", {})
    assert browser.squat(1)[0]["number"] == 1
    browser.say("pause", {})
    for _ in range(50):
        seq = browser.frame()
        while (heard := browser.heard.get(timeout=PATIENCE_S))[0] != "pose":
            assert heard[0] != "rep"
        assert heard[1][0] == seq
    browser.say("stop", {})
    assert browser.expect("summary")[0]["count"] == 1
    browser.close()


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
def test_sigterm_notifies_the_browsers_and_exits_cleanly(tmp_path, series, order):
    with serving(tmp_path, series, "--workers", "1") as server:
        browser = Browser(server.url)
        browser.start()
        browser.answered_frame()
        server.process.send_signal(order)
        assert browser.error()["code"] == "restarting"
        assert server.process.wait(PATIENCE_S) == 0
        assert server.lines() == []


def test_a_full_server_refuses_the_next_browser_and_admits_it_when_a_place_is_free(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1", "--streams-per-worker", "1") as server:
        first, second = Browser(server.url), Browser(server.url)
        first.start()
        second.say("start", {"v": 1, "exercise": "squat"})
        assert second.error()["code"] == "server_full"
        first.say("stop", {})
        first.expect("summary")
        second.start()
        second.answered_frame()
        first.close()
        second.close()


def test_on_a_full_server_a_workout_is_still_taken_up_by_its_next_window(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1", "--streams-per-worker", "1") as server:
        older, newer = Browser(server.url), Browser(server.url)
        ready = older.start()
        assert newer.start(resume=ready["resume"])["workout"] == ready["workout"]
        assert older.error()["code"] == "no_workout"
        newer.answered_frame()
        older.close()
        newer.close()


def test_after_kill_9_an_abandoned_workout_ends_by_itself(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1") as server:
        with urllib.request.urlopen(f"{server.url}/workout/squat", timeout=PATIENCE_S) as page:
            me = page.headers["Set-Cookie"].split(";")[0]
        browser = Browser(server.url, cookie=me)
        ready = browser.start()
        browser.say("go", {})
        browser.squat(2)
        server.end(signal.SIGKILL)
    with serving(tmp_path, series, "--workers", "1", "--resume-grace-s", "0") as server:
        request = urllib.request.Request(
            f"{server.url}/workouts/{ready['workout']}/workout.json", headers={"Cookie": me}
        )

        def ended():
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                told = json.load(answer)
            return told if told["finished"] else None

        assert until(ended)["count"] == 2
        late = Browser(server.url, t_ms=browser.t_ms, cookie=me)
        late.say("start", {"v": 1, "exercise": "squat", "resume": ready["resume"]})
        assert "has ended" in late.error()["message"]
        late.close()
