"""`posecoach bench endurance` in a short form: every failure happens within 30 s, and every repetition is stored."""

import json
import subprocess
import sys

from figure import squats


def test_no_repetition_is_lost_or_doubled_while_everything_fails(tmp_path):
    series = squats(tmp_path / "squats.npz")
    command = [sys.executable, "-m", "webapp", "bench", "endurance", "--minutes", "0.5", "--series", str(series)]
    run = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False, timeout=240)
    assert run.returncode == 0, run.stdout + run.stderr
    figures = json.loads(run.stdout)
    assert (figures["lost"], figures["doubled"]) == (0, 0)
    assert figures["reps"]["kept"] == figures["reps"]["undisturbed"] == figures["reps"]["reported"] > 10
    assert (figures["workers_killed"], figures["server_killed"], figures["database_away"]) == (3, 2, 2)
    assert figures["signals"]["not_saved"] == figures["signals"]["saved"] > 0
