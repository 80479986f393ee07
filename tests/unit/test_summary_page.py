"""A workout's page: exercise by exercise, set by set, with rests, energy and records."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from visitors import ME, pages_over, visitor

from webapp.exercises import load_library
from webapp.pages.rows import LABEL_PX, bars_of, labels_of, table_of
from webapp.pages.summary import make_page
from webapp.pages.wording import NONE
from webapp.records import Hold, Rep, Set, Summary
from webapp.store import Share, StoredWorkout
from webapp.store.history import Record
from webapp.store.memory import MemoryStore

STARTED_S = 1_790_000_000.0
LIBRARY = load_library()


def rep(number: int, start_s: float, set_: int, depth: float = 1.0, reason: str = "") -> Rep:
    return Rep(number, start_s, start_s + 2, depth, 90.0, 1.0, 0.2, 0.8, reason=reason, set=set_)


REPS = (
    *(rep(number, 10.0 * number, 1) for number in (1, 2, 3)),
    rep(0, 40.0, 1, 0.5, "18° short"),
    *(rep(number, 60.0 + 10 * number, 2, 1.2) for number in (4, 5)),
    rep(6, 200.0, 3),
)
HOLDS = (Hold(1, "plank", 300.0, 320.0, 19.0, "ended", set=4),)
SETS = (
    Set(1, "squat", 10.0, 42.0, 3, 0.0, "ended", 4),
    Set(2, "squat", 100.0, 112.0, 2, 0.0, "ended", 4),
    Set(3, "push_up", 200.0, 202.0, 1, 0.0, "ended"),
    Set(4, "plank", 300.0, 320.0, 0, 19.0, "ended"),
)
SUMMARY = Summary("squat", "reps", 10.0, 310.0, 33.0, REPS, HOLDS, {}, SETS)


def page(summary: Summary = SUMMARY, body_kg: float | None = None, before: tuple[Record, ...] = ()):
    kept = StoredWorkout("w1", "squat", STARTED_S, summary, ME, body_kg)
    return make_page(kept, [], LIBRARY, before)


def figures(**more: object) -> dict[str, str]:
    return {figure.key: f"{figure.value} {figure.unit}".strip() for figure in page(**more).figures}


def test_a_workout_of_several_exercises_is_shown_exercise_by_exercise() -> None:
    assert page().title == "Squat, Push-up and Plank"
    assert [(one.title, one.kind, len(one.bars.bars)) for one in page().sections] == [
        ("Squat", "reps", 6),
        ("Push-up", "reps", 1),
        ("Plank", "hold", 1),
    ]


def test_repetitions_are_numbered_within_their_set_and_partial_ones_have_no_number() -> None:
    assert list(labels_of(REPS).values()) == ["1", "2", "3", NONE, "1", "2", "1"]
    assert [row.cells[0] for row in table_of(REPS[:6], [], {}).rows] == ["1", "2", "3", NONE, "1", "2"]


def test_several_sets_of_an_exercise_have_a_row_each_with_target_and_rest() -> None:
    squat, push_up, _ = page().sections
    assert squat.sets is not None
    assert squat.sets.columns == ("Set", "Reps", "Depth", "Range", "Active", "Rest before")
    assert [row.cells for row in squat.sets.rows] == [
        ("1", "3 of 4", "100%", "90°", "8 s", NONE),
        ("2", "2 of 4", "120%", "90°", "4 s", "58 s"),
    ]
    assert [row.heading for row in squat.table.rows if row.heading] == [
        "Set 1: 3 of 4 repetitions",
        "Set 2: 2 of 4 repetitions",
    ]
    assert push_up.sets is None


def test_the_bars_of_a_set_stand_together_under_its_name() -> None:
    bars = bars_of(REPS[:6], {}, None)
    assert [bracket.name for bracket in bars.brackets] == ["Set 1", "Set 2"]
    gaps = [after.x - before.x for before, after in zip(bars.bars, bars.bars[1:], strict=False)]
    assert gaps.index(max(gaps)) == 3
    assert bars_of(REPS[:3], {}, None).brackets == ()


def test_many_bars_move_together_and_every_fifth_is_numbered() -> None:
    few, many = (bars_of([rep(at, 3.0 * at, 1) for at in range(1, most + 1)], {}, None) for most in (12, 39))
    assert few.least < 366
    assert many.least < 688 < many.most
    assert [bar.label for bar in few.bars if few.numbered(bar)] == [bar.label for bar in few.bars]
    assert [bar.label for bar in many.bars if many.numbered(bar)] == ["1", "5", "10", "15", "20", "25", "30", "35"]


def test_the_names_of_sets_with_one_bar_each_stay_apart() -> None:
    bars = bars_of([rep(number, 30.0 * number, number) for number in range(1, 11)], {}, None)
    assert (bars.least - LABEL_PX) / 10 >= 40


def test_rest_is_the_time_between_sets_and_active_the_time_within_repetitions() -> None:
    assert figures()["summary-rest"] == "4:04 min"
    assert figures()["summary-active"] == "33 s"
    assert "summary-rest" not in figures(summary=Summary("squat", "reps", 10.0, 12.0, 2.0, REPS[:1]))


def test_tempo_and_depth_are_means_of_one_exercise_and_never_of_several() -> None:
    assert "summary-tempo" not in figures()
    assert "summary-tempo" in figures(summary=Summary("squat", "reps", 10.0, 12.0, 2.0, REPS[:1]))


def test_a_mean_depth_beyond_the_target_is_shown_with_the_target() -> None:
    deep = tuple(rep(number, 10.0 * number, 1, 1.37) for number in (1, 2))
    shown = figures(summary=Summary("squat", "reps", 10.0, 22.0, 4.0, deep))
    assert shown["summary-depth"] == "137% (target 100%)"


def test_a_long_hold_is_shown_in_minutes_like_all_other_times() -> None:
    holds = (Hold(1, "plank", 0.0, 160.0, 158.8, "ended"), Hold(2, "plank", 170.0, 230.0, 59.4, "ended"))
    shown = figures(summary=Summary("plank", "hold", 0.0, 230.0, 218.2, holds=holds))
    assert (shown["summary-held"], shown["summary-best"]) == ("3:38 min", "2:39 min")
    section = page(Summary("plank", "hold", 0.0, 230.0, 218.2, holds=holds)).sections[0]
    assert [row.cells[1] for row in section.table.rows] == ["2:39 min", "59.4 s"]


@pytest.mark.parametrize(
    ("exercise", "done", "key", "said"),
    [
        ("squat", {"reps": REPS[:3]}, "summary-count", "3 of 10"),
        ("plank", {"holds": HOLDS}, "summary-held", "19.0 s of 10 s"),
    ],
)
def test_the_target_of_a_single_set_is_shown_beside_its_figure(
    exercise: str, done: dict[str, Any], key: str, said: str
) -> None:
    only = Set(4 if "holds" in done else 1, exercise, 10.0, 42.0, len(done.get("reps", ())), 0.0, "ended", 10)
    kind = "hold" if "holds" in done else "reps"
    assert figures(summary=Summary(exercise, kind, 10.0, 42.0, 6.0, **done, sets=(only,)))[key] == said


def test_energy_is_a_range_with_a_weight_and_without_one_the_page_says_how_to_get_it() -> None:
    low, high = re.fullmatch(r"([\d.]+) to ([\d.]+) kcal", figures(body_kg=70.0)["summary-energy"]).groups()
    assert 0 < float(low) < float(high)
    assert "summary-energy" not in figures()
    assert "enter your weight" in page().lacks
    assert page(body_kg=70.0).lacks == ""


def test_a_comma_within_a_title_stays_there() -> None:
    library = {**LIBRARY, "squat": replace(LIBRARY["squat"], title="Squat, deep")}
    kept = StoredWorkout("w1", "squat", STARTED_S, Summary("squat", "reps", 10.0, 12.0, 2.0, REPS[:3]), ME)
    assert make_page(kept, [], library).title == "Squat, deep"


@pytest.mark.parametrize(("former", "told"), [(2.0, True), (3.0, False), (4.0, False)])
def test_a_record_is_more_than_ever_before(former: float, told: bool) -> None:
    squat, push_up, _ = page(before=(Record("squat", "count", former, "w0", 1, 1),)).sections
    assert squat.records == (("most repetitions in a set",) if told else ())
    assert push_up.records == ()


def test_a_first_workout_sets_no_record() -> None:
    assert [section.records for section in page().sections] == [(), (), ()]


def test_a_mean_of_two_repetitions_is_no_record() -> None:
    before = (Record("squat", "depth", 1.1, "w0", 1, 1),)  # the second set is deeper, of two repetitions
    assert page(before=before).sections[0].records == ()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def me(store: MemoryStore, tmp_path: Path) -> FlaskClient:
    return visitor(pages_over(store, tmp_path), ME)


def keep(store: MemoryStore, name: str, summary: Summary, started_s: float) -> None:
    store.begin(name, summary.exercise, started_s, f"hash of {name}", ME)
    for event in (*summary.sets, *summary.reps, *summary.holds):
        store.append(name, event)
    store.finish(name, summary)


def test_the_page_compares_with_earlier_workouts_and_not_later_ones(store: MemoryStore, me: FlaskClient) -> None:
    few = Summary("squat", "reps", 10.0, 12.0, 2.0, REPS[:2])
    keep(store, "before", few, STARTED_S)
    keep(store, "between", SUMMARY, STARTED_S + 86400)
    keep(store, "after", SUMMARY, STARTED_S + 2 * 86400)
    assert "most repetitions in a set" in me.get("/workouts/between").text
    for other in ("before", "after"):
        assert "Personal record" not in me.get(f"/workouts/{other}").text


def test_a_workout_that_has_not_ended_is_shown_with_its_sets(store: MemoryStore, me: FlaskClient) -> None:
    store.begin("w1", "squat", STARTED_S, "hash", ME)
    for event in (*SETS, *REPS, *HOLDS):
        store.append("w1", event)
    text = me.get("/workouts/w1").text
    assert "is still running" in text
    assert text.count('data-exercise="') == 3


def test_the_bars_have_a_title_and_a_difference_of_the_sides_is_explained(store: MemoryStore, me: FlaskClient) -> None:
    keep(store, "alike", SUMMARY, STARTED_S)
    uneven = (replace(REPS[0], difference_deg=6.0),)
    keep(
        store,
        "uneven",
        Summary("lunge", "reps", 10.0, 12.0, 2.0, uneven, sets=(replace(SETS[0], exercise="lunge"),)),
        1.0,
    )
    alike, told = (me.get(f"/workouts/{name}").text for name in ("alike", "uneven"))
    assert alike.count("<b>Depth</b> of each repetition: 100% reaches the target") == 2
    assert alike.count("<b>Time held</b>") == 1
    assert "compares the two sides" not in alike
    assert "near 0° both moved alike" in told


def test_a_workout_in_which_nothing_was_done_offers_no_link_but_one_that_exists_can_be_revoked(
    store: MemoryStore, me: FlaskClient
) -> None:
    keep(store, "empty", Summary("squat", "reps", 10.0, 12.0, 0.0), STARTED_S)
    text = me.get("/workouts/empty").text
    assert "Nothing was counted" in text
    assert 'id="share"' not in text
    assert 'id="download"' in text
    store.share(Share("one", "empty"))
    assert "Revoke link" in me.get("/workouts/empty").text
