"""A month of the calendar, and weekly streaks. Pure."""

from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.pages.wording import counted, held, listed, roughly
from webapp.store.history import Day, monday_of

WEEK = timedelta(7)
LEVELS = 4
"""Number of shades for how much was done on a day."""

FULL_DAY_S = 10 * 60.0
"""Active time that gives a day the darkest shade."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the calendar; `within` its month or an adjacent one.

    amount: the day's figure in short. says: what was done, in words. level: 0 for nothing, up to `LEVELS`.
    """

    day: date
    within: bool
    amount: str = ""
    says: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday to Sunday; `earlier` and `later` are adjacent months that may hold workouts."""

    first: date
    weeks: tuple[tuple[Cell, ...], ...]
    earlier: date | None
    later: date | None


def month_of(first: date, days: Mapping[date, Day], oldest: date, newest: date) -> Month:
    """Return the month that begins on this day, with its days; months range from the oldest to the newest day's."""
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    earlier, later = beginning(first - timedelta(1)), beginning(first + timedelta(31))
    return Month(
        first,
        tuple(tuple(_cell(day, first, days.get(day)) for day in week) for week in weeks),
        earlier=earlier if earlier >= beginning(oldest) else None,
        later=later if later <= beginning(newest) else None,
    )


def beginning(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def weeks_in_a_row(days: Iterable[date], today: date) -> tuple[int, int]:
    """Return the current and the longest streak of weeks with a workout, from one day of each such week.

    A week goes from Monday to Sunday. The current week breaks no streak: it may still get its workout.
    """
    weeks = sorted({monday_of(day) for day in days})
    most, run = 0, 0
    for at, week in enumerate(weeks):
        run = run + 1 if at and week - weeks[at - 1] == WEEK else 1
        most = max(most, run)
    lasts = bool(weeks) and monday_of(today) - weeks[-1] <= WEEK
    return (run if lasts else 0), most


def _cell(day: date, first: date, done: Day | None) -> Cell:
    within = day.month == first.month
    if done is None or not within:
        return Cell(day, within)
    amount = str(done.count) if done.count else roughly(done.held_s)
    return Cell(day, within, amount, _says(done), _level(done.active_s))


def _says(day: Day) -> str:
    """Return in words what was done on a day."""
    parts: Sequence[str] = (
        counted(day.workouts, "workout"),
        counted(day.sets, "set"),
        counted(day.count, "repetition") if day.count else "",
        f"{held(day.held_s)} held" if day.held_s else "",
    )
    return listed(parts)


def _level(active_s: float) -> int:
    return min(LEVELS, 1 + int(active_s / FULL_DAY_S * LEVELS))
