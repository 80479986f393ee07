"""`posecoach models`: the table of pose engines, their weights, and their speed on this machine."""

import errno
import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from webapp.commands.progress import progress
from webapp.errors import BackendUnavailable, SettingsError, WeightsAbsent
from webapp.evaluation.arithmetic_cost import cost, pictures_of, seen
from webapp.evaluation.engine_speed import frames_of, measure
from webapp.pose import RgbImage, speeds
from webapp.pose import weights as weights_on_disk
from webapp.pose.arithmetic import AUTO, BF16, F32, MIXED, has_bf16, offered
from webapp.pose.backends import EngineRow, check_usable, computed_in, engine, engines, open_backend
from webapp.pose.choice import EngineChoice
from webapp.pose.fetch import FOLDER, fetch
from webapp.pose.weights import Weights
from webapp.settings import Settings
from webapp.skeleton import JOINTS


@click.group("models", invoke_without_command=True)
@click.option(
    "--models",
    "folder",
    type=click.Path(path_type=Path),
    envvar="POSECOACH_MODELS",
    help="folder of your own weights, searched first; fetch writes into it",
)
@click.option(
    "--measure",
    "measured",
    is_flag=True,
    help="measure milliseconds a frame here, and the accuracy cost of faster arithmetic",
)
@click.option(
    "--precision", default=AUTO, show_default=True, type=click.Choice(offered()), help="arithmetic to measure with"
)
@click.option(
    "--pictures",
    type=click.Path(path_type=Path, exists=True),
    help="video or folder of JPEGs to measure that cost on; default: a drawn person",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Settings().data,
    envvar="POSECOACH_DATA",
    help="data folder, where the server finds the measurements  [default: var]",
)
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
@click.pass_context
def command(
    context: click.Context,
    folder: Path | None,
    measured: bool,
    precision: str,
    pictures: Path | None,
    data: Path,
    as_json: bool,
) -> None:
    """List the pose engines, and which of them can be used here.

    With --measure also how fast they are; the figures are stored, and shown on the page.
    """
    context.obj = folder
    if context.invoked_subcommand is not None:
        return
    folders = weights_on_disk.folders_of(folder)
    rows = {name: facts(row, folders, precision) for name, row in engines().items()}
    if measured:
        _check_writable(data)
        shown = pictures_of(pictures)
        _measure(rows, folders)
        _compare(rows, folders, shown)
        _keep(rows, data)
    click.echo(json.dumps(rows) if as_json else table(rows))


@command.command("fetch")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.pass_context
def fetch_command(context: click.Context, names: tuple[str, ...]) -> None:
    """Download the weights of the engines NAME, verify and install them. `posecoach models` lists the engines."""
    for name in names:
        if name not in engines():
            known_names = ", ".join(row.name for row in engines().values() if row.weights)
            raise SettingsError(f"There is no engine {name!r} to fetch; choose from {known_names}.")
    known = weights_on_disk.manifest()
    for row in map(engine, names):
        for name in row.weights:
            click.echo(f"{name}: {_brought(known[name], context.obj)}")
        if not row.weights:
            click.echo(f"{row.name}: it needs no weights")


def _brought(weights: Weights, folder: Path | None) -> Path:
    """Return where the weights are, after fetching them if necessary."""
    try:
        return weights_on_disk.find(weights, () if folder is None else (folder,))
    except BackendUnavailable:
        with progress(weights.name) as done:
            return fetch(weights, folder or FOLDER, lambda here, of: done(here / max(here, of, weights.size)))


def facts(row: EngineRow, folders: tuple[Path, ...] = (), precision: str = AUTO) -> dict[str, Any]:
    """Return one engine's row as plain values.

    missing: why it cannot be opened. absent: whether only its weights have to be fetched. precision: its arithmetic
    here. cost: by arithmetic, how far that moves the joints from f32.
    """
    missing, absent = _missing(row, folders)
    return {
        "title": row.title,
        "input_px": row.input_px,
        "joints": len(row.joints),
        "lacks": [name for number, name in enumerate(JOINTS) if number not in row.joints],
        "world": row.has_depth,
        "parameters_m": row.parameters_m,
        "gflop": row.gflop,
        "accuracy": row.accuracy,
        "source": row.source,
        "licence": row.licence,
        "missing": missing,
        "absent": absent,
        "precision": computed_in(row.name, precision),
        "ms": None,
        "cost": {},
    }


def _missing(row: EngineRow, folders: tuple[Path, ...]) -> tuple[str, bool]:
    """Return why the engine cannot be used, or nothing, and whether its weights are just not fetched yet."""
    try:
        check_usable(row, folders)
    except BackendUnavailable as exc:
        return str(exc), isinstance(exc, WeightsAbsent)
    return "", False


