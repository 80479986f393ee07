"""Ctrl-C and SIGTERM to the whole process group while the server starts: it ends at once and in silence."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from server import PATIENCE_S, until

SIGNALS = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])


@pytest.fixture
def server(tmp_path, series):
    """Start a server with these flags in a process group of its own."""
    started = []

    def start(*flags):
        engine = ["--backend", "replay", "--series", str(series), "--data", str(tmp_path)]
        command = [sys.executable, "-m", "webapp", "serve", "--port", "0", *engine, *flags]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, start_new_session=True, **pipes))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ends_silently(process, number):
    os.killpg(process.pid, number)
    _, said = process.communicate(timeout=PATIENCE_S)
    return (process.returncode, said) == (0, "")


@SIGNALS
def test_workers_that_still_start_are_no_crash(server, number):
    process = server("--workers", "2")
    assert "listens" in process.stdout.readline()
    assert ends_silently(process, number)


@SIGNALS
def test_web_processes_that_still_start_are_ended_and_no_failure(server, number):
    process = server("--processes", "2")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until(lambda: len(children.read_text().split()) == 2)
    assert ends_silently(process, number)
