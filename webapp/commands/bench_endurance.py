"""`posecoach bench endurance`: whether repetitions are lost or doubled while server and database fail repeatedly."""

import asyncio
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import click

from webapp.commands.finite import Finite
from webapp.evaluation.endurance import Person, Schedule, compared, disturbed, long_series
from webapp.evaluation.live import ServerProcess
from webapp.exercises import load_library
from webapp.series import Series
from webapp.settings import ROOT

RECORDED = ROOT / "tests" / "data" / "series" / "squat_side_1.npz"


@click.command("endurance")
@click.option("--minutes", default=10.0, show_default=True, type=Finite(0.5), help="how long it takes")
@click.option(
    "--people", default=2, show_default=True, type=click.IntRange(1, 16), help="how many people work out meanwhile"
)
@click.option(
    "--series", default=RECORDED, type=click.Path(path_type=Path), help="recorded landmarks (.npz) that they all follow"
)
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
@click.pass_context
def command(context: click.Context, minutes: float, people: int, series: Path, as_json: bool) -> None:
    """Kill a worker every 20 s, and the server and its database twice, and compare with an undisturbed count.

    The exit code is 1 if a repetition was lost or counted twice.
    """
    schedule = Schedule(minutes * 60)
    with tempfile.TemporaryDirectory(prefix="posecoach-") as folder:
        measured = _run(Path(folder), schedule, people, Series.load(series))
    click.echo(json.dumps(measured) if as_json else _table(measured))
    context.exit(bool(measured["lost"] or measured["doubled"]))


def _run(folder: Path, schedule: Schedule, number: int, recorded: Series) -> dict[str, Any]:
    playing = long_series(recorded, schedule.seconds + 60)
    playing.save(folder / "series.npz")
    playing = Series.load(folder / "series.npz")  # as the server reads it: a file stores coordinates in steps
    engine = ("--backend", "replay", "--series", str(folder / "series.npz"))
    server = ServerProcess(folder, (*engine, "--workers", "1", "--keep-series", "off"))
    server.start()
    try:
        people = [Person(load_library()[recorded.exercise], playing, server.port) for _ in range(number)]
        reported = asyncio.run(disturbed(server, people, schedule, folder / "posecoach.db"))
    finally:
        server.stop()
    acts = Counter(act for _, act in schedule.acts)
    return {
        "seconds": schedule.seconds,
        "people": number,
        "workers_killed": acts["worker"],
        "server_killed": acts["server"],
        "database_away": acts["database"],
        "database_away_s": schedule.away_s,
        **compared(people, reported, f"sqlite:///{folder / 'posecoach.db'}"),
    }


def _table(measured: dict[str, Any]) -> str:
    reps = measured["reps"]
    return "\n".join(
        (
            f"in {measured['seconds']:g} s  {measured['workers_killed']} workers killed, the server killed "
            f"{measured['server_killed']} times, its database away {measured['database_away']} times for "
            f"{measured['database_away_s']:g} s",
            f"repetitions  {reps['undisturbed']} undisturbed, {reps['kept']} kept, {reps['reported']} reported",
            f"lost {measured['lost']}, doubled {measured['doubled']}",
        )
    )
