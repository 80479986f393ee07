"""The history page: calendar, trends, records, and the list of workouts, by exercise and time."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from flask import Blueprint, render_template, request

from webapp.pages.history.filters import Filters, parse_filters
from webapp.pages.history.listing import ListedWorkout, rows_of
from webapp.pages.history.month import Month, beginning, month_of, weeks_in_a_row
from webapp.pages.history.records import Bests, said
from webapp.pages.history.trend import Trend, trend_of
from webapp.pages.site import Site
from webapp.pages.wording import held, period, title_of
from webapp.store import StoredWorkout
from webapp.store.history import Record, Totals

LISTED = 20
"""Workouts on a page of the list."""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Everything that the history's template prints.

    title: of the selected exercise. period: the selected days, in words. exercises: all that were ever done, and the
    selected one, by name and title. totals: of the selection. weeks: current and longest streak. shown: name and title
    of the exercise whose trend is shown. older: address of the next page of the list.
    """

    title: str
    period: str
    exercises: tuple[tuple[str, str], ...]
    totals: Totals
    weeks: tuple[int, int]
    month: Month
    shown: tuple[str, str] | None
    trend: Trend | None
    bests: Sequence[Bests]
    rows: Sequence[ListedWorkout]
    older: str | None


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the history page."""
    pages.add_url_rule("/workouts", "workouts", partial(_workouts, site))


def _workouts(site: Site) -> str:
    filters = parse_filters(request.args)
    person = site.person()
    page = _page(site, person, filters) if person else None
    return render_template(
        "workouts.html",
        page=page,
        wanted=filters,
        held=held,
        today=_today(site),
    )


def _page(site: Site, person: str, filters: Filters) -> HistoryPage | None:
    """Return the page; None for a person without any workout."""
    zone = site.zone()
    listed = _listed(site, person, filters)
    records = site.store.records(person)
    if not listed and not records and not filters.filtered:
        return None
    selected = {filters.exercise} if filters.exercise else set()
    shown = filters.exercise or _newest(listed, records)
    weeks = site.store.weeks(person, zone, exercise=filters.exercise)
    newest = datetime.fromtimestamp(listed[0].started_at_s, zone).date() if listed else _today(site)
    return HistoryPage(
        title=title_of(site.library, filters.exercise) if filters.exercise else "",
        period=period(filters.from_day, filters.until_day),
        exercises=_named(site, {record.exercise for record in records} | selected),
        totals=_totals(site, person, filters),
        weeks=weeks_in_a_row(weeks, _today(site)),
        month=_month(site, person, filters, filters.month or beginning(newest), weeks),
        shown=(shown, title_of(site.library, shown)) if shown else None,
        trend=_trend(site, person, shown, filters) if shown else None,
        bests=said([one for one in records if filters.exercise in (None, one.exercise)], site.library, zone),
        rows=rows_of(site, listed[:LISTED], {record.workout for record in records}),
        older=filters.next_page(listed[LISTED - 1].id).address if len(listed) > LISTED else None,
    )


def _listed(site: Site, person: str, filters: Filters) -> Sequence[StoredWorkout]:
    """Return the workouts of a page of the list, and one more if there is another page."""
    zone = site.zone()
    return site.store.recent(
        person,
        LISTED + 1,
        done=True,
        exercise=filters.exercise,
        from_s=filters.from_s(zone),
        until_s=filters.until_s(zone),
        before=filters.before,
    )


def _newest(listed: Sequence[StoredWorkout], records: Sequence[Record]) -> str | None:
    """Return the exercise whose trend is shown if none is selected: the latest."""
    known = {record.exercise for record in records}
    return next((kept.exercise for kept in listed if kept.exercise in known), min(known, default=None))


def _named(site: Site, exercises: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((name, title_of(site.library, name)) for name in exercises), key=lambda one: one[1]))


def _totals(site: Site, person: str, filters: Filters) -> Totals:
    zone = site.zone()
    return site.store.totals(
        person, exercise=filters.exercise, from_s=filters.from_s(zone), until_s=filters.until_s(zone)
    )


def _month(site: Site, person: str, filters: Filters, first: date, weeks: Sequence[date]) -> Month:
    zone, today = site.zone(), _today(site)
    seen = Filters(from_day=first, until_day=first + timedelta(monthrange(first.year, first.month)[1] - 1))
    days = site.store.days(
        person, zone, exercise=filters.exercise, from_s=seen.from_s(zone), until_s=seen.until_s(zone)
    )
    return month_of(first, {day.day: day for day in days}, min([*weeks, today]), max([*weeks, today]))


def _today(site: Site) -> date:
    return datetime.now(site.zone()).date()


def _trend(site: Site, person: str, exercise: str, filters: Filters) -> Trend | None:
    zone = site.zone()
    days = site.store.trend(person, exercise, zone, from_s=filters.from_s(zone), until_s=filters.until_s(zone))
    return trend_of(days) if days else None
