import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from visitors import ME, pages_over, visitor

from webapp.exercises import load_library
from webapp.pages.history import LISTED
from webapp.pages.static_files import version_of
from webapp.pages.wording import MINUS, clock
from webapp.records import Hold, Rep, Summary
from webapp.settings import ROOT
from webapp.store import KeptEvent, open_store
from webapp.store.memory import MemoryStore

STARTED_S = 1_790_000_000.0


def rep(number: int, depth: float = 1.0, faults: tuple[str, ...] = (), reason: str = "") -> Rep:
    return Rep(number, 10.0 + number, 12.0 + number, depth, 90.0, 1.2, 0.3, 0.9, "both", -4.0, faults, reason)


def summary_of(reps: Sequence[Rep] = (), holds: Sequence[Hold] = (), exercise: str = "squat") -> Summary:
    kind = "hold" if holds else "reps"
    return Summary(exercise, kind, 10.0, 75.0, 30.0, tuple(reps), tuple(holds), {"invented_rule": 2} if reps else {})


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def client(store: MemoryStore, tmp_path: Path) -> FlaskClient:
    return visitor(pages_over(store, tmp_path), ME)


def keep(store: MemoryStore, workout: str, summary: Summary | None, events: Sequence[KeptEvent] = ()) -> None:
    store.begin(workout, summary.exercise if summary else "squat", STARTED_S, workout, ME)
    for event in events or (*summary.reps, *summary.holds) if summary else events:
        store.append(workout, event)
    if summary:
        store.finish(workout, summary)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_exercises_of_a_group_are_in_order_of_their_titles(client: FlaskClient) -> None:
    page = client.get("/").text
    assert page.index(">Warrior I<") < page.index(">Warrior II<") < page.index(">Warrior III<")


def test_a_screen_reader_finds_the_workouts_parts(client: FlaskClient) -> None:
    page = client.get("/workout/squat").text
    assert page.count("<main") == 1
    assert 'aria-valuemax="120"' in page
    countdown = re.search(r"<button[^>]*countdown.*?</button>", page, re.DOTALL)
    assert countdown
    assert "aria-live" not in countdown[0]  # what a button contains is not announced
    assert 'data-testid="countdown-said" aria-live="assertive"' in page


def test_home_offers_every_exercise_of_the_library_and_leads_to_it(client: FlaskClient) -> None:
    page = client.get("/").text
    for name, exercise in load_library().items():
        assert f'href="/workout/{name}"' in page
        assert exercise.title in page
        assert client.get(f"/workout/{name}").status_code == 200


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/workout/Squat", "/workout/squat"),
        ("/workout/push-up?target=10&sets=3", "/workout/push_up?target=10&sets=3"),
        ("/workout/Warrior%20II", "/workout/warrior_two"),
        ("/workout/squat/?target=10", "/workout/squat?target=10"),
        ("/workouts/", "/workouts"),
    ],
)
def test_an_address_typed_by_hand_leads_to_the_page_that_is_meant(client: FlaskClient, typed: str, meant: str) -> None:
    answer = client.get(typed)
    assert (answer.status_code, answer.location) == (307, meant)


@pytest.mark.parametrize("path", ["/workout/swim", "/workout/swim/", "/nothing/", "/workout/"])
def test_an_address_of_nothing_ends_at_a_page_that_says_so(client: FlaskClient, path: str) -> None:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 404


def test_no_redirect_leads_to_another_server(client: FlaskClient) -> None:
    answer = client.get("/", environ_overrides={"PATH_INFO": "//workout/squat/"})
    assert (answer.status_code, answer.location) == (307, "/workout/squat")


def test_every_yoga_pose_has_its_sanskrit_name_beside_the_english_one(client: FlaskClient) -> None:
    page = client.get("/").text
    poses = [one for one in load_library().values() if one.group == "yoga" and not (one.hold and one.hold.flow)]
    assert poses
    for pose in poses:
        assert f'<span class="sanskrit" lang="sa-Latn">{pose.sanskrit}</span>' in page
    assert ">Vrksasana</span>. Stand on one leg" in client.get("/workout/tree").text


