import json

from click.testing import CliRunner

from webapp.commands import bench_motion
from webapp.exercises import load_library
from webapp.settings import ROOT

SQUATS = ROOT / "tests" / "data" / "series" / "squat_side_1.npz"


def test_every_exercise_of_the_library_is_timed_on_a_recording():
    run = CliRunner().invoke(bench_motion.command, ["--clip", str(SQUATS), "--rounds", "1", "--json"])
    times = json.loads(run.output)
    assert set(times) == set(load_library())
    assert all(0 < one["ms"] <= one["p99_ms"] for one in times.values())


def test_the_slowest_exercise_is_listed_first():
    run = CliRunner().invoke(bench_motion.command, ["--clip", str(SQUATS), "--rounds", "1"])
    medians = [float(line.split()[1]) for line in run.output.splitlines()[1:]]
    assert medians == sorted(medians, reverse=True)
