"""`/metrics` of a real server, after a known sequence of frames."""

import re
import urllib.request

import pytest
from server import JPEG, PATIENCE_S, Browser, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory, series):
    with serving(tmp_path_factory.mktemp("server"), series, "--workers", "1") as running:
        yield running


def figures(server):
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=PATIENCE_S) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = answer.read().decode()
    return {name: float(value) for name, value in re.findall(r"^(posecoach_\S+) (\S+)$", text, re.MULTILINE)}


def test_frames_answers_and_errors_are_counted(server):
    before = figures(server)
    browser = Browser(server.url)
    browser.start()
    for _ in range(5):
        browser.answered_frame()
    browser.frame(JPEG[:-40])
    browser.error()
    after = figures(server)
    browser.close()

    grown = {name: after[name] - before.get(name, 0.0) for name in after}
    assert grown["posecoach_frames_total"] == 5
    assert grown["posecoach_frames_answered_total"] == 5
    assert grown["posecoach_frames_dropped_total"] == 0
    assert grown['posecoach_refused_total{code="bad_message"}'] == 1
    assert grown["posecoach_answer_age_seconds_count"] == grown["posecoach_inference_seconds_count"] == 5
    assert grown["posecoach_answer_age_seconds_sum"] >= grown["posecoach_inference_seconds_sum"] > 0
    assert grown["posecoach_streams"] == grown["posecoach_workouts"] == 1
    assert after['posecoach_workers{state="ready"}'] == 1
    assert grown["posecoach_store_errors_total"] == 0
