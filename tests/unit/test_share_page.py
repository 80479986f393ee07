"""What a messenger, a crawler and a browser find at a share's address."""

import io
import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from recorded import estimates
from visitors import ME, PEOPLE, pages_over, visitor

from webapp.parts import parts_of
from webapp.records import Hold, Rep, Set, Summary
from webapp.settings import ROOT
from webapp.store import Share
from webapp.store.memory import MemoryStore

WORKOUT = "0123456789abcdef"
LINK = f"/share/{PEOPLE.link('share-of-mine')}"
REPS = (Rep(1, 1000.5, 1002.5, 1.05, 92.0, 1.2, 0.1, 1.0), Rep(2, 1003.0, 1005.0, 0.98, 90.0, 1.0, 0.1, 1.0))
SETS = (Set(1, "squat", 1000.5, 1005.0, 2, 0.0, "ended"),)
SAYS = "Squat, Tuesday, 22 September 2026: 2 repetitions in 1 set."

pytestmark = pytest.mark.skipif(
    not (ROOT / "static" / "vendor" / "inter-latin.woff2").exists(), reason="no fonts here: run `make setup`"
)


@pytest.fixture(autouse=True)
def utc() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.begin(WORKOUT, "squat", 1_790_035_200.0, "hash", ME)
    for number, part in enumerate(parts_of(estimates("squat_front_1", 1000.0)[:90])):
        store.append_series(WORKOUT, number, part)
    store.finish(WORKOUT, Summary("squat", "reps", 1000.0, 5.0, 4.0, REPS, sets=SETS))
    store.share(Share("share-of-mine", WORKOUT))
    return store


@pytest.fixture
def flask(store: MemoryStore, tmp_path: Path) -> Flask:
    return pages_over(store, tmp_path)


@pytest.fixture
def stranger(flask: Flask) -> FlaskClient:
    return visitor(flask)


class Tags(HTMLParser):
    """The page's meta tags, as a crawler collects them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        name = own.get("property") or own.get("name")
        if tag == "meta" and name:
            self.found[name] = own.get("content") or ""


def test_a_messengers_preview_has_absolute_addresses(stranger: FlaskClient) -> None:
    tags = Tags(stranger.get(LINK, base_url="https://coach.example").text).found
    assert tags["og:url"] == f"https://coach.example{LINK}"
    assert tags["og:image"] == tags["twitter:image"] == f"https://coach.example{LINK}/card.png"
    assert tags["og:title"] == tags["twitter:title"] == "Squat, 22 September 2026"
    assert {tags[name] for name in ("description", "og:description", "twitter:description", "og:image:alt")} == {SAYS}
    assert (tags["og:type"], tags["og:site_name"], tags["twitter:card"]) == (
        "article",
        "PoseCoach",
        "summary_large_image",
    )
    with Image.open(io.BytesIO(stranger.get(f"{LINK}/card.png").data)) as picture:
        assert (int(tags["og:image:width"]), int(tags["og:image:height"])) == picture.size


def test_a_shared_workout_is_in_no_index_and_an_own_one_tells_messengers_nothing(
    flask: Flask, stranger: FlaskClient
) -> None:
    page = stranger.get(LINK)
    assert page.headers["X-Robots-Tag"] == Tags(page.text).found["robots"] == "noindex"
    assert stranger.get(f"{LINK}/card.png").headers["X-Robots-Tag"] == "noindex"
    assert not [name for name in Tags(visitor(flask, ME).get(f"/workouts/{WORKOUT}").text).found if "og:" in name]


def test_the_card_is_the_same_for_its_person_and_with_the_link(flask: Flask, stranger: FlaskClient) -> None:
    own = visitor(flask, ME).get(f"/workouts/{WORKOUT}/card.png")
    assert own.content_type == "image/png"
    assert own.data == stranger.get(f"{LINK}/card.png").data
    assert "private" in own.headers["Cache-Control"]


def test_the_card_has_the_skeleton_only_where_landmarks_are_kept(stranger: FlaskClient, store: MemoryStore) -> None:
    before = stranger.get(f"{LINK}/card.png").data
    store.begin("bare", "squat", 1_790_035_200.0, "other hash", ME)
    store.finish("bare", store.workout(WORKOUT).summary)
    store.share(Share("another-share", "bare"))
    assert stranger.get(f"/share/{PEOPLE.link('another-share')}/card.png").data != before


def test_a_card_that_is_known_is_not_sent_again_and_a_revoked_one_is_gone(
    stranger: FlaskClient, store: MemoryStore
) -> None:
    answer = stranger.get(f"{LINK}/card.png")
    assert answer.headers["Cache-Control"] == "no-cache"
    known = {"If-None-Match": answer.headers["ETag"]}
    again = stranger.get(f"{LINK}/card.png", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    store.unshare(WORKOUT)
    assert stranger.get(f"{LINK}/card.png", headers=known).status_code == 404


def test_a_share_gives_no_weight_away_and_no_energy_to_reckon_it_from(
    flask: Flask, stranger: FlaskClient, store: MemoryStore
) -> None:
    store.begin("weighed", "squat", 1_790_035_200.0, "other hash", ME, 71.5)
    store.finish("weighed", store.workout(WORKOUT).summary)
    store.share(Share("another-share", "weighed"))
    assert "kcal" in visitor(flask, ME).get("/workouts/weighed").text
    assert "kcal" not in stranger.get(f"/share/{PEOPLE.link('another-share')}").text


def test_the_card_has_the_day_of_the_browsers_own_zone(flask: Flask, store: MemoryStore) -> None:
    store.begin("evening", "squat", 1_790_035_200.0 + 15 * 3600, "other hash", ME)
    store.append("evening", REPS[0])
    me = visitor(flask, ME)
    assert 'alt="Squat, Tuesday, 22 September 2026: 1 repetition in 1 set."' in me.get("/workouts/evening").text
    me.set_cookie("zone", "Pacific/Auckland")
    assert 'alt="Squat, Wednesday, 23 September 2026: 1 repetition in 1 set."' in me.get("/workouts/evening").text


def test_a_link_ends_by_the_clock_of_the_browsers_own_zone(flask: Flask, store: MemoryStore) -> None:
    midnight_s = 4_102_444_800.0  # 1 January 2100 in UTC
    store.share(Share("share-of-mine", WORKOUT, midnight_s))
    me = visitor(flask, ME)
    me.set_cookie("zone", "Asia/Tokyo")
    assert "1 January 2100, 09:00" in me.get(f"/workouts/{WORKOUT}").text


def test_the_card_of_a_workout_in_progress_shows_it_so_far(flask: Flask, store: MemoryStore) -> None:
    store.begin("running", "plank", 1_790_035_200.0, "other hash", ME)
    store.append("running", Hold(1, "plank", 1000.0, 1012.0, 12.0, "running"))
    page = visitor(flask, ME).get("/workouts/running")
    assert re.search(r'alt="Plank, Tuesday, 22 September 2026: 12 seconds held in 1 set\."', page.text)
    assert visitor(flask, ME).get("/workouts/running/card.png").status_code == 200


@pytest.mark.parametrize("exercise", ["приседание", 'a"; b', "one\ntwo"])
def test_a_card_exists_whatever_a_custom_exercise_is_called(flask: Flask, store: MemoryStore, exercise: str) -> None:
    store.begin("feedbeef", exercise, 1_790_035_200.0, "another hash", ME)
    card = visitor(flask, ME).get("/workouts/feedbeef/card.png")
    assert card.status_code == 200
    assert all(value.isascii() for _, value in card.headers)  # any other letter ends the connection without an answer
