"""A workout as its page shows it: figures, bars and rows made of the records. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from webapp.motion.exercise import Exercise
from webapp.records import Hold, Rep, Set, Summary
from webapp.store import KeptEvent, StoredWorkout

TALLEST_PX = 140.0
"""Height of the highest bar, or of the target where no bar reaches it."""
LEAST_PX = 2.0
NONE = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
WORDS = "To mind"
"""The column of sentences, which are set as such."""

Row = tuple[str, ...]
"""The cells of a table's row."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline figure; `key` is what tests and scripts find it by."""

    key: str
    name: str
    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One repetition or hold; `look` is `good`, `fault` or `partial`."""

    label: str
    height: float
    look: str
    words: str


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """Everything that the summary's template prints."""

    exercise: str
    title: str
    kind: str
    known: bool
    finished: bool
    started: datetime
    figures: tuple[Figure, ...]
    bars: tuple[Bar, ...]
    columns: Row
    rows: tuple[Row, ...]
    cues: tuple[tuple[str, int], ...]
    target_label: str
    target_height: float

    @property
    def has_faults(self) -> bool:
        """Whether a bar carries the sign of a fault."""
        return any(bar.look == "fault" for bar in self.bars)

    @property
    def has_partials(self) -> bool:
        """Whether a bar stands for what was not counted."""
        return any(bar.look == "partial" for bar in self.bars)

    @property
    def chart_says(self) -> str:
        """The chart in words, for who cannot see it."""
        return "; ".join(f"{bar.label}: {bar.words}" for bar in self.bars)


def make_page(kept: StoredWorkout, events: Sequence[KeptEvent], exercise: Exercise | None) -> SummaryPage:
    """Show a workout; one that has not ended is shown from its events so far, an exercise that is gone by its name."""
    summary = kept.summary or so_far(kept, events, exercise)
    says = {rule.name: rule.message for rule in exercise.rules} if exercise else {}
    counts = summary.kind == "reps"
    target_s = exercise.hold.target_s if exercise and exercise.hold else None
    parts = _rep_parts(summary.reps) if counts else _hold_parts(summary.holds, target_s)
    target_px = TALLEST_PX / max([1.0, *parts])
    heights = [round(max(LEAST_PX, part * target_px), 1) for part in parts]
    columns, rows = _filled(_rep_table(summary.reps, says) if counts else _hold_table(summary.holds))
    return SummaryPage(
        exercise=kept.exercise,
        title=exercise.title if exercise else spoken(kept.exercise),
        kind=summary.kind,
        known=exercise is not None,
        finished=kept.finished,
        started=datetime.fromtimestamp(kept.started_at_s).astimezone(),
        figures=tuple(_rep_figures(summary) if counts else _hold_figures(summary)),
        bars=tuple(_rep_bars(summary.reps, heights, says) if counts else _hold_bars(summary.holds, heights)),
        columns=columns,
        rows=rows,
        cues=tuple((says.get(rule, spoken(rule)), times) for rule, times in summary.cues.items()),
        target_label="target" if counts or target_s is None else f"{target_s:g} s",
        target_height=round(target_px, 1),
    )


def so_far(kept: StoredWorkout, events: Sequence[KeptEvent], exercise: Exercise | None) -> Summary:
    """Sum up a workout that has not ended; what is kept tells its kind where the exercise is gone."""
    reps = tuple(event for event in events if isinstance(event, Rep))
    holds = tuple(event for event in events if isinstance(event, Hold))
    start_s = min((event.start_s for event in events), default=kept.started_at_s)
    end_s = max((event.end_s for event in events), default=start_s)
    active_s = sum(event.end_s - event.start_s for event in events if not isinstance(event, Set))
    kind = exercise.kind if exercise else "hold" if holds else "reps"
    sets = tuple(event for event in events if isinstance(event, Set))
    return Summary(kept.exercise, kind, start_s, end_s - start_s, active_s, reps, holds, sets=sets)


def spoken(name: str) -> str:
    """Turn a name of files and rules into words: `push_up` is Push up."""
    return name.replace("_", " ").capitalize()


def clock(seconds: float) -> tuple[str, str]:
    """Return a time and its unit: 12 s under a minute, 3:05 min above."""
    whole = int(seconds)
    return (str(whole), "s") if whole < 60 else (f"{whole // 60}:{whole % 60:02d}", "min")


def score(summary: Summary) -> str:
    """The one figure of a workout: repetitions, or seconds held."""
    if summary.kind == "hold":
        return f"{summary.held_s:.0f} s held"
    return f"{summary.count} repetition" + ("" if summary.count == 1 else "s")


