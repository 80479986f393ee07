"""Several web processes on one port, as seen by users and administrators."""

import contextlib
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from server import PATIENCE_S, Browser, serving, until

from webapp.evaluation.process_usage import family
from webapp.processes import shared_out
from webapp.serving.certificate import AUTHORITY

MANY = ("--processes", "2", "--workers", "2")


@pytest.fixture
def server(tmp_path, series):
    with serving(tmp_path, series, *MANY) as running:
        yield running


def figures(server):
    """Return the metrics of one scrape: {(name, process): value}."""
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=PATIENCE_S) as answer:
        found = re.findall(r'^(posecoach_\w+)\{process="(\d)"\} (\S+)$', answer.read().decode(), re.MULTILINE)
    return {(name, process): float(value) for name, process, value in found}


def web_processes(server):
    """Return the ids of the web processes, in the order of their places."""
    places = {}
    for pid in family(server.process.pid):
        with contextlib.suppress(OSError):
            found = re.search(rb"--place\0(\d+):", Path(f"/proc/{pid}/cmdline").read_bytes())
            if found:
                places[int(found[1])] = pid
    return [places[number] for number in sorted(places)]


def place_of(server, frames):
    """Return the place of the process that has received so many frames."""
    ((place, _),) = [
        (process, value)
        for (name, process), value in figures(server).items()
        if name == "posecoach_frames_total" and value == frames
    ]
    return int(place)


@pytest.mark.parametrize(
    ("workers", "processes", "shares"), [(4, 2, [2, 2]), (5, 3, [2, 2, 1]), (1, 3, [1, 1, 1]), (3, 1, [3])]
)
def test_workers_are_distributed_and_every_process_has_one(workers, processes, shares):
    assert shared_out(workers, processes) == shares


def test_whichever_process_is_asked_tells_the_workers_of_all(server):
    for _ in range(8):
        said = until(lambda: (answer := server.readiness())["ready"] and answer)
        assert Counter(worker["process"] for worker in said["workers"]) == {1: 1, 2: 1}
        assert len({worker["pid"] for worker in said["workers"]}) == 2


def test_browsers_are_distributed_and_one_scrape_counts_all_frames(server):
    browsers = [Browser(server.url) for _ in range(6)]
    for number, browser in enumerate(browsers):
        browser.start()
        for _ in range(number):
            browser.answered_frame()
    seen = figures(server)
    assert {seen["posecoach_streams", "1"], seen["posecoach_streams", "2"]} <= {2, 3, 4}
    assert seen["posecoach_frames_total", "1"] + seen["posecoach_frames_total", "2"] == 15
    for browser in browsers:
        browser.close()


def test_a_killed_web_process_is_replaced_and_its_workouts_go_on(server):
    browser = Browser(server.url)
    ready = browser.start()
    browser.say("go", {})
    browser.squat(2)
    before = web_processes(server)
    place = place_of(server, next(browser.numbers))
    os.kill(before[place - 1], signal.SIGKILL)
    again = until(lambda: connected(server, browser.t_ms))
    assert again.start(resume=ready["resume"])["count"] == 2
    again.say("go", {})
    assert again.squat(1)[0]["number"] == 3
    again.close()
    until(lambda: server.readiness()["ready"])
    after = web_processes(server)
    assert [old == new for old, new in zip(before, after, strict=True)] == [number != place for number in (1, 2)]
    assert sum("it is replaced" in line for line in server.lines()) == 1


def connected(server, t_ms):
    """Return a browser that reconnects, or None if it meets the dying process."""
    try:
        return Browser(server.url, t_ms=t_ms)
    except Exception:
        return None


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
def test_sigterm_notifies_all_browsers_and_ends_all_processes(server, order):
    browsers = [Browser(server.url) for _ in range(4)]
    for browser in browsers:
        browser.start()
    processes = family(server.process.pid)
    server.process.send_signal(order)
    assert {browser.error()["code"] for browser in browsers} == {"restarting"}
    assert server.process.wait(PATIENCE_S) == 0
    assert server.lines() == []
    until(lambda: not any(map(alive, processes)))


