"""What was done, by repetition and set: as bars, as table rows, and in words. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar

from webapp.pages.wording import MINUS, NONE, clock, spoken, stopwatch
from webapp.records import Hold, Rep
from webapp.store.history import DoneSet

FORM_NOTES = "Form notes"

TALLEST_PX = 140.0
"""Height of the highest bar, or of the target if no bar reaches it."""
LEAST_PX = 2.0
GAP_PX = 4
SET_GAP_PX = 20
STEPS_PX = ((4, 72), (10, 56), (20, 44))
"""Bar spacing, for up to so many bars; more are closer together."""
CLOSEST_PX = 36
MOST_NUMBERED = 20
"""Up to so many bars are numbered each, of more every fifth."""
LEAST_NUMBERED_PX = 20
LEAST_APART_PX = 15
"""Bars that do not fit the page move together down to this spacing, numbered each or not; then they are scrolled."""
SET_NAME_PX = 42
LABEL_PX = 60
"""Room for the target's label, right of the bars."""

Done = Rep | Hold
Says = Mapping[str, str]
"""The message of each rule."""
Titles = Mapping[str, str]
"""The title of each pose of a flow."""
NO_POSES: Titles = MappingProxyType({})

DIFFERENCE = f"Left {MINUS} right"

_REP_COLUMNS = ("No.", "Depth", "Range", "Lower", "Pause", "Lift", DIFFERENCE, FORM_NOTES)
_HOLD_COLUMNS = ("No.", "Pose", "Held", "Side", "Breaks")
_DIFFERENCE_SAYS = (
    f"{DIFFERENCE} compares the two sides at the far end of the movement: near 0° both moved alike, and "
    "above it the left side's angle was the larger one."
)
_SET_COLUMNS = ("Set", "Reps", "Held", "Depth", "Range", "Active", "Rest before")


@dataclass(frozen=True, slots=True)
class Bar:
    """One repetition or hold; `look` is `good`, `fault` or `partial`, x is its middle."""

    key: str
    label: str
    height: float
    look: str
    words: str
    x: float = 0.0


@dataclass(frozen=True, slots=True)
class Bracket:
    """The name of a set below its bars."""

    name: str
    from_x: int
    until_x: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars side by side, and the target's height; all in pixels. step: from one bar to the next; width: of all bars."""

    bars: tuple[Bar, ...]
    brackets: tuple[Bracket, ...]
    step: int
    width: int
    target_label: str
    target_height: float

    @property
    def most(self) -> int:
        """The width with the label of the target, where there is room."""
        return self.width + LABEL_PX

    @property
    def least(self) -> int:
        """The same width with bars and names of sets as close together as may be."""
        apart = LEAST_NUMBERED_PX if len(self.bars) <= MOST_NUMBERED else LEAST_APART_PX
        narrowest = min(
            (bracket.until_x - bracket.from_x + 4 * GAP_PX + SET_GAP_PX for bracket in self.brackets),
            default=self.width,
        )
        return round(self.width * min(1.0, max(apart / self.step, SET_NAME_PX / max(1, narrowest)))) + LABEL_PX

    def numbered(self, bar: Bar) -> bool:
        """Return whether there is room for a bar's label."""
        return len(self.bars) <= MOST_NUMBERED or not bar.label.isdigit() or bar.label == "1" or int(bar.label) % 5 == 0

    def part(self, px: float) -> str:
        """Return a place or length across the bars as a part of their width, which the page may make smaller."""
        return f"{100 * px / max(1, self.width):.3f}%"

    @property
    def thick(self) -> int:
        """The thickness of a bar."""
        return self.step - 4 * GAP_PX

    @property
    def looks(self) -> frozenset[str]:
        """The looks that occur, for the legend."""
        return frozenset(bar.look for bar in self.bars)

    @property
    def says(self) -> str:
        """The bars in words, for people who cannot see them."""
        return "; ".join(f"{bar.label}: {bar.words}" for bar in self.bars)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table row. key: of its repetition or hold. heading: shown above the rows of a set."""

    cells: tuple[str, ...]
    key: str = ""
    heading: str = ""
    look: str = "good"


@dataclass(frozen=True, slots=True)
class Table:
    """A table without its empty columns. sentences: the column of sentences, which may wrap."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    sentences: ClassVar[str] = FORM_NOTES

    @property
    def explained(self) -> str:
        """What a column means that its name does not say."""
        return _DIFFERENCE_SAYS if DIFFERENCE in self.columns else ""


