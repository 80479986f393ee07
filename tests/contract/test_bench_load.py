"""`posecoach bench load` with real servers: its keys, and its report of people who find the server full."""

import json
import subprocess
import sys

import cv2
import numpy as np
import pytest

KEYS = {
    *("sent", "answered", "dropped", "answered_fps", "age_ms", "server_cpu_ms_per_frame", "web_cpu_ms_per_frame"),
    *("rss_mb_start", "rss_mb_end", "p95_first_minute_ms", "p95_last_minute_ms", "p95_each_minute_ms"),
}


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("clip") / "grey.avi"
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 15, (320, 240))
    for shade in range(15):
        film.write(np.full((240, 320, 3), 10 * shade, np.uint8))
    film.release()
    return path


def bench(clip, *arguments):
    command = [sys.executable, "-m", "webapp", "bench", "load", "--clip", str(clip), "--backend", "null", "--json"]
    run = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_the_figures_add_up_and_stock_is_measured_in_the_same_call(clip):
    figures = bench(clip, "--clients", "2", "--fps", "5", "--seconds", "2", "--stock")
    for one in (figures, figures["stock"]):
        assert set(one) >= KEYS
        assert one["sent"] + one["held_back"] == 2 * 5 * 2
        assert one["answered"] + one["dropped"] == one["sent"]
        assert 0 < one["age_ms"]["p50"] <= one["age_ms"]["p95"] <= one["age_ms"]["p99"]
        assert one["rss_mb_start"] > 0
    assert set(figures["stock_ratio"]) <= {"web_cpu_ms_per_frame", "age_p50", "answered_fps"}


def test_people_over_the_servers_places_are_refused_and_the_others_served(clip):
    flags = ("--", "--workers", "1", "--streams-per-worker", "2")
    figures = bench(clip, "--clients", "5", "--fps", "5", "--seconds", "1", *flags)
    assert figures["refused_full"] == 3
    assert figures["sent"] + figures["held_back"] == 2 * 5
    assert figures["client_fps"]["slowest"] > 0