def test_the_searches_of_both_pages_know_an_exercises_other_names(client: FlaskClient) -> None:
    for path in ("/", "/workout/squat"):
        assert 'data-also="military press overhead press"' in client.get(path).text


def test_home_lists_the_last_workouts_and_leads_to_their_summaries(client: FlaskClient, store: MemoryStore) -> None:
    keep(store, "w1", summary_of([rep(1), rep(2)]))
    page = client.get("/").text
    assert 'href="/workouts/w1"' in page
    assert "2 repetitions" in page


def test_a_workout_in_which_nothing_was_done_is_not_listed(client: FlaskClient, store: MemoryStore) -> None:
    keep(store, "looked", None)
    keep(store, "stopped", summary_of())
    for path in ("/", "/workouts"):
        assert "/workouts/looked" not in client.get(path).text
        assert "/workouts/stopped" not in client.get(path).text


def test_many_looks_hide_no_workout(client: FlaskClient, store: MemoryStore) -> None:
    keep(store, "w1", summary_of([rep(1)]))
    for number in range(LISTED + 1):
        store.begin(f"look{number}", "squat", STARTED_S + 1 + number, f"hash {number}", ME)
    for path in ("/", "/workouts"):
        assert "/workouts/w1" in client.get(path).text


def test_a_hold_under_way_that_holds_nothing_yet_is_shown_in_seconds(client: FlaskClient, store: MemoryStore) -> None:
    store.begin("w1", "tree", STARTED_S, "hash", ME)
    page = words(client.get("/workouts/w1").text)
    assert "Nothing was held" in page
    assert "Repetitions" not in page


def test_bars_keep_their_ratio_however_far_beyond_the_target_they_are(client: FlaskClient, store: MemoryStore) -> None:
    keep(store, "w1", summary_of([rep(1, 1.0), rep(2, 1.5), rep(3, 2.0)]))
    page = client.get("/workouts/w1").text
    assert re.findall(r'class="bar"[^>]* height="([\d.]+)"', page)[:3] == ["70.0", "105.0", "140.0"]
    assert 'class="target" x1="0" x2="100%" y1="80.0"' in page


def test_a_column_that_holds_nothing_is_left_out(client: FlaskClient, store: MemoryStore) -> None:
    keep(store, "w1", summary_of([replace(rep(1), difference_deg=None)]))
    keep(store, "w2", summary_of([rep(1, faults=("knees_in",))]))
    for name in (f"Left {MINUS} right", "Form notes"):
        assert name not in client.get("/workouts/w1").text
        assert name in client.get("/workouts/w2").text


@pytest.mark.parametrize(
    ("seconds", "time"),
    [(0.4, "0 s"), (12.9, "13 s"), (59.4, "59 s"), (59.96, "1:00 min"), (60.0, "1:00 min"), (185.4, "3:05 min")],
)
def test_seconds_are_not_read_as_minutes(seconds: float, time: str) -> None:
    assert " ".join(clock(seconds)) == time


def test_a_hold_is_as_long_on_the_card_and_in_the_list_as_on_its_page(client: FlaskClient, store: MemoryStore) -> None:
    hold = Hold(1, "tree", STARTED_S, STARTED_S + 15.96, 15.96, "ended")
    keep(store, "w1", Summary("tree", "hold", STARTED_S, 15.98, 15.96, holds=(hold,)))
    page = words(client.get("/workouts/w1").text)
    assert all(said in page for said in ("Held 16.0 s", "Time 16 s", "Active 16 s"))
    assert "16 seconds held" in client.get("/workouts/w1").text, "the card's words"
    assert "16 s held" in words(client.get("/workouts").text)


def test_without_workouts_the_list_says_so_and_offers_a_start(client: FlaskClient) -> None:
    page = words(client.get("/workouts").text)
    assert "No workout yet" in page
    assert "Pick an exercise" in page