def key_of(done: Done) -> str:
    """Return the id of a repetition or hold on its page."""
    if isinstance(done, Hold):
        return f"h{done.number}"
    return f"r{done.number}" if done.counted else f"p{round(done.start_s * 1000)}{done.side[0]}"


def look(done: Done) -> str:
    """Return how a repetition or hold is drawn: `good`, `fault` or `partial`."""
    if isinstance(done, Hold):
        return "good"
    if not done.counted:
        return "partial"
    return "fault" if done.faults else "good"


def labels_of(done: Iterable[Done]) -> dict[str, str]:
    """Return each one's label within its set, by its key: 1, 2, 3 ...; what was not counted has no number."""
    counts: Counter[int] = Counter()
    labels = {}
    for rep_or_hold in done:
        if look(rep_or_hold) != "partial":
            counts[rep_or_hold.set] += 1
        labels[key_of(rep_or_hold)] = NONE if look(rep_or_hold) == "partial" else str(counts[rep_or_hold.set])
    return labels


def words_of(done: Done, says: Says, poses: Titles = NO_POSES) -> str:
    """Return a repetition or hold in words; poses: the titles of a flow's poses."""
    if isinstance(done, Hold):
        held = f"held {' '.join(stopwatch(done.held_s))}"
        return f"{poses[done.pose]} {held}" if done.pose in poses else held
    words = [f"{100 * done.depth:.0f}% of the target", _form_notes(done, says)]
    return ", ".join(word for word in words if word)


def bars_of(done: Sequence[Done], says: Says, target_s: float | None, poses: Titles = NO_POSES) -> Bars:
    """Return the bars of one exercise, set by set; target_s is the target duration of a hold."""
    parts = _parts(done, target_s)
    target_px = TALLEST_PX / max([1.0, *parts])
    step = next((px for most, px in STEPS_PX if len(done) <= most), CLOSEST_PX)
    bars: list[Bar] = []
    brackets: list[Bracket] = []
    labels = labels_of(done)
    left = 0
    for rep_or_hold, part, before in zip(done, parts, (None, *done), strict=False):
        if before is not None and before.set != rep_or_hold.set:
            left += SET_GAP_PX
        if before is None or before.set != rep_or_hold.set:
            brackets.append(Bracket(f"Set {rep_or_hold.set}", left + 2 * GAP_PX, 0))
        height = round(max(LEAST_PX, part * target_px), 1)
        words = words_of(rep_or_hold, says, poses)
        bars.append(
            Bar(key_of(rep_or_hold), labels[key_of(rep_or_hold)], height, look(rep_or_hold), words, left + step / 2)
        )
        left += step
        brackets[-1] = replace(brackets[-1], until_x=left - 2 * GAP_PX)
    many = tuple(brackets) if len(brackets) > 1 else ()
    name = "100%" if target_s is None else f"{target_s:g} s"
    return Bars(tuple(bars), many, step, left, name, round(target_px, 1))


def _parts(done: Sequence[Done], target_s: float | None) -> list[float]:
    longest_s = max((rep_or_hold.held_s for rep_or_hold in done if isinstance(rep_or_hold, Hold)), default=1.0)
    full_s = target_s or longest_s or 1.0
    return [rep_or_hold.held_s / full_s if isinstance(rep_or_hold, Hold) else rep_or_hold.depth for rep_or_hold in done]


