"""A figure of the counting: one strip a clip, with signal, phases, results and truth."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from webapp.errors import SettingsError
from webapp.evaluation.motion import NOTHING, Outcome, Times, Truth
from webapp.motion.exercise import Exercise
from webapp.records import Summary
from webapp.series import Series
from webapp.workout import Workout

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 2
STRIP_INCHES = (8.0, 1.5)
SIGNAL, TRUE, FOUND, SHORT = "#1f3b63", "#333333", "#2c9a4b", "#e08a1e"
PHASES = {"going": "#cfe0f5", "far": "#bfe6c8", "coming": "#f6e3c0", "held": "#bfe6c8"}
TRUE_AT, FOUND_AT, THICK = -0.3, -0.6, 0.22
"""Position of the bars of truth and result below the signal, in parts of the way to the target."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One exercise over one clip: (N,) seconds, part of the way to the target, phase; and the workout's end."""

    t_s: Sequence[float]
    part: Sequence[float]
    phase: Sequence[str]
    summary: Summary


def trace(exercise: Exercise, series: Series) -> Trace:
    """Run a clip through a workout and record each frame; a hold's part is 1 while it is held."""
    workout = Workout(exercise)
    workout.go()
    times, parts, phases = [], [], []
    for estimate in series.estimates():
        workout.observe(estimate)
        times.append(estimate.t_s)
        phases.append(workout.phase)
        held = float(workout.phase == "held")
        parts.append(held if exercise.hold else float("nan") if workout.progress is None else workout.progress)
    return Trace(times, parts, phases, workout.finish())


def draw(
    judged: Iterable[tuple[Truth, Outcome]],
    library: Mapping[str, Exercise],
    series_of: Callable[[str], Series],
    path: Path,
) -> None:
    """Draw the clips, two side by side. Raises SettingsError if the figure cannot be drawn or written."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - slow to import, rarely needed
        from matplotlib.figure import Figure  # noqa: PLC0415 - as above
    except ImportError as exc:
        raise SettingsError("--plot needs matplotlib, which comes with mediapipe: run `make setup`.") from exc
    pairs = list(judged)
    rows = max(1, -(-len(pairs) // COLUMNS))
    figure = Figure(figsize=(STRIP_INCHES[0] * COLUMNS, STRIP_INCHES[1] * rows + 0.6), layout="constrained")
    FigureCanvasAgg(figure)
    strips = list(figure.subplots(rows, COLUMNS, squeeze=False).flat)
    for axes in strips:
        axes.set_axis_off()
    for axes, (truth, outcome) in zip(strips, pairs, strict=False):
        axes.set_axis_on()
        _strip(axes, truth, outcome, [trace(one, series_of(truth.file)) for one in _shown(truth, library)])
    figure.supxlabel("seconds", fontsize=8)
    _legend(figure)
    try:
        figure.savefig(path, dpi=110)
    except (OSError, ValueError) as exc:
        raise SettingsError(f"The figure cannot be written to {path}: {exc}.") from exc


def _shown(truth: Truth, library: Mapping[str, Exercise]) -> list[Exercise]:
    """Return the exercises to look for in a clip."""
    if truth.holds:
        return [library[name] for name in dict.fromkeys(name for hold in truth.holds for name in hold.accept)]
    return [] if truth.exercise == NOTHING else [library[truth.exercise]]


def _strip(axes: "Axes", truth: Truth, outcome: Outcome, traces: Sequence[Trace]) -> None:
    for one in traces:
        _signal(axes, one)
        _bars(axes, [(rep.start_s, rep.end_s) for rep in one.summary.reps if rep.counted], FOUND_AT, FOUND)
        _bars(axes, [(rep.start_s, rep.end_s) for rep in one.summary.reps if not rep.counted], FOUND_AT, SHORT)
        _bars(axes, [(hold.start_s, hold.end_s) for hold in one.summary.holds], FOUND_AT, FOUND)
    _bars(axes, [*truth.rep_times_s, *(hold.times_s for hold in truth.holds)], TRUE_AT, TRUE)
    if not traces:
        axes.set_xticks([])
        axes.text(0.5, 0.5, "nothing to count", transform=axes.transAxes, ha="center", va="center")
    verdict = "" if outcome.ok else "  WRONG"
    title = f"{outcome.file}: {outcome.exercise}, true {outcome.truth}, found {outcome.count}{verdict}"
    axes.set_title(title, fontsize=8, loc="left", color="black" if outcome.ok else "#b00020")
    axes.set_ylim(FOUND_AT - 0.25, 1.5)
    axes.set_yticks([0, 1], ["rest", "target"])
    axes.tick_params(labelsize=7)
    axes.margins(x=0)


def _signal(axes: "Axes", one: Trace) -> None:
    for phase, stretch in groupby(range(len(one.t_s)), key=lambda index: one.phase[index]):
        if phase in PHASES:
            indices = list(stretch)
            end = min(indices[-1] + 1, len(one.t_s) - 1)
            axes.axvspan(one.t_s[indices[0]], one.t_s[end], ymin=0.38, color=PHASES[phase], lw=0)
    axes.plot(one.t_s, one.part, color=SIGNAL, lw=1)


def _bars(axes: "Axes", times_s: Sequence[Times], at: float, colour: str) -> None:
    spans = [(start, end - start) for start, end in times_s]
    axes.broken_barh(spans, (at - THICK / 2, THICK), facecolors=colour, edgecolors="white", linewidth=0.8)


def _legend(figure: "Figure") -> None:
    from matplotlib.patches import Patch  # noqa: PLC0415 - as above

    bars = {"true": TRUE, "found": FOUND, "found, not deep enough": SHORT}
    names = {**bars, **{phase: colour for phase, colour in PHASES.items() if phase != "held"}}
    names["far, or held"] = names.pop("far")
    patches = [Patch(color=colour, label=name) for name, colour in names.items()]
    figure.legend(handles=patches, loc="outside upper center", ncols=len(patches), fontsize=8, frameon=False)
