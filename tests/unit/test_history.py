"""The history is useful whatever is stored: nothing, one workout, hundreds, or nothing within the filters."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from visitors import ME, pages_over, visitor

from webapp.evaluation.lifetime import workouts
from webapp.pages.history import LISTED
from webapp.pages.history.month import month_of, weeks_in_a_row
from webapp.pages.history.trend import MOST_POINTS, ticks, trend_of
from webapp.pages.site import ZONE
from webapp.records import Hold, Rep, Set, Summary
from webapp.store.history import Day, TrendDay, monday_of, tempo_s
from webapp.store.memory import MemoryStore

Keep = Callable[..., None]


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def client(store: MemoryStore, tmp_path: Path) -> FlaskClient:
    client = visitor(pages_over(store, tmp_path), ME)
    client.set_cookie(ZONE, "UTC")
    return client


@pytest.fixture
def keep(store: MemoryStore) -> Keep:
    """Store a workout of `count` squats, or of a plank held so long."""

    def keep(name: str, day: date, count: int = 10, held_s: float = 0.0, hour: int = 12) -> None:
        exercise = "plank" if held_s else "squat"
        reps = tuple(Rep(at, 10.0, 12.0, 1.0, rom_deg=90.0 + count) for at in range(1, count + 1) if not held_s)
        holds = (Hold(1, exercise, 10.0, 70.0, held_s, "ended"),) if held_s else ()
        sets = (Set(1, exercise, 10.0, 70.0, len(reps), held_s, "ended"),)
        summary = Summary(exercise, "hold" if held_s else "reps", 10.0, 60.0, 40.0, reps, holds, sets=sets)
        at_s = datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp()
        store.begin(name, exercise, at_s, name, ME)
        for event in (*reps, *holds):
            store.append(name, event)
        store.finish(name, summary)

    return keep


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_one_workout_is_in_the_calendar_the_records_and_the_list(client: FlaskClient, keep: Keep) -> None:
    keep("w1", date(2026, 3, 10), count=12)
    page = client.get("/workouts").text
    assert "March 2026" in page
    assert 'aria-label="10 March: 1 workout, 1 set, 12 repetitions"' in page
    assert "12 repetitions in a set" in words(page)
    assert "102° mean range of a set" in words(page)
    assert page.count('href="/workouts/w1"') == 4  # three records and the list
    assert "From the second day on, a chart" in words(page)
    assert "<polyline" not in page


def test_two_days_make_a_line_and_their_figures_a_table(client: FlaskClient, keep: Keep) -> None:
    keep("w1", date(2026, 3, 10), count=8)
    keep("w2", date(2026, 3, 12), count=11)
    page = client.get("/workouts").text
    assert page.count("<polyline") == 2  # repetitions and range
    assert "<title>11, 12 Mar 2026</title>" in page
    assert "12 Mar 2026 11 101° 10 Mar 2026 8 98°" in words(page)


def test_a_day_of_the_calendar_leads_to_its_workouts(client: FlaskClient, keep: Keep) -> None:
    keep("w1", date(2026, 3, 10))
    keep("w2", date(2026, 3, 12))
    address = re.search(r'class="day level-\d" href="([^"]+)" aria-label="10 March', client.get("/workouts").text)[1]
    page = client.get(address.replace("&amp;", "&")).text
    assert "Workouts on 10 Mar 2026" in words(page)
    assert 'aria-current="date"' in page
    assert listed(page) == ["w1"]


def test_workouts_are_filtered_by_exercise_and_time(client: FlaskClient, keep: Keep) -> None:
    keep("squats", date(2026, 3, 10))
    keep("plank", date(2026, 3, 10), held_s=45.0)
    keep("later", date(2026, 4, 2))
    assert listed(client.get("/workouts?exercise=squat").text) == ["later", "squats"]
    assert listed(client.get("/workouts?exercise=squat&until=2026-03-31").text) == ["squats"]
    assert listed(client.get("/workouts?from=2026-03-11&until=").text) == ["later"]
    plank = words(client.get("/workouts?exercise=plank").text)
    assert "45 s longest hold" in plank
    assert "repetitions in a set" not in plank


def test_a_filter_without_a_result_says_so_and_leads_back(client: FlaskClient, keep: Keep) -> None:
    keep("w1", date(2026, 3, 10))
    page = client.get("/workouts?exercise=plank&from=2026-03-01").text
    assert "There is none with Plank in it from 1 Mar 2026." in words(page)
    assert 'href="/workouts">Show all workouts' in page
    assert '<option value="plank" selected>Plank</option>' in page
    assert "Nothing recorded." in words(client.get("/workouts?exercise=plank").text)


@pytest.mark.parametrize("query", ["from=yesterday", "until=2026-13-01", "month=1", "from=0001-01-01", "month=9999-12"])
def test_an_invalid_day_is_refused_with_a_sentence(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/workouts?{query}")
    assert answer.status_code == 400


def test_a_long_list_has_pages_that_keep_the_filter(client: FlaskClient, keep: Keep) -> None:
    for number in range(LISTED + 3):
        keep(f"w{number}", date(2026, 3, 1) + timedelta(number))
    page = client.get("/workouts?exercise=squat").text
    older = re.search(r'href="([^"#]+)#list-title" rel="next"', page)[1].replace("&amp;", "&")
    assert listed(page)[0] == f"w{LISTED + 2}"
    assert len(listed(page)) == LISTED
    assert "exercise=squat" in older
    last = client.get(older).text
    assert listed(last) == ["w2", "w1", "w0"]
    assert 'rel="next"' not in last.split("list-title")[-1]
    assert "There are no earlier workouts" in words(client.get("/workouts?before=w0").text)


def test_days_are_those_of_the_browsers_time_zone(client: FlaskClient, keep: Keep) -> None:
    keep("w1", date(2026, 3, 10), hour=20)
    assert 'aria-label="10 March:' in client.get("/workouts").text
    client.set_cookie(ZONE, "Asia/Tokyo")
    page = client.get("/workouts").text
    assert 'aria-label="11 March:' in page
    assert "11 Mar 2026, 05:00" in page
    assert listed(client.get("/workouts?from=2026-03-11").text) == ["w1"]


@pytest.mark.parametrize("zone", ["", "Europe", "../../etc/passwd", "/etc/localtime", "Nowhere/Town", "x" * 3000])
def test_a_zone_that_is_none_is_the_servers(client: FlaskClient, keep: Keep, zone: str) -> None:
    keep("w1", date(2026, 3, 10))
    client.set_cookie(ZONE, zone)
    assert client.get("/workouts").status_code == 200


def test_nobody_sees_anothers_days_records_or_trends(
    store: MemoryStore, client: FlaskClient, keep: Keep, tmp_path: Path
) -> None:
    keep("w1", date(2026, 3, 10))
    for other in (visitor(pages_over(store, tmp_path)), visitor(pages_over(store, tmp_path), "somebody")):
        for query in ("", "?exercise=squat", "?from=2026-03-10", "?before=w1"):
            page = other.get(f"/workouts{query}").text
            assert "w1" not in listed(page)
            assert "10 repetitions" not in words(page)


def listed(page: str) -> list[str]:
    return re.findall(r'href="/workouts/(\w+)">\s*<span class="name"', page)


def test_the_calendar_begins_its_weeks_on_monday_and_turns_to_months_that_may_hold_workouts() -> None:
    month = month_of(date(2026, 3, 1), {}, oldest=date(2026, 2, 28), newest=date(2026, 3, 31))
    assert [len(week) for week in month.weeks] == [7] * 6
    assert month.weeks[0][0].day == date(2026, 2, 23)
    assert not month.weeks[0][0].within
    assert (month.earlier, month.later) == (date(2026, 2, 1), None)


def test_a_week_begins_on_monday_also_across_a_new_year() -> None:
    assert {monday_of(date(2026, 12, 28) + timedelta(days)) for days in range(7)} == {date(2026, 12, 28)}


def test_a_day_is_shaded_by_how_long_was_moved_or_held() -> None:
    days = [Day(date(2026, 3, at), 1, 1, 5, 0.0, 60.0 * at) for at in range(1, 16)]
    month = month_of(date(2026, 3, 1), {day.day: day for day in days}, date(2026, 3, 1), date(2026, 3, 31))
    levels = [cell.level for week in month.weeks for cell in week if cell.within]
    assert levels == sorted(levels[:15]) + [0] * 16
    assert set(levels) == {0, 1, 2, 3, 4}


MONDAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("days", "weeks"),
    [
        ([], (0, 0)),
        ([0], (1, 1)),
        ([-1], (1, 1)),  # Sunday of the week before: this week may still come
        ([-8], (0, 1)),
        ([0, -1, -14], (3, 3)),
        ([0, -1, -21, -28, -35], (2, 3)),
        ([-1, -2, -3], (1, 1)),
    ],
)
def test_weeks_in_a_row_are_not_broken_by_the_one_under_way(days: list[int], weeks: tuple[int, int]) -> None:
    assert weeks_in_a_row([MONDAY + timedelta(day) for day in days], today=MONDAY + timedelta(2)) == weeks


def trained(day: int, count: int = 10) -> TrendDay:
    return TrendDay(date(2020, 1, 1) + timedelta(day), 2, count, 0.0, 1.0, None)


@pytest.mark.parametrize(("every", "step"), [(1, "day"), (6, "week"), (20, "month"), (60, "quarter"), (300, "year")])
def test_so_many_days_that_they_would_hide_each_other_are_put_together(every: int, step: str) -> None:
    trend = trend_of([trained(day, 10 + day % 2) for day in range(0, every * MOST_POINTS, every // 7 or 1)])
    assert trend.step == step
    assert len(trend.charts[0].points) <= MOST_POINTS
    assert len(trend.rows) == len(trend.charts[0].points)


def test_depth_is_charted_where_no_angle_tells_the_range() -> None:
    assert trend_of([trained(0), trained(1)]).columns == ("Most repetitions in a set", "Depth of the target, mean")


def test_a_chart_stays_within_its_lines() -> None:
    chart = trend_of([trained(0, 7), trained(5, 19), trained(9, 12)]).charts[0]
    heights = [label.at for label in chart.values]
    assert all(min(heights) <= point.y <= max(heights) for point in chart.points)
    assert [point.x for point in chart.points] == sorted(point.x for point in chart.points)


@pytest.mark.parametrize(
    ("low", "high", "lines"),
    [(7, 19, [5, 10, 15, 20]), (12, 12, [12, 14]), (0.8, 1.04, [0.8, 0.9, 1.0, 1.1]), (0, 0, [0, 0.5])],
)
def test_lines_are_at_round_values(low: float, high: float, lines: list[float]) -> None:
    assert ticks(low, high) == lines


def test_the_tempo_of_some_repetitions_is_the_mean_of_each_of_its_parts() -> None:
    reps = [
        Rep(number, 0.0, 9.0, 1.0, eccentric_s=1.0 * number, pause_s=0.0, concentric_s=3.0 * number)
        for number in (1, 2)
    ]
    assert tempo_s(reps) == (1.5, 0.0, 4.5)


def test_made_up_workouts_are_whole_and_the_same_each_time() -> None:
    made = list(workouts(30, 1.8e9))
    assert made == list(workouts(30, 1.8e9))
    assert len({one.id for one in made}) == 30
    assert all(one.summary.sets and one.summary.active_s > 0 for one in made)
    assert all(one.summary.count == sum(each.count for each in one.summary.sets) for one in made)