def test_no_process_survives_a_killed_parent(server):
    browser = Browser(server.url)
    browser.start()
    processes = family(server.process.pid)
    server.end(signal.SIGKILL)
    assert browser.error()["code"] == "restarting"
    until(lambda: not any(map(alive, processes)))


def alive(pid):
    """Whether a process still runs; a dead one stays in the table until its parent waits for it."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_an_unusable_engine_ends_all_processes_with_one_message(tmp_path):
    engine = ["--backend", "replay", "--series", str(tmp_path / "absent.npz")]
    command = [sys.executable, "-m", "webapp", "serve", "--port", "0", "--data", str(tmp_path), *engine, *MANY]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE_S)
    assert ended.returncode == 1
    assert ended.stderr.count("posecoach: ") == 1
    assert "absent.npz" in ended.stderr


def test_every_process_gets_a_worker_and_the_excess_is_reported(tmp_path, series):
    with serving(tmp_path, series, "--processes", "2", "--workers", "1") as server:
        until(lambda: server.readiness()["ready"])
        assert len(server.readiness()["workers"]) == 2
        assert "needs a worker" in server.lines()[0]


def test_a_store_that_cannot_be_shared_is_refused(tmp_path, series):
    with pytest.raises(AssertionError, match="need a shared database"):
        serving(tmp_path, series, *MANY, "--store", "memory:").__enter__()


def test_a_port_belongs_to_one_program(server):
    port = int(server.url.rpartition(":")[2])
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))


def at_both(server):
    """Return a browser with a workout at each of the two processes, and its `ready`."""
    found, others = {}, []
    while len(found) < 2:
        browser, before = Browser(server.url), figures(server)
        ready, after = browser.start(), figures(server)
        (place,) = [at for at in "12" if after["posecoach_streams", at] > before["posecoach_streams", at]]
        if place in found:
            others.append(browser)
        found.setdefault(place, (browser, ready))
    for browser in others:
        browser.close()
    return found["1"], found["2"]


def test_a_window_at_another_process_learns_at_once_that_its_workout_moved(server):
    (older, ready), (newer, _) = at_both(server)
    newer.say("stop", {})
    newer.expect("summary")
    assert newer.start(resume=ready["resume"])["workout"] == ready["workout"]
    assert older.error() == {"code": "no_workout", "message": "This workout continues in another window."}
    for browser in (older, newer):
        browser.close()


def test_a_workout_that_moves_to_another_process_and_back_counts_each_repetition_once(server):
    (first, ready), (second, _) = at_both(server)
    second.say("stop", {})
    second.expect("summary")
    for number, (browser, other) in enumerate([(first, second), (second, first), (first, second)], 1):
        browser.say("go", {})
        assert browser.squat(1)[0]["number"] == number
        other.t_ms = browser.t_ms
        assert other.start(resume=ready["resume"])["count"] == number
        assert "another window" in browser.error()["message"]
    second.say("stop", {})
    assert [rep["number"] for rep in second.expect("summary")[0]["reps"] if rep["number"]] == [1, 2, 3]
    for browser in (first, second):
        browser.close()


def test_several_processes_speak_https_with_one_certificate(tmp_path, series):
    with serving(tmp_path, series, *MANY, "--https") as server:
        trust = ssl.create_default_context(cafile=tmp_path / "https" / AUTHORITY)
        port = int(server.url.rpartition(":")[2])
        shown = {certificate(port, trust) for _ in range(8)}
        assert len(shown) == 1


def certificate(port, trust):
    with (
        socket.create_connection(("127.0.0.1", port)) as line,
        trust.wrap_socket(line, server_hostname="127.0.0.1") as tls,
    ):
        return tls.getpeercert(binary_form=True)
