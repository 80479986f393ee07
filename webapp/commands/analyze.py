"""`posecoach analyze`: count or time one video."""

import csv
import io
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

import click

from webapp.commands.finite import Finite
from webapp.commands.landmarks import engine_option, landmarks_of
from webapp.commands.named import exercise_named
from webapp.commands.outputs import new_file
from webapp.commands.progress import progress
from webapp.errors import BadVideo, SettingsError
from webapp.evaluation.overlay import write_overlay
from webapp.exercises import load_library
from webapp.exports.rounding import rounded, row_of
from webapp.motion.exercise import Exercise
from webapp.pose.backends import engine as engine_row
from webapp.pose.offers import check_joints
from webapp.recordings import likeliest, play, recognised
from webapp.records import Hold, Rep, Summary
from webapp.series import Series
from webapp.settings import from_sources


@click.command("analyze", short_help="Count or time the exercise in one video.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--exercise", required=True, help="name or title of the exercise, such as squat; auto to detect it")
@engine_option
@click.option("--fps", default=0.0, type=Finite(0), help="most frames a second to analyse; 0 for every frame")
@click.option(
    "--overlay",
    type=click.Path(path_type=Path),
    metavar="OUT.mp4",
    help="write the video with skeleton and count drawn in",
)
@click.option("--csv", "as_csv", is_flag=True, help="print one row per repetition or hold")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def command(
    file: Path, exercise: str, engine: str | None, fps: float, overlay: Path | None, as_csv: bool, as_json: bool
) -> None:
    """Count the repetitions or time the holds in FILE, a video of one person.

    The engine sees every frame in full size; live and uploaded videos are limited to 30 frames a second and the size
    that a browser sends, so their figures can differ slightly.

    The joints seen in it are cached in the folder "series" of the data folder (var), so that a second run is fast;
    delete that folder to clear the cache.
    """
    if as_csv and as_json:
        raise SettingsError("--csv and --json exclude each other; give one of them.")
    settings = from_sources({"backend": engine}, os.environ)
    if settings.backend == "replay" and file.suffix != ".npz":
        raise SettingsError("The engine replay needs no video: give a recorded series, a .npz file, as FILE.")
    library = load_library(settings.exercise_folders)
    chosen = None if exercise.casefold() == "auto" else exercise_named(exercise, library, besides="auto")
    if overlay is not None:
        _check_overlay(file, overlay)
    if chosen is not None and file.suffix != ".npz":
        check_joints(engine_row(settings.backend, settings.model_folders), chosen)
    series = landmarks_of(file, settings, fps)
    tried = library.values() if chosen is None else [chosen]
    summary = likeliest(play(one, series.estimates()) for one in tried)
    if chosen is None and not recognised(summary):
        if as_json:
            click.echo(json.dumps({"file": file.name, "exercise": None}, indent=1))
        raise BadVideo(f"{file} shows no known exercise; name one to see how close it comes.")
    if overlay is not None:
        _draw(file, overlay, series, library[summary.exercise], fps)
    text = _text(summary, library[summary.exercise].messages)
    click.echo(_csv(summary) if as_csv else json.dumps(_object(file, summary), indent=1) if as_json else text)


def _check_overlay(file: Path, overlay: Path) -> None:
    if overlay.resolve() == file.resolve():
        raise SettingsError(f"{overlay} is the video itself; give --overlay another name.")
    if file.suffix == ".npz":
        raise SettingsError(f"{file} has no pictures to draw on; give the video as FILE, or leave out --overlay.")
    new_file(overlay, ".mp4")


def _draw(file: Path, overlay: Path, series: Series, exercise: Exercise, fps: float) -> None:
    with progress("Drawing") as done:
        write_overlay(file, overlay, series, exercise, fps, done)


def _object(file: Path, summary: Summary) -> dict[str, object]:
    rows = {name: [row_of(one) for one in getattr(summary, name)] for name in ("reps", "holds", "sets")}
    figures = rounded({"held_s": summary.held_s, **asdict(summary)})
    return {"file": file.name, "count": summary.count, **figures, **rows}


def _csv(summary: Summary) -> str:
    record: type[Rep] | type[Hold] = Rep if summary.kind == "reps" else Hold
    out = io.StringIO()
    writer = csv.DictWriter(out, [one.name for one in fields(record)], lineterminator="\n")
    writer.writeheader()
    for row in summary.reps or summary.holds:
        writer.writerow({key: _cell(value) for key, value in row_of(row).items()})
    return out.getvalue().rstrip("\n")


def _cell(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, tuple) else value


def _text(summary: Summary, says: Mapping[str, str]) -> str:
    rows = [_rep_line(rep) for rep in summary.reps] + [_hold_line(hold, summary.exercise) for hold in summary.holds]
    cues = [
        f"{says.get(rule, rule)} Said {'once' if count == 1 else f'{count} times'}."
        for rule, count in summary.cues.items()
    ]
    total = (
        f"{summary.count} repetition{'' if summary.count == 1 else 's'}"
        if summary.kind == "reps"
        else f"{summary.held_s:.1f} s held"
    )
    return "\n".join((*rows, *cues, f"{summary.exercise}: {total} in {summary.duration_s:.1f} s"))


def _rep_line(rep: Rep) -> str:
    turn = f", {rep.rom_deg:.0f} degrees" if rep.rom_deg is not None else ""
    name = f"{rep.number:3}" if rep.counted else "  -"
    return f"{name}  {rep.start_s:7.2f} to {rep.end_s:7.2f} s{turn}  {rep.reason}".rstrip()


def _hold_line(hold: Hold, exercise: str) -> str:
    pose = "" if hold.pose == exercise else f"  {hold.pose}"
    side = "" if hold.side == "both" else f", {hold.side} side"
    return f"{hold.number:3}  {hold.start_s:7.2f} to {hold.end_s:7.2f} s{pose}{side}"
