"""Every store answers the same history queries in the same way."""

from collections.abc import Callable
from dataclasses import astuple
from datetime import UTC, date, datetime
from itertools import chain
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from webapp.records import Hold, Rep, Set, Summary
from webapp.store import Store
from webapp.store.history import Day, Record, Totals, TrendDay

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp()
DAY_S = 86400.0

Keep = Callable[..., str]


@pytest.fixture
def me() -> str:
    return uuid4().hex


@pytest.fixture
def keep(store: Store, me: str) -> Keep:
    """Store a finished workout of sets `(exercise, depths of its repetitions)` or `(exercise, [seconds held])`."""

    def keep(at_s: float, *sets: tuple[str, list[float]], person: str = me) -> str:
        name = uuid4().hex
        store.begin(name, sets[0][0], at_s, name, person)
        summary = summary_of(sets)
        for event in (*summary.reps, *summary.holds):
            store.append(name, event)
        store.finish(name, summary)
        return name

    return keep


def summary_of(sets: tuple[tuple[str, list[float]], ...]) -> Summary:
    reps, holds, done = [], [], []
    for number, (exercise, amounts) in enumerate(sets, start=1):
        timed = exercise == "plank"
        if timed:
            new = [Hold(len(holds) + at, exercise, 0.0, s, s, "ended", set=number) for at, s in enumerate(amounts, 1)]
            holds += new
        else:
            reps += [
                Rep(len(reps) + at, 8.0 + 2 * at, 10.0 + 2 * at, depth, rom_deg=100 * depth, set=number)
                for at, depth in enumerate(amounts, 1)
            ]
        held_s = sum(amounts) if timed else 0.0
        done.append(Set(number, exercise, 10.0, 12.0, 0 if timed else len(amounts), held_s, "ended"))
    return Summary(sets[0][0], "reps", 10.0, 60.0, 30.0, tuple(reps), tuple(holds), sets=tuple(done))


def names(store: Store, person: str, **wanted: object) -> list[str]:
    return [kept.id for kept in store.recent(person, **wanted)]


