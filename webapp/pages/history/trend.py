"""Charts of an exercise over time, in parts of their width and height. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil, floor, log10

from webapp.pages.wording import NONE, held, short_day
from webapp.store.history import TrendDay, mean, monday_of

MOST_POINTS = 80
"""More points would overlap: then a point stands for a week, a month, a quarter or a year."""

LEFT, RIGHT = 9.0, 98.0
TOP, BOTTOM = 12.0, 84.0
"""Range of the lines, in % of the chart; the rest is for labels."""

LINES = 3


@dataclass(frozen=True, slots=True)
class Point:
    """A point in % of the chart's width and height, and its text."""

    x: float
    y: float
    says: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label beside an axis, at a place in % of the chart's width or height."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One metric of an exercise over time."""

    title: str
    points: tuple[Point, ...]
    values: tuple[Label, ...]
    ends: tuple[Label, ...]

    @property
    def line(self) -> str:
        """The points in SVG's notation."""
        return " ".join(f"{point.x:.2f},{point.y:.2f}" for point in self.points)

    @property
    def says(self) -> str:
        """The chart in words, for people who cannot see it."""
        ends = dict.fromkeys((self.points[0].says, self.points[-1].says))
        return f"{self.title}: {' … '.join(ends)}"


@dataclass(frozen=True, slots=True)
class Trend:
    """An exercise over time: `step` is what a point stands for; `rows` are the same figures under `columns`."""

    step: str
    charts: tuple[Chart, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What a point may stand for: the first day of a step, and its text."""

    name: str
    first_of: Callable[[date], date]
    say: Callable[[date], str]


@dataclass(frozen=True, slots=True)
class TrendMetric:
    """A possible chart: its value on a day, None if there is none, and how a value is formatted."""

    title: str
    value: Callable[[TrendDay], float | None]
    say: Callable[[float], str]


def _quarter(day: date) -> str:
    return f"Q{(day.month + 2) // 3} {day.year}"


STEPS = (
    Step("day", lambda day: day, short_day),
    Step("week", monday_of, lambda day: f"week of {short_day(day)}"),
    Step("month", lambda day: day.replace(day=1), lambda day: f"{day:%b %Y}"),
    Step("quarter", lambda day: day.replace(month=day.month - (day.month - 1) % 3, day=1), _quarter),
    Step("year", lambda day: day.replace(month=1, day=1), lambda day: f"{day:%Y}"),
)
COUNT = TrendMetric("Most repetitions in a set", lambda day: day.count or None, lambda value: f"{value:g}")
HOLD = TrendMetric("Longest hold", lambda day: day.longest_s or None, held)
RANGE = TrendMetric("Range of motion, mean", lambda day: day.rom_deg, lambda value: f"{value:.0f}°")
DEPTH = TrendMetric("Depth of the target, mean", lambda day: day.depth, lambda value: f"{100 * value:.0f}%")
MEASURES = (COUNT, HOLD, RANGE, DEPTH)


def trend_of(days: Sequence[TrendDay]) -> Trend:
    """Return a chart for each metric of the exercise; depth only if it has no angle."""
    step, seen = thinned(days)
    has = {metric.title: [day for day in seen if metric.value(day) is not None] for metric in MEASURES}
    shown = [metric for metric in MEASURES if has[metric.title] and not (metric is DEPTH and has[RANGE.title])]
    return Trend(
        step.name,
        tuple(_chart(metric, has[metric.title], step) for metric in shown),
        tuple(metric.title for metric in shown),
        tuple((step.say(day.day), *(_said(metric, day) for metric in shown)) for day in reversed(seen)),
    )


def thinned(days: Sequence[TrendDay]) -> tuple[Step, Sequence[TrendDay]]:
    """Return few enough days to distinguish, and what each stands for; e.g. the days of a week become its first."""
    step = next((step for step in STEPS if len({step.first_of(day.day) for day in days}) <= MOST_POINTS), STEPS[-1])
    return step, [_together(first, list(own)) for first, own in groupby(days, key=lambda day: step.first_of(day.day))]


def ticks(low: float, high: float) -> list[float]:
    """Return round values around the data, the outer ones at or beyond it."""
    span = high - low or abs(high) / 2 or 1.0
    power = 10.0 ** floor(log10(span / LINES))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * LINES >= span)
    first = floor(low / step + 1e-9)
    last = max(first + 1, ceil(high / step - 1e-9))
    return [round(step * at, 9) for at in range(first, last + 1)]


def _chart(metric: TrendMetric, days: Sequence[TrendDay], step: Step) -> Chart:
    known = [(day.day, metric.value(day) or 0.0) for day in days]
    lines = ticks(min(amount for _, amount in known), max(amount for _, amount in known))
    across, up = _across(days[0].day, days[-1].day), _up(lines[0], lines[-1])
    return Chart(
        metric.title,
        tuple(Point(across(day), up(amount), f"{metric.say(amount)}, {step.say(day)}") for day, amount in known),
        tuple(Label(up(line), metric.say(line)) for line in lines),
        tuple(Label(across(day), step.say(day)) for day in dict.fromkeys((days[0].day, days[-1].day))),
    )


def _said(metric: TrendMetric, day: TrendDay) -> str:
    amount = metric.value(day)
    return NONE if amount is None else metric.say(amount)


def _across(first: date, last: date) -> Callable[[date], float]:
    days = (last - first).days
    return lambda day: LEFT + (RIGHT - LEFT) * ((day - first).days / days if days else 0.5)


def _up(low: float, high: float) -> Callable[[float], float]:
    return lambda value: BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)


def _together(first: date, days: Sequence[TrendDay]) -> TrendDay:
    return TrendDay(
        first,
        sets=sum(day.sets for day in days),
        count=max(day.count for day in days),
        longest_s=max(day.longest_s for day in days),
        depth=mean(day.depth for day in days),
        rom_deg=mean(day.rom_deg for day in days),
    )