def test_the_summary_shows_counted_repetitions_and_why_others_were_not(client: FlaskClient, store: MemoryStore) -> None:
    keep(store, "w1", summary_of([rep(1), rep(2, faults=("knees_in",)), rep(0, 0.5, reason="18° short")]))
    page = client.get("/workouts/w1").text
    assert '<dd data-testid="summary-count">2</dd>' in page
    assert "Not counted: 18° short" in words(page)
    assert "1.2 · 0.3 · 0.9" in words(page)
    assert "1:15" in words(page)
    assert page.count('class="good"') == 1
    assert page.count('class="fault" data-row') == 1
    assert page.count('class="partial" data-row') == 1


def test_the_summary_of_a_hold_shows_seconds_and_breaks(client: FlaskClient, store: MemoryStore) -> None:
    holds = [Hold(1, "tree", 0.0, 20.0, 18.5, "ended", "left", 1), Hold(2, "tree", 30.0, 40.0, 10.0, "ended", "right")]
    keep(store, "w1", summary_of(holds=holds, exercise="tree"))
    page = words(client.get("/workouts/w1").text)
    assert "28.5 s" in page
    assert "Longest hold 18.5" in page
    assert "Breaks 1" in page


def test_a_workout_in_progress_shows_its_count_so_far(client: FlaskClient, store: MemoryStore) -> None:
    keep(store, "w1", None, [rep(1), rep(2), rep(3)])
    page = client.get("/workouts/w1").text
    assert '<dd data-testid="summary-count">3</dd>' in page
    assert "is still running" in page


def test_a_workout_of_an_exercise_that_is_gone_is_still_shown(client: FlaskClient, store: MemoryStore) -> None:
    keep(store, "w1", summary_of([rep(1)], exercise="my_old_exercise"))
    page = client.get("/workouts/w1").text
    assert "My old exercise" in page
    assert ">Repeat<" not in page


@pytest.mark.parametrize("path", ["/nothing", "/workouts/unknown", "/workout/unknown"])
def test_a_missing_page_is_an_error_page_with_links(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Pick an exercise" in answer.text


def test_a_name_in_an_address_is_text_and_no_markup(client: FlaskClient) -> None:
    page = client.get("/workout/<script>alert(1)</script>").text
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "path", ["/", "/workouts", "/workout/squat", "/nothing", "/workouts/w1", "/data", "/data/delete"]
)
def test_no_page_has_inline_script_or_style_and_the_policy_forbids_it(
    path: str, client: FlaskClient, store: MemoryStore
) -> None:
    keep(store, "w1", summary_of([rep(1)]))
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?://(?!localhost)", answer.text)


def test_every_file_that_a_page_names_is_there(client: FlaskClient) -> None:
    pages = [client.get(path).text for path in ("/", "/workout/squat", "/workouts", "/upload", "/data")]
    named = {one for page in pages for one in re.findall(r'(?:src|href|data-figure)="(/static/[^"#]+)', page)}
    version = f"/static/v-{version_of(ROOT / 'static')}"
    assert {f"{version}/css/page.css", f"{version}/js/main.js", f"{version}/figures/squat.json"} <= named
    ours = {address for address in named if "/vendor/" not in address}  # the others are filled by set-up
    assert {address for address in ours if client.get(address).status_code != 200} == set()


def test_the_workout_page_has_every_attribute_that_is_promised_to_tests_and_scripts(client: FlaskClient) -> None:
    promises = (ROOT / "static" / "js" / "hud.js").read_text(encoding="utf-8").split("*/")[0]
    names = re.findall(r'data-testid="([a-z-]+)"', promises) + re.findall(r'"(setup-[a-z]+)"', promises)
    page = client.get("/workout/squat").text
    assert len(names) > 10
    for name in names:
        assert f'data-testid="{name}"' in page


def test_a_failing_store_is_reported_without_its_address_and_logged_with_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "workouts.db"
    store = open_store(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE workouts")
    answer = visitor(pages_over(store, tmp_path), ME).get("/workouts")
    assert answer.status_code == 503
    assert "Try again in a minute" in words(answer.text)
    assert str(file) not in answer.text
    assert str(file) in caplog.text
    store.close()
