"""Long workouts on every screen and on paper: nothing sticks out, every bar is there, and few pages are printed."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LAPTOP, PHONE, SQUATS, OpenPage
from webapp.evaluation.live import ServerProcess, running_server
from webapp.records import Hold, Rep, Set, Summary
from webapp.store.benchmark import Whole, fill

TABLET = {"width": 768, "height": 1024}
TALL = {"width": 1920, "height": 1080}

STICKS_OUT = """
() => [...document.querySelectorAll(".figures dd")].filter((value) => {
  const range = document.createRange();
  range.selectNodeContents(value);
  const box = value.parentElement.getBoundingClientRect();
  const { left, right, bottom } = range.getBoundingClientRect();
  return left < box.left + 8 || right > box.right - 8 || bottom > box.bottom;
}).map((value) => value.textContent)
"""
ROWS = """
() => Object.values(Object.groupBy(
  document.querySelectorAll(".figures > div"), (box) => Math.round(box.getBoundingClientRect().top)
)).map((row) => row.length)
"""
OVERLAPS = """
() => {
  const text = document.querySelector(".figures .main small").firstChild;
  const boxOf = (from, until) => {
    const range = document.createRange();
    range.setStart(text, from);
    range.setEnd(text, until);
    return range.getBoundingClientRect();
  };
  const words = [...text.data.matchAll(/\\S+/g)].map(({ 0: word, index }) => boxOf(index, index + word.length));
  return words.slice(1).map((word, at) => Math.min(0, word.left - words[at].right - 1)).filter((px) => px < 0);
}
"""
LARGE_LETTERS = "() => { document.documentElement.style.fontSize = '200%'; }"
SIDEWAYS_PX = "() => document.documentElement.scrollWidth - innerWidth"
HEAD_WITHIN = """
() => {
  const [mark, ...links] = [...document.querySelectorAll(".head a")].map((link) => link.getBoundingClientRect());
  return links.every(({ left, right, top }) => right <= innerWidth && (left >= mark.right || top >= mark.bottom));
}
"""
CHECKS_APART = """
() => {
  const names = [...document.querySelectorAll(".checks .short")].map((name) => name.getBoundingClientRect());
  const panel = document.querySelector(".panel").getBoundingClientRect();
  return names.every(({ right }) => right <= panel.right) && names.slice(1).every(
    ({ left, top }, at) => left > names[at].right || top >= names[at].bottom);
}
"""
MODULES = "all => all.map(({ href, src }) => href || src)"
HIDDEN_PX = "chart => chart.scrollWidth - chart.clientWidth"


def rep(number: int, start_s: float, set_: int, reason: str = "") -> Rep:
    return Rep(number, start_s, start_s + 2, 0.5 if reason else 1.1, 90.0, 1.0, 0.2, 0.8, reason=reason, set=set_)


def squats(count: int, partial: bool = False) -> Summary:
    """Return squats in sets of 13."""
    reps = [rep(at + 1, 4.0 * at + 30.0 * (at // 13), at // 13 + 1) for at in range(count)]
    numbers = sorted({one.set for one in reps})
    sets = [[one for one in reps if one.set == number] for number in numbers]
    done = [Set(own[0].set, "squat", own[0].start_s, own[-1].end_s, len(own), 0.0, "ended") for own in sets]
    short = [rep(0, reps[-1].end_s + 1, numbers[-1], "18° short")] if partial else []
    return Summary(
        "squat", "reps", 0.0, reps[-1].end_s + 4, 2.0 * count, (*reps, *short), (), {"depth": 2}, tuple(done)
    )


PLANKS_S = (58.4, 52.1, 548.3)
PLANKS = tuple(Hold(at, "plank", 700.0 * at, 700.0 * at + 600, s, "ended", set=at) for at, s in enumerate(PLANKS_S, 1))
DONE = {
    "three": squats(3),
    "many": squats(39, partial=True),
    "hundreds": squats(120),
    "planks": Summary(
        "plank", "hold", 0.0, 2100.0, sum(PLANKS_S), (), PLANKS, {},
        tuple(Set(one.set, "plank", one.start_s, one.end_s, 0, one.held_s, "ended") for one in PLANKS),
    ),
    "aimed": Summary(
        "plank", "hold", 0.0, 30.0, 24.3, (), (replace(PLANKS[0], held_s=24.3),), {},
        (Set(1, "plank", 0.0, 24.3, 0, 24.3, "ended", 30),),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, str]]:
    """A server and the address of its store."""
    store = f"sqlite:///{tmp_path_factory.mktemp('store')}/workouts.db"
    with running_server("--backend", "replay", "--series", str(SQUATS), "--store", store) as server:
        yield server, store


@pytest.fixture
def page(kept: tuple[ServerProcess, str], open_page: OpenPage) -> Page:
    """A page of a person who has done all of it."""
    server, store = kept
    page: Page = open_page(f"{server.url}/workout/squat")
    person = page.request.get(f"{server.url}/data/export.json").json()["person"]
    mine = person.encode().hex()[:16]
    done = (Whole(f"{name}{mine}", one.exercise, time.time() - 7200, one) for name, one in DONE.items())
    list(fill(store, person, done))
    page.goto(f"{server.url}/workouts/three{mine}")
    expect(page.locator(".scroller.chart")).to_be_visible()
    return page


def turned_to(page: Page, name: str, size: dict[str, int] = LAPTOP) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.goto(page.url.replace("/three", f"/{name}"))


def pages_of(page: Page, paper: str) -> int:
    """Return how many pages are printed."""
    printed = page.pdf(format=paper, margin=dict.fromkeys(("top", "right", "bottom", "left"), "10mm"))
    return len(re.findall(rb"/Type\s*/Page\b", printed))


@pytest.mark.parametrize("size", [PHONE, LAPTOP, TALL], ids=lambda size: str(size["width"]))
@pytest.mark.parametrize("name", ["many", "planks", "aimed"])
def test_every_figure_stays_in_its_box(page: Page, name: str, size: dict[str, int]) -> None:
    turned_to(page, name, size)
    assert page.evaluate(STICKS_OUT) == []


def test_on_a_tablet_four_equal_figures_stand_two_by_two(page: Page, kept: tuple[ServerProcess, str]) -> None:
    page.set_viewport_size(TABLET)
    page.goto(f"{kept[0].url}/workouts?exercise=squat")
    assert page.evaluate(ROWS) == [2, 2]


@pytest.mark.parametrize("size", [PHONE, TABLET], ids=lambda size: str(size["width"]))
def test_held_upright_the_set_up_is_as_wide_as_the_screen_and_leaves_the_feet_free(
    page: Page, kept: tuple[ServerProcess, str], size: dict[str, int]
) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.goto(f"{kept[0].url}/workout/squat")
    page.get_by_test_id("auto").uncheck()
    box = page.locator(".panel").bounding_box()
    assert box is not None
    assert box["width"] > 0.9 * size["width"]
    assert box["height"] < 0.3 * size["height"]


def test_the_words_of_a_target_beside_the_main_figure_keep_apart(page: Page) -> None:
    turned_to(page, "aimed")
    assert page.evaluate(OVERLAPS) == []


def test_no_figure_is_left_alone_on_a_row(page: Page) -> None:
    turned_to(page, "many")
    assert page.evaluate(ROWS) == [3, 4]


def test_thirty_nine_bars_are_all_seen_and_more_are_scrolled_by_the_keyboard(page: Page) -> None:
    turned_to(page, "many")
    chart = page.locator(".scroller.chart")
    assert chart.evaluate(HIDDEN_PX) == 0
    page.goto(page.url.replace("/many", "/hundreds"))
    assert chart.evaluate(HIDDEN_PX) > 0
    assert "gradient" in chart.evaluate("chart => getComputedStyle(chart).backgroundImage")
    chart.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert chart.evaluate("chart => chart.scrollLeft") > 0


@pytest.mark.parametrize("width", [390, 320])
def test_twice_as_large_letters_scroll_no_page_sideways(
    page: Page, kept: tuple[ServerProcess, str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for address in (page.url, *(f"{kept[0].url}/{path}" for path in ("", "workouts", "data", "upload"))):
        page.goto(address)
        page.evaluate(LARGE_LETTERS)
        assert page.evaluate(SIDEWAYS_PX) == 0, address
        assert page.evaluate(HEAD_WITHIN), address


def test_on_the_narrowest_phone_the_head_is_one_row(page: Page, kept: tuple[ServerProcess, str]) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{kept[0].url}/workouts")
    assert page.locator(".head").evaluate("head => head.clientHeight") == 64


@pytest.mark.parametrize("width", [390, 320])
def test_twice_as_large_letters_keep_the_names_of_the_checks_apart(
    page: Page, kept: tuple[ServerProcess, str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{kept[0].url}/workout/squat")
    page.get_by_test_id("auto").uncheck()
    page.evaluate(LARGE_LETTERS)
    assert page.evaluate(CHECKS_APART)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_three_repetitions_are_printed_on_one_page(page: Page, paper: str) -> None:
    assert pages_of(page, paper) == 1


def test_every_module_that_a_page_loads_is_announced_at_its_head(page: Page, kept: tuple[ServerProcess, str]) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    for address in (f"{kept[0].url}/workout/squat", page.url, *(f"{kept[0].url}/{path}" for path in ("", "upload"))):
        loaded.clear()
        page.goto(address)
        said = page.locator("head link[rel=modulepreload], head script").evaluate_all(MODULES)
        assert sorted(set(said)) == sorted(url for url in loaded if url.endswith(".js"))
