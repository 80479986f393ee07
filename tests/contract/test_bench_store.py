"""`posecoach bench store` on real databases: its keys, and that nothing of it stays in a user's database."""

import json
import subprocess
import sys
from pathlib import Path

from webapp.store.benchmark import size_bytes


def bench(*arguments: str) -> dict:
    command = [sys.executable, "-m", "webapp", "bench", "store", "--workouts", "40", "--rounds", "2", "--json"]
    run = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_one_store_has_its_figures_on_top() -> None:
    figures = bench()
    assert figures["store"] == "sqlite"
    assert figures["workouts"] == 40
    for key in ("history_ms", "summary_ms", "append_event_ms"):
        assert 0 < figures[key]["p50"] <= figures[key]["p95"]
    assert 10_000 < figures["bytes_per_minute"] < 60 * 4500


def test_several_stores_are_distinguished_and_a_users_own_is_left_as_it_was(postgresql: str, tmp_path: Path) -> None:
    own = f"sqlite:///{tmp_path}/workouts.db"
    figures = bench("--store", own, "--store", postgresql)
    assert set(figures) == {"sqlite", "postgresql"}
    assert figures["postgresql"]["workouts"] == 40
    assert "squat" not in (tmp_path / "workouts.db").read_bytes().decode("latin-1")
    assert size_bytes(own) < 300_000
