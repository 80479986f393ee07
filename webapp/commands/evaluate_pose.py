"""`posecoach evaluate pose`: the papers' accuracy metrics on labelled pictures."""

import csv
import io
import json
import math
import os
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.commands.landmarks import precision_option
from webapp.commands.outputs import FIGURES, new_file
from webapp.commands.progress import progress
from webapp.errors import BackendUnavailable, SettingsError
from webapp.evaluation.accuracy import Rate
from webapp.evaluation.keypoints import READERS, Labelled, format_of, read
from webapp.evaluation.pose import Report, judge
from webapp.pose.backends import engine, engines, open_backend
from webapp.settings import Settings, from_sources

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

ALL = "all"
NAME_PT = 8  # size of an engine's name in the figure


@click.command("pose", short_help="Compare joints with labelled pictures (PCK, PCKh, OKS).")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--dataset", type=click.Choice(sorted(READERS)), help="format of the labels; default: the one they are in"
)
@click.option(
    "--engine",
    "names",
    multiple=True,
    default=("blazepose-full",),
    show_default=True,
    help="pose engine; may be repeated; all: every one whose weights are here",
)
@precision_option
@click.option("--json", "as_json", is_flag=True, help="print JSON: an object, or a list for several engines")
@click.option("--csv", "as_csv", is_flag=True, help="print one row of CSV for each figure")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="draw accuracy against milliseconds")
def command(
    folder: Path,
    dataset: str | None,
    names: tuple[str, ...],
    precision: str | None,
    as_json: bool,
    as_csv: bool,
    plot: Path | None,
) -> None:
    """Look for the labelled people in the pictures in FOLDER and compare the joints found with the labels.

    PCK and PCKh are the labelled joints, in percent, that were found within a part of the torso's and of the head's
    length; OKS mAP is COCO's own figure. Joints that an engine does not have are left out. Each person is
    estimated alone: in the whole picture for LSP, in the labelled box enlarged by a quarter for MPII and COCO.
    """
    if as_csv and as_json:
        raise SettingsError("--csv and --json exclude each other; give one of them.")
    if "replay" in names:
        raise SettingsError("The engine replay plays a recording and looks at no picture; leave it out.")
    if plot is not None:
        new_file(plot, *FIGURES)
    dataset = dataset or format_of(folder)
    people = read(folder, dataset)
    settings = from_sources({"precision": precision}, os.environ)
    reports = [report for name in _chosen(names) if (report := _report(name, people, dataset, settings, names))]
    if not reports:
        raise BackendUnavailable("No engine can be opened here; the lines above say how to get them.")
    if as_json:
        rows = [as_row(report) for report in reports]
        click.echo(json.dumps(rows[0] if len(rows) == 1 else rows))
    else:
        click.echo(_as_csv(reports) if as_csv else _table(reports), nl=not as_csv)
    if plot is not None:
        _draw(reports, plot)


def _chosen(names: Sequence[str]) -> list[str]:
    return [name for name, row in engines().items() if row.weights] if ALL in names else list(names)


def _report(
    name: str, people: Sequence[Labelled], dataset: str, settings: Settings, asked: Sequence[str]
) -> Report | None:
    """Evaluate one engine; with `all`, one that cannot be opened is skipped with a message."""
    judged = engine(name, settings.model_folders).joints
    try:
        backend = open_backend(name, models=settings.model_folders, precision=settings.precision)
    except BackendUnavailable as exc:
        if ALL not in asked:
            raise
        click.echo(f"left out: {exc}", err=True)
        return None
    with closing(backend), progress(f"{name:22}") as done:
        return judge(backend, judged, people, dataset, done)


def as_row(report: Report) -> dict[str, Any]:
    """Return the report for JSON; unknown values are null."""
    return {
        "engine": report.engine,
        "dataset": report.dataset,
        "images": report.images,
        "people": report.people,
        "found": report.found,
        "joints": report.joints,
        "ms": _number(report.ms),
        "pck": {str(limit): _rate(rate) for limit, rate in report.pck.items()},
        "pckh": {str(limit): _rate(rate) for limit, rate in report.pckh.items()},
        "oks_map": None if report.oks_map is None else round(report.oks_map, 2),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {"mean": _number(rate.mean), "per_joint": {kind: _number(value) for kind, value in rate.per_joint.items()}}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 2)