def test_a_page_begins_where_the_one_before_it_ended(store: Store, me: str, keep: Keep) -> None:
    kept = [keep(NOON + number // 2, ("squat", [1.0])) for number in range(7)]  # two begin at the same time
    pages, last = [], None
    while page := names(store, me, limit=3, before=last):
        pages.append(page)
        last = page[-1]
    assert [len(page) for page in pages] == [3, 3, 1]
    listed = list(chain.from_iterable(pages))
    assert sorted(listed) == sorted(kept)
    assert listed == names(store, me)


def test_nothing_comes_after_anothers_workout_or_one_that_never_was(store: Store, me: str, keep: Keep) -> None:
    keep(NOON, ("squat", [1.0]))
    anothers = keep(NOON + 1, ("squat", [1.0]), person=uuid4().hex)
    assert names(store, me, before=anothers) == names(store, me, before="never was") == []


def test_workouts_are_found_by_any_exercise_in_them(store: Store, me: str, keep: Keep) -> None:
    both = keep(NOON, ("squat", [1.0]), ("plank", [20.0]))
    squat = keep(NOON + 1, ("squat", [1.0]))
    store.begin(f"{me} under way", "plank", NOON + 2, f"{me} hash", me)
    assert names(store, me, exercise="squat") == [squat, both]
    assert names(store, me, exercise="plank") == [f"{me} under way", both]
    assert names(store, me, exercise="lunge") == []


def test_workouts_are_found_by_when_they_began(store: Store, me: str, keep: Keep) -> None:
    early, late = keep(NOON, ("squat", [1.0])), keep(NOON + DAY_S, ("squat", [1.0]))
    assert names(store, me, from_s=NOON + DAY_S) == [late]
    assert names(store, me, until_s=NOON + DAY_S) == [early]
    assert names(store, me, from_s=NOON, until_s=NOON + DAY_S, exercise="squat", done=True) == [early]


def test_a_day_sums_up_its_sets(store: Store, me: str, keep: Keep) -> None:
    keep(NOON, ("squat", [1.0] * 4), ("plank", [20.0, 10.0]))
    keep(NOON + 60, ("squat", [1.0] * 3))
    keep(NOON + 2 * DAY_S, ("plank", [5.5]))
    keep(NOON, ("squat", [1.0]), person=uuid4().hex)
    assert store.days(me, UTC) == [
        Day(date(2026, 3, 10), workouts=2, sets=3, count=7, held_s=30.0, active_s=44.0),
        Day(date(2026, 3, 12), workouts=1, sets=1, count=0, held_s=5.5, active_s=5.5),
    ]
    assert [day.count for day in store.days(me, UTC, exercise="squat")] == [7]
    assert [day.workouts for day in store.days(me, UTC, from_s=NOON + 1)] == [1, 1]
    assert [day.workouts for day in store.days(me, UTC, until_s=NOON + 1)] == [1]


def test_a_day_is_the_zones_also_when_its_clocks_are_put_forward(store: Store, me: str, keep: Keep) -> None:
    changes = datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp()  # 2:00 becomes 3:00 in Berlin
    evening = changes - 2 * 3600 - 1  # 23:59:59 of the 28th, an hour before UTC
    for at_s in (evening, evening + 1, changes, changes + 20.9 * 3600, changes + 21 * 3600):
        keep(at_s, ("squat", [1.0]))
    days = [(day.day.day, day.workouts) for day in store.days(me, BERLIN)]
    assert days == [(28, 1), (29, 3), (30, 1)]


def test_weeks_go_from_monday_to_sunday_in_the_zone(store: Store, me: str, keep: Keep) -> None:
    monday = datetime(2026, 3, 30, tzinfo=BERLIN).timestamp()  # the day after its clocks were put forward
    for at_s in (monday - 1, monday, monday + 6.9 * DAY_S, monday + 14 * DAY_S):
        keep(at_s, ("squat", [1.0]), ("squat", [1.0]))
    assert store.weeks(me, BERLIN) == [date(2026, 3, 23), date(2026, 3, 30), date(2026, 4, 13)]
    assert store.weeks(me, UTC)[0] == date(2026, 3, 23)
    assert store.weeks(me, UTC, exercise="plank") == store.weeks(uuid4().hex) == []


def test_totals_count_each_workout_once(store: Store, me: str, keep: Keep) -> None:
    keep(NOON, ("squat", [1.0] * 4), ("plank", [20.0]), ("squat", [1.0] * 3))
    keep(NOON, ("squat", [1.0]))
    assert store.totals(me) == Totals(workouts=2, sets=4, count=8, held_s=20.0, active_s=36.0)
    assert [type(amount) for amount in astuple(store.totals(me))] == [int, int, int, float, float]
    assert store.totals(me, exercise="plank") == Totals(workouts=1, sets=1, count=0, held_s=20.0, active_s=20.0)
    assert store.totals(me, until_s=NOON) == store.totals(uuid4().hex) == Totals()


def test_without_a_zone_a_day_is_the_servers(store: Store, me: str, keep: Keep) -> None:
    keep(NOON, ("squat", [1.0]))
    assert store.days(me)[0].day == datetime.fromtimestamp(NOON).date()


def test_a_trend_has_the_best_set_and_the_mean_depth_of_each_day(store: Store, me: str, keep: Keep) -> None:
    keep(NOON, ("squat", [0.8] * 4), ("squat", [1.0] * 6), ("plank", [20.0]))
    keep(NOON + DAY_S, ("squat", [1.1]))
    first, second = store.trend(me, "squat", UTC)
    assert (first.day, first.sets, first.count, first.longest_s) == (date(2026, 3, 10), 2, 6, 0.0)
    assert first.depth == pytest.approx(0.9)
    assert first.rom_deg == pytest.approx(90.0)
    assert second.count == 1
    assert store.trend(me, "plank", UTC) == [TrendDay(date(2026, 3, 10), 1, 0, 20.0, None, None)]
    assert store.trend(me, "lunge", UTC) == []


def test_records_are_the_most_of_each_kind_where_it_was_first_reached(store: Store, me: str, keep: Keep) -> None:
    deep = keep(NOON, ("squat", [1.2] * 5), ("squat", [0.9] * 5))
    many = keep(NOON + DAY_S, ("squat", [1.0] * 8), ("plank", [20.0, 30.0]))
    keep(NOON + 2 * DAY_S, ("squat", [1.0] * 8), ("plank", [30.0]))
    keep(NOON + 3 * DAY_S, ("squat", [2.0] * 2))  # too few for a mean
    assert store.records(me) == [
        Record("plank", "longest_s", 30.0, many, 2, int(NOON + DAY_S)),
        Record("plank", "total", 50.0, many, 2, int(NOON + DAY_S)),
        Record("squat", "count", 8.0, many, 1, int(NOON + DAY_S)),
        Record("squat", "total", 10.0, deep, 2, int(NOON)),
        Record("squat", "rom_deg", pytest.approx(120.0), deep, 1, int(NOON)),
        Record("squat", "depth", pytest.approx(1.2), deep, 1, int(NOON)),
    ]
    assert [record.value for record in store.records(me, before_s=NOON + DAY_S)][:2] == [5.0, 10.0]
    assert store.records(me, before_s=NOON) == store.records(uuid4().hex) == []


def test_records_before_a_workout_are_without_its_own(store: Store, me: str, keep: Keep) -> None:
    began_s = NOON + 0.7
    keep(NOON - DAY_S + 0.4, ("squat", [1.0] * 5))
    keep(began_s, ("squat", [1.2] * 8))
    assert [record.value for record in store.records(me, before_s=began_s)][:2] == [5.0, 5.0]


def test_a_workout_that_ends_again_counts_once(store: Store, me: str, keep: Keep) -> None:
    name = keep(NOON, ("squat", [1.0] * 9))
    store.finish(name, summary_of((("squat", [1.0] * 4),)))
    assert [day.count for day in store.days(me, UTC)] == [4]
    assert store.records(me)[0].value == 4.0


def test_a_workout_counts_only_when_it_has_ended(store: Store, me: str) -> None:
    store.begin(f"{me} under way", "squat", NOON, me, me)
    store.append(f"{me} under way", Rep(1, 0.0, 1.0, 1.0))
    assert store.days(me) == store.records(me) == store.trend(me, "squat") == []
