"""A workout's summary page: figures, and bars and rows for each exercise. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import pairwise
from statistics import fmean

from webapp.energy import Range, workout_kcal
from webapp.motion.exercise import Exercise, Kind
from webapp.pages.rows import Bars, Done, Table, bars_of, sets_table, table_of
from webapp.pages.wording import clock, enumerated, spoken, stopwatch, title_of
from webapp.records import Hold, Rep, Set, Summary, active_s
from webapp.sets import exercise_of
from webapp.store import KeptEvent, StoredWorkout
from webapp.store.history import DoneSet, Measure, Record, done_sets, least_count, sets_of, tempo_s
from webapp.workout import Workout

RECORDS: Mapping[Measure, str] = {
    "count": "most repetitions in a set",
    "longest_s": "longest hold",
    "total": "most in one workout",
    "rom_deg": "largest range of motion",
    "depth": "deepest on average",
}

NO_WEIGHT = "To see the energy a workout takes, enter your weight in the set-up, under Target, or with the video."


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline figure; tests and scripts find it by `key`."""

    key: str
    name: str
    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One exercise of the workout. sets: a row for each of several sets; records: those reached in it."""

    exercise: str
    title: str
    kind: str
    bars: Bars
    table: Table
    sets: Table | None
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """Everything that the summary's template prints.

    exercise, kind: of the first exercise with anything done. lacks: what the energy needs and is missing.
    """

    exercise: str
    title: str
    kind: str
    known: bool
    finished: bool
    started: datetime
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    cues: tuple[tuple[str, int], ...]
    lacks: str = ""


Library = Mapping[str, Exercise]


def make_page(
    kept: StoredWorkout,
    events: Sequence[KeptEvent],
    library: Library,
    before: Sequence[Record] = (),
    zone: tzinfo | None = None,
) -> SummaryPage:
    """Return a workout's page: one in progress from its events so far, a removed exercise by its name.

    before: the person's records before this workout. zone: time zone of the clock; None for the server's.
    """
    summary = kept.summary or so_far(kept, events, library)
    sets = done_sets(summary)
    sections = tuple(
        _section(name, library.get(name), summary, [one for one in sets if one.exercise == name], before)
        for name in dict.fromkeys(one.exercise for one in sets)
    )
    took = workout_kcal(summary, library, kept.body_kg)
    says = {rule: message for exercise in library.values() for rule, message in exercise.messages.items()}
    return SummaryPage(
        exercise=summary.exercise,
        title=enumerated([section.title for section in sections] or [title_of(library, summary.exercise)]),
        kind=summary.kind,
        known=summary.exercise in library,
        finished=kept.finished,
        started=datetime.fromtimestamp(kept.started_at_s, zone).astimezone(zone),
        figures=(*_figures(summary, len(sections) == 1), *_energy(took)),
        sections=sections,
        cues=tuple((says.get(rule, spoken(rule)), times) for rule, times in summary.cues.items()),
        lacks=NO_WEIGHT if sections and kept.body_kg is None else "",
    )


def so_far(kept: StoredWorkout, events: Sequence[KeptEvent], library: Library) -> Summary:
    """Summarise a workout in progress as if it ended now; if its exercise is gone, from its events alone."""
    exercise = library.get(exercise_of(events) or kept.exercise)
    if exercise is not None:
        summary = Workout(exercise, past=events).finish()
        return summary if events else replace(summary, start_s=kept.started_at_s)
    reps = tuple(event for event in events if isinstance(event, Rep))
    holds = tuple(event for event in events if isinstance(event, Hold))
    start_s = min((event.start_s for event in events), default=kept.started_at_s)
    duration_s = max((event.end_s for event in events), default=start_s) - start_s
    kind: Kind = "hold" if holds else "reps"
    summary = Summary(kept.exercise, kind, start_s, duration_s, active_s(reps, holds), reps, holds)
    return replace(summary, sets=sets_of(summary))


def _section(
    name: str, exercise: Exercise | None, summary: Summary, sets: Sequence[DoneSet], before: Sequence[Record]
) -> Section:
    numbers = {one.number for one in sets}
    says = exercise.messages if exercise else {}
    poses = exercise.pose_titles if exercise else {}
    every: tuple[Done, ...] = (*summary.reps, *summary.holds)
    done = sorted((one for one in every if one.set in numbers), key=lambda one: (one.set, one.start_s))
    target_s = exercise.hold.target_s if exercise and exercise.hold else None
    asked_s = sets[-1].target if target_s else None
    return Section(
        exercise=name,
        title=exercise.title if exercise else spoken(name),
        kind="hold" if any(isinstance(one, Hold) for one in done) else "reps",
        bars=bars_of(done, says, asked_s or target_s, poses),
        table=table_of(done, sets, says, poses),
        sets=sets_table(sets, _rests_s(sets_of(summary))) if len(sets) > 1 else None,
        records=tuple(_records(sets, [one for one in before if one.exercise == name])),
    )


def _rests_s(sets: Sequence[Set]) -> dict[int, float]:
    """Return the rest before each set in seconds, by its number."""
    return {after.number: max(0.0, after.start_s - before.end_s) for before, after in pairwise(sets)}


def _records(sets: Sequence[DoneSet], before: Sequence[Record]) -> Iterable[str]:
    """Return the records that this workout has broken; a first time breaks none."""
    former = {record.measure: record.value for record in before}
    for measure, words in RECORDS.items():
        values = [getattr(one, measure) for one in sets if one.count >= least_count(measure)]
        best = max((value for value in values if value is not None), default=0.0)
        if measure in former and best > former[measure]:
            yield words


def _figures(summary: Summary, alone: bool) -> Iterable[Figure]:
    """Yield the headline figures; means over repetitions only if they are of one exercise."""
    counted = [rep for rep in summary.reps if rep.counted]
    partial = len(summary.reps) - len(counted)
    if summary.kind == "reps" or summary.reps:
        yield Figure("summary-count", "Repetitions", *_of_target(summary, str(summary.count)))
    if summary.kind == "hold" or summary.holds:
        yield Figure("summary-held", "Held", *_of_target(summary, *stopwatch(summary.held_s)))
    yield Figure("summary-time", "Time", *clock(summary.duration_s))
    yield from _times(summary)
    if counted and alone:
        yield from _means(counted)
    if summary.holds:
        yield Figure("summary-best", "Longest hold", *stopwatch(max(hold.held_s for hold in summary.holds)))
        yield Figure("summary-breaks", "Breaks", str(sum(hold.breaks for hold in summary.holds)))
    if partial:
        yield Figure("summary-partial", "Not counted", str(partial))


def _of_target(summary: Summary, reached: str, unit: str = "") -> tuple[str, str]:
    """Return the figure with the target of a single set; those of several are shown set by set."""
    target = summary.sets[0].target if len(summary.sets) == 1 else None
    if target is None:
        return reached, unit
    return reached, f"{unit} of {target:g}{unit and ' s'}".strip()


def _energy(took: Range | None) -> Iterable[Figure]:
    if took is not None:
        low, high = (f"{one:.1f}" if took[1] < 10 else f"{one:.0f}" for one in took)
        yield Figure("summary-energy", "Energy", low if low == high else f"{low} to {high}", "kcal")


def _times(summary: Summary) -> Iterable[Figure]:
    if summary.reps or summary.holds:
        yield Figure("summary-active", "Active", *clock(summary.active_s))
    rest_s = sum(_rests_s(sets_of(summary)).values())
    if rest_s:
        yield Figure("summary-rest", "Rest between sets", *clock(rest_s))


def _means(counted: Sequence[Rep]) -> Iterable[Figure]:
    tempo = " · ".join(f"{one:.1f}" for one in tempo_s(counted))
    yield Figure("summary-tempo", "Lower · pause · lift", tempo, "s")
    depth = fmean(rep.depth for rep in counted)
    yield Figure("summary-depth", "Mean depth", f"{100 * depth:.0f}%", "(target 100%)")