def _figures(report: Report) -> list[tuple[str, str, float]]:
    """Return every rate: its name, the kind of joint and the percentage."""
    rates = [(f"PCK@{limit}", rate) for limit, rate in report.pck.items()]
    rates += [(f"PCKh@{limit}", rate) for limit, rate in report.pckh.items()]
    figures = [
        (name, kind, value) for name, rate in rates for kind, value in (*rate.per_joint.items(), ("mean", rate.mean))
    ]
    return figures if report.oks_map is None else [*figures, ("OKS mAP", "mean", report.oks_map)]


def _as_csv(reports: Sequence[Report]) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("engine", "dataset", "images", "metric", "joint", "percent", "ms"))
    for report in reports:
        for name, kind, value in _figures(report):
            row = (report.engine, report.dataset, report.images, name, kind, f"{value:.2f}", f"{report.ms:.2f}")
            lines.writerow(row)
    return text.getvalue()


def _table(reports: Sequence[Report]) -> str:
    """Return one table per metric, one row per engine, one column per kind of joint, as printed in the papers."""
    tables = []
    for name in dict.fromkeys(name for report in reports for name, _, _ in _figures(report)):
        rows = {report: {k: v for n, k, v in _figures(report) if n == name} for report in reports}
        kinds = list(dict.fromkeys(kind for row in rows.values() for kind in row if kind != "mean"))
        tables.append("  ".join([f"{name:22}", *(f"{kind:>8}" for kind in (*kinds, "mean", "ms", "found"))]))
        for report, row in rows.items():
            cells = [f"{row[kind]:8.1f}" if kind in row else f"{'-':>8}" for kind in (*kinds, "mean")]
            found = f"{report.found}/{report.people}"
            tables.append("  ".join([f"{report.engine:22}", *cells, f"{report.ms:8.1f}", f"{found:>8}"]))
        tables.append("")
    return "\n".join(tables).rstrip()


def _draw(reports: Sequence[Report], path: Path) -> None:
    """Draw each engine as a point: milliseconds across, the dataset's first metric upwards."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - slow to import, rarely needed
        from matplotlib.figure import Figure  # noqa: PLC0415 - as above
        from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter  # noqa: PLC0415 - as above
    except ImportError as exc:
        raise SettingsError("--plot needs matplotlib, which comes with mediapipe: run `make setup`.") from exc
    figure = Figure(figsize=(8, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    names = []
    for report in reports:
        metric, value = _headline(report)
        point = axes.scatter(report.ms, value)
        names.append(
            axes.annotate(
                report.engine,
                (report.ms, value),
                xytext=(0, NAME_PT / 2),
                textcoords="offset points",
                ha="center",
                fontsize=NAME_PT,
                color=point.get_facecolor()[0],
            )
        )
        axes.set(xlabel="ms a frame, one thread", ylabel=f"{metric}, % ({report.dataset})", xscale="log")
    axes.margins(x=0.15, y=0.1)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(alpha=0.3)
    _raise_overlapping(names, figure)
    try:
        figure.savefig(path, dpi=150)
    except (OSError, ValueError) as exc:
        raise SettingsError(f"The figure cannot be written to {path}: {exc}.") from exc


def _raise_overlapping(names: Iterable["Annotation"], figure: "Figure") -> None:
    """Move each name up, a line at a time, until it covers none of those before."""
    figure.draw_without_rendering()  # places the axes, so that the names' extents are known
    placed: list[Bbox] = []
    for name in names:
        while any(name.get_window_extent().overlaps(other) for other in placed):
            across, up = name.xyann
            name.xyann = across, up + NAME_PT / 2
        placed.append(name.get_window_extent())


def _headline(report: Report) -> tuple[str, float]:
    if report.oks_map is not None:
        return "OKS mAP", report.oks_map
    rates = report.pckh if report.dataset == "mpii" else report.pck
    limit, rate = next(iter(rates.items()))
    return f"PCK{'h' if rates is report.pckh else ''}@{limit}", rate.mean