_REP_COLUMNS = ("No.", "Depth", "Range", "Lower", "Pause", "Lift", f"Left {MINUS} right", WORDS)
_HOLD_COLUMNS = ("No.", "Held", "Side", "Breaks")


def _rep_figures(summary: Summary) -> Iterable[Figure]:
    counted = [rep for rep in summary.reps if rep.counted]
    yield Figure("summary-count", "Repetitions", str(summary.count))
    yield Figure("summary-time", "Time", *clock(summary.duration_s))
    if counted:
        lower, pause, lift = (
            fmean(getattr(rep, name) for rep in counted) for name in ("eccentric_s", "pause_s", "concentric_s")
        )
        yield Figure("summary-tempo", "Lower · pause · lift", f"{lower:.1f} · {pause:.1f} · {lift:.1f}", "s")
        yield Figure("summary-depth", "Depth, mean", f"{100 * fmean(rep.depth for rep in counted):.0f}%", "of target")
    partial = len(summary.reps) - len(counted)
    if partial:
        yield Figure("summary-partial", "Not counted", str(partial))


def _hold_figures(summary: Summary) -> Iterable[Figure]:
    yield Figure("summary-held", "Held", f"{summary.held_s:.1f}", "s")
    yield Figure("summary-time", "Time", *clock(summary.duration_s))
    if summary.holds:
        yield Figure("summary-best", "Longest hold", f"{max(hold.held_s for hold in summary.holds):.1f}", "s")
        yield Figure("summary-breaks", "Breaks", str(sum(hold.breaks for hold in summary.holds)))


def _rep_parts(reps: Sequence[Rep]) -> list[float]:
    return [rep.depth for rep in reps]


def _hold_parts(holds: Sequence[Hold], target_s: float | None) -> list[float]:
    full_s = target_s or max((hold.held_s for hold in holds), default=1.0) or 1.0
    return [hold.held_s / full_s for hold in holds]


def _rep_bars(reps: Sequence[Rep], heights: Sequence[float], says: dict[str, str]) -> Iterable[Bar]:
    for rep, height in zip(reps, heights, strict=True):
        yield Bar(str(rep.number) if rep.counted else NONE, height, look(rep), rep_words(rep, says))


def _hold_bars(holds: Sequence[Hold], heights: Sequence[float]) -> Iterable[Bar]:
    for hold, height in zip(holds, heights, strict=True):
        yield Bar(str(hold.number), height, "good", f"held {hold.held_s:.1f} s")


def look(rep: Rep) -> str:
    """Return how a repetition is drawn: `good`, `fault` or `partial`."""
    if not rep.counted:
        return "partial"
    return "fault" if rep.faults else "good"


def rep_words(rep: Rep, says: dict[str, str]) -> str:
    """Return a repetition in words; `says` has the rules' messages."""
    words = [f"{100 * rep.depth:.0f}% of the target", _to_mind(rep, says)]
    return ", ".join(word for word in words if word)


def _to_mind(rep: Rep, says: dict[str, str]) -> str:
    if not rep.counted:
        return f"Not counted: {rep.reason}" if rep.reason else "Not counted"
    return " ".join(says.get(fault, spoken(fault)) for fault in rep.faults)


def _rep_table(reps: Sequence[Rep], says: dict[str, str]) -> tuple[Row, list[Row]]:
    return _REP_COLUMNS, [_rep_row(rep, says) for rep in reps]


def _hold_table(holds: Sequence[Hold]) -> tuple[Row, list[Row]]:
    return _HOLD_COLUMNS, [_hold_row(hold) for hold in holds]


def _filled(table: tuple[Row, list[Row]]) -> tuple[Row, tuple[Row, ...]]:
    """Leave out the columns in which no row has anything; the first one, the number, stays."""
    columns, rows = table
    kept = [at for at in range(len(columns)) if at == 0 or any(row[at] != NONE for row in rows)]
    return tuple(columns[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in rows)


def _rep_row(rep: Rep, says: dict[str, str]) -> Row:
    return (
        str(rep.number) if rep.counted else NONE,
        f"{100 * rep.depth:.0f}%",
        NONE if rep.rom_deg is None else f"{rep.rom_deg:.0f}°",
        f"{rep.eccentric_s:.1f} s",
        f"{rep.pause_s:.1f} s",
        f"{rep.concentric_s:.1f} s",
        NONE if rep.difference_deg is None else f"{round(rep.difference_deg):+d}°".replace("-", MINUS),
        _to_mind(rep, says) or NONE,
    )


def _hold_row(hold: Hold) -> Row:
    side = {"left": "left", "right": "right", "both": NONE}[hold.side]
    return str(hold.number), f"{hold.held_s:.1f} s", side, str(hold.breaks)