def table_of(done: Sequence[Done], sets: Sequence[DoneSet], says: Says, poses: Titles = NO_POSES) -> Table:
    """Return a row for each repetition or hold of one exercise, with a heading above each of several sets."""
    named = (
        {done_set.number: f"Set {done_set.number}: {_amount(done_set)}" for done_set in sets} if len(sets) > 1 else {}
    )
    labels = labels_of(done)
    rows = []
    for rep_or_hold, before in zip(done, (None, *done), strict=False):
        first = before is None or before.set != rep_or_hold.set
        cells = _hold_cells(rep_or_hold, poses) if isinstance(rep_or_hold, Hold) else _rep_cells(rep_or_hold, says)
        heading = named.get(rep_or_hold.set, "") if first else ""
        rows.append(TableRow((labels[key_of(rep_or_hold)], *cells), key_of(rep_or_hold), heading, look(rep_or_hold)))
    return _filled(_HOLD_COLUMNS if done and isinstance(done[0], Hold) else _REP_COLUMNS, rows)


def sets_table(sets: Sequence[DoneSet], rests_s: Mapping[int, float]) -> Table:
    """Return a row for each set; rests_s: the rest before a set in seconds, by its number."""
    return _filled(_SET_COLUMNS, [TableRow(_set_cells(done_set, rests_s.get(done_set.number))) for done_set in sets])


def _filled(columns: tuple[str, ...], rows: Iterable[TableRow]) -> Table:
    """Leave out empty columns; the first one, the number, stays."""
    every = tuple(rows)
    kept = [at for at in range(len(columns)) if at == 0 or any(row.cells[at] != NONE for row in every)]
    narrow = (replace(row, cells=tuple(row.cells[at] for at in kept)) for row in every)
    return Table(tuple(columns[at] for at in kept), tuple(narrow))


def _rep_cells(rep: Rep, says: Says) -> tuple[str, ...]:
    return (
        f"{100 * rep.depth:.0f}%",
        NONE if rep.rom_deg is None else f"{rep.rom_deg:.0f}°",
        f"{rep.eccentric_s:.1f} s",
        f"{rep.pause_s:.1f} s",
        f"{rep.concentric_s:.1f} s",
        NONE if rep.difference_deg is None else f"{round(rep.difference_deg):+d}°".replace("-", MINUS),
        _form_notes(rep, says) or NONE,
    )


def _hold_cells(hold: Hold, poses: Titles) -> tuple[str, ...]:
    side = {"left": "left", "right": "right", "both": NONE}[hold.side]
    return poses.get(hold.pose, NONE), " ".join(stopwatch(hold.held_s)), side, str(hold.breaks)


def _set_cells(done_set: DoneSet, rest_s: float | None) -> tuple[str, ...]:
    return (
        str(done_set.number),
        _of_target(str(done_set.count), done_set) if done_set.count or not done_set.held_s else NONE,
        _of_target(f"{done_set.held_s:.0f} s", done_set) if done_set.held_s else NONE,
        NONE if done_set.depth is None else f"{100 * done_set.depth:.0f}%",
        NONE if done_set.rom_deg is None else f"{done_set.rom_deg:.0f}°",
        " ".join(clock(done_set.active_s)),
        NONE if rest_s is None else " ".join(clock(rest_s)),
    )


def _amount(done_set: DoneSet) -> str:
    """Return how much was done, and of how much: `8 of 10 repetitions`."""
    if done_set.held_s and not done_set.count:
        return f"{_of_target(f'{done_set.held_s:.0f}', done_set)} s held"
    plural = "" if (done_set.target or done_set.count) == 1 else "s"
    return f"{_of_target(str(done_set.count), done_set)} repetition{plural}"


def _of_target(reached: str, done_set: DoneSet) -> str:
    return reached if done_set.target is None else f"{reached} of {done_set.target:g}"


def _form_notes(rep: Rep, says: Says) -> str:
    if not rep.counted:
        return f"Not counted: {rep.reason}" if rep.reason else "Not counted"
    return " ".join(says.get(fault, spoken(fault)) for fault in rep.faults)
