"""Frames exist in memory only: none on disk, in a log, or in what a crash leaves; and the log tells who asked."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from server import JPEG, PATIENCE_S, Browser, serving, until

GET_DUMPABLE = 3  # linux/prctl.h


def core_limit(pid):
    (line,) = [line for line in Path(f"/proc/{pid}/limits").read_text().splitlines() if "core file" in line]
    return line.split()[4:6]


def test_no_picture_is_on_disk_or_in_the_log_and_no_crash_leaves_one(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1", "--log-level", "debug") as server:
        browser = Browser(server.url)
        browser.start()
        browser.answered_frame()
        browser.frame(JPEG[:-2])
        browser.error()
        (worker,) = server.ready()["workers"]
        for pid in (server.process.pid, worker["pid"]):
            assert core_limit(pid) == ["0", "0"]
        os.kill(worker["pid"], signal.SIGABRT)
        until(lambda: server.readiness()["workers"][0]["pid"] != worker["pid"])
        browser.answered_frame()
        browser.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 2
    for path in files:
        data = path.read_bytes()
        assert JPEG[2:40] not in data, path
        assert repr(JPEG[2:12])[2:-1].encode() not in data, path


def test_a_process_that_forbids_dumps_is_not_dumpable_by_any_handler():
    script = f"""
import ctypes
from webapp import core_dumps
core_dumps.forbid()
print(ctypes.CDLL(None).prctl({GET_DUMPABLE}, 0, 0, 0, 0))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "0"


def test_the_log_as_json_names_the_request_that_the_answer_names(tmp_path, series):
    flags = ("--workers", "1", "--log-format", "json", "--log-level", "info", "--proxies", "1")
    with serving(tmp_path, series, *flags) as server:
        asked = urllib.request.Request(f"{server.url}/workouts", headers={"X-Request-ID": "from-the-proxy"})
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
            assert answer.headers["X-Request-ID"] == "from-the-proxy"
        browser = Browser(server.url)
        browser.start()
        browser.frame("no bytes")
        browser.error()
        browser.close()
    told = [json.loads(line) for line in server.lines()]
    (page,) = [one for one in told if one["message"].startswith("GET /workouts: 200")]
    assert page["request"] == "from-the-proxy"
    (refused,) = [one for one in told if "the error" in one["message"]]
    assert refused["level"] == "warning"
    assert len(refused["request"]) == 16
