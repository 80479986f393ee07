"""The landmarks of a real server are in its database, however the server ends."""

import signal

import numpy as np
import pytest
from server import Browser, serving, until

from webapp.parts import PART_S
from webapp.series import read_series
from webapp.store import open_store

STEP_MS = 100.0
FRAMES = 240


def counted(browser, frames):
    """Send frames that count, and return their times in seconds."""
    times_s = []
    for _ in range(frames):
        browser.answered_frame(step_ms=STEP_MS)
        times_s.append(browser.t_ms / 1000)
    return times_s


def kept(folder, workout):
    store = open_store(f"sqlite:///{folder / 'posecoach.db'}")
    try:
        found = read_series(store.series(workout))
    finally:
        store.close()
    return np.zeros(0) if found is None else found.t_s


def test_a_kill_loses_the_last_part_at_most_and_the_next_process_goes_on_with_the_series(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1") as server:
        browser = Browser(server.url)
        ready = browser.start()
        browser.say("go", {})
        before = counted(browser, FRAMES)
        until(lambda: len(kept(tmp_path, ready["workout"])) >= (FRAMES * STEP_MS / 1000 - PART_S) * 1000 / STEP_MS - 1)
        server.end(signal.SIGKILL)
    with serving(tmp_path, series, "--workers", "1") as server:
        again = Browser(server.url, t_ms=browser.t_ms)
        again.start(resume=ready["resume"])
        again.say("go", {})
        after = counted(again, 30)
        again.say("stop", {})
        again.expect("summary")
        times_s = kept(tmp_path, ready["workout"])
        again.close()
    assert times_s[0] == pytest.approx(before[0], abs=0.002)
    assert np.sum(times_s <= before[-1] + 0.002) >= len(before) - PART_S * 1000 / STEP_MS - 1
    np.testing.assert_allclose(times_s[-30:], after, atol=0.002)


def test_a_terminated_server_has_stored_everything(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1") as server:
        browser = Browser(server.url)
        ready = browser.start()
        counted(browser, 3)  # before `go`: not kept
        browser.say("go", {})
        times_s = counted(browser, 20)
        server.end()
    np.testing.assert_allclose(kept(tmp_path, ready["workout"]), times_s, atol=0.002)


def test_nothing_is_kept_where_it_is_switched_off(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1", "--keep-series", "off") as server:
        browser = Browser(server.url)
        ready = browser.start()
        browser.say("go", {})
        counted(browser, 20)
        browser.say("stop", {})
        browser.expect("summary")
        browser.close()
    assert len(kept(tmp_path, ready["workout"])) == 0