def _measure(rows: dict[str, dict[str, Any]], folders: tuple[Path, ...]) -> None:
    """Fill in `ms` of every engine that opens here, and the reason for the others."""
    frames = frames_of(None)
    for name, row in rows.items():
        if row["missing"] or not row["input_px"]:
            continue
        try:
            row["ms"] = measure([EngineChoice(name, folders, row["precision"])], frames, rounds=1)[name].ms
        except BackendUnavailable as exc:
            row["missing"] = str(exc)


def _compare(rows: dict[str, dict[str, Any]], folders: tuple[Path, ...], pictures: list[RgbImage]) -> None:
    """Fill in `cost` of every engine with other arithmetic than f32 here."""
    for name, row in rows.items():
        if row["ms"] is None or not has_bf16():
            continue
        looks = {}
        with suppress(BackendUnavailable):  # MediaPipe has f32 only
            for precision in (F32, MIXED, BF16):
                backend = open_backend(name, models=folders, precision=precision)
                looks[precision] = seen(backend, pictures)
                backend.close()
        costs = {precision: cost(looks[F32], quick) for precision, quick in looks.items() if precision != F32}
        row["cost"] = {precision: asdict(one) for precision, one in costs.items() if one is not None}


def _check_writable(data: Path) -> None:
    """Find out before minutes of measuring that their figures could not be stored. Raises SettingsError."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not os.access(data, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as exc:
        raise _unstorable(data, exc) from exc


def _unstorable(data: Path, exc: OSError) -> SettingsError:
    return SettingsError(f"The measurements cannot be stored in {data} ({exc.strerror}); choose another with --data.")


def _keep(rows: dict[str, dict[str, Any]], data: Path) -> None:
    figures: dict[str, dict[str, float]] = {}
    for name, row in rows.items():
        if row["ms"] is not None:
            figures.setdefault(row["precision"], {})[name] = row["ms"]
    try:
        speeds.keep(data, figures)
    except OSError as exc:
        raise _unstorable(data, exc) from exc


def table(rows: dict[str, dict[str, Any]]) -> str:
    """Return the table as lines of text, followed by the sources of its figures and how to fix what is missing."""
    sizes = f"{'input':>6}{'joints':>8}{'M par.':>8}{'GFLOP':>7}"
    lines = [f"{'engine':22}{sizes}{'ms':>10} {'arithmetic':12}{'licence':12}published accuracy"]
    lines += [_line(name, row) for name, row in rows.items()]
    wrong = dict.fromkeys(row["missing"] for row in rows.values() if row["missing"] and not row["absent"])
    costs = _costs(rows)
    return "\n".join([*lines, "", *_sources(rows), *costs, *wrong, *_cures(rows)])


def _cures(rows: dict[str, dict[str, Any]]) -> list[str]:
    """Return the commands that bring absent weights: BlazePose's come with a package."""
    known = weights_on_disk.manifest()
    absent = [known[one] for name, row in rows.items() if row["absent"] for one in engine(name).weights]
    install = ["Install BlazePose's weights with `make setup`."] if any(one.npm for one in absent) else []
    fetch_them = ["Fetch missing weights with `posecoach models fetch NAME`."] if any(one.url for one in absent) else []
    return [*install, *fetch_them]


def _sources(rows: dict[str, dict[str, Any]]) -> list[str]:
    """Return the published source of each engine's accuracy."""
    families: dict[str, dict[str, None]] = {}
    for name, row in rows.items():
        if row["source"]:
            families.setdefault(row["source"], {})[name.partition("-")[0]] = None
    return [f"Accuracy of {', '.join(names)}: {source}." for source, names in families.items()]


def _costs(rows: dict[str, dict[str, Any]]) -> list[str]:
    """Return the accuracy cost of faster arithmetic of each engine as a table."""
    lines = [
        f"{name:22}{precision:>7}{one['region_percent']:9.2f} %{_or_dash(one['world_mm']):>9}"
        for name, row in rows.items()
        for precision, one in row["cost"].items()
    ]
    if not lines:
        return []
    about = "Displacement from f32: joints in percent of the square around the body, world points in mm:"
    return ["", about, *lines, ""]


def _or_dash(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} mm"


def _line(name: str, row: dict[str, Any]) -> str:
    ms = "not here" if row["missing"] else "" if row["ms"] is None else f"{row['ms']:.1f}"
    size = f"{row['input_px'] or '-':>6}{row['joints']:8}{row['parameters_m'] or '-':>8}{row['gflop'] or '-':>7}"
    return f"{name:22}{size}{ms:>10} {row['precision']:12}{row['licence']:12}{row['accuracy']}"
