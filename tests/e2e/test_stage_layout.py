"""The stage at every size of window: nothing that lies over the picture covers anything else."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LAPTOP, PHONE, OpenPage
from webapp.evaluation.live import ServerProcess

APART = """
() => {
  document.querySelector(".whole").textContent = "88";
  const boxOf = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return (element.matches("h1, .tally *, .status") ? range : element).getBoundingClientRect();
  };
  const names = ".top h1, .status, .set, .unit, .whole, .tenth, .controls button, .notice, .tools, .reach, "
    + ".panel, .rest";
  const boxes = [...document.querySelectorAll(names)].filter((element) => element.checkVisibility()).map((element) => ({
    name: element.dataset.action || element.className || element.localName,
    box: boxOf(element),
    home: element.closest(".tally") ?? element,
  }));
  const sticksOut = boxes.filter(({ box: { left, right, top, bottom } }) =>
    left < 0 || right > innerWidth || top < 0 || bottom > innerHeight).map(({ name }) => `${name} sticks out`);
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  return sticksOut.concat(boxes.flatMap((one, at) => boxes.slice(at + 1)
    .filter((other) => one.home !== other.home && over(one.box, other.box))
    .map((other) => `${one.name} over ${other.name}`)));
}
"""
NOBODY_IN_VIEW = f"""
() => {{
  document.querySelector(".panel h2").textContent = "Nobody in view: step in front of the camera.";
  return ({APART})();
}}
"""
SCROLLED_PX = "panel => panel.scrollHeight - panel.clientHeight"
CUT_PX = """
() => {
  document.querySelector("[data-testid=state]").textContent = "Reconnecting";
  const name = document.querySelector("h1");
  return name.scrollWidth - name.clientWidth;
}
"""


@pytest.mark.parametrize("touch", [True, False], ids=["touch", "mouse"])
@pytest.mark.parametrize("size", [(320, 568), (360, 640), (568, 320), (640, 360), (768, 1024)], ids=str)
def test_on_small_screens_the_longest_name_the_count_and_the_buttons_keep_apart(
    replay_server: ServerProcess, open_page: OpenPage, size: tuple[int, int], touch: bool
) -> None:
    address = f"{replay_server.url}/workout/extended_side_angle?target=300&sets=10&countdown=0&start=now"
    page = open_page(address, viewport={"width": size[0], "height": size[1]}, touch=touch)
    expect(page.locator("body[data-state=live]")).to_be_visible()
    assert page.evaluate(APART) == []
    page.keyboard.press("Space")
    expect(page.locator("body[data-state=paused]")).to_be_visible()
    assert page.evaluate(APART) == []


@pytest.mark.parametrize("size", [(320, 568), (844, 390)], ids=str)
def test_a_custom_exercises_long_name_is_truncated_before_it_covers_anything(
    replay_server: ServerProcess, open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page(
        f"{replay_server.url}/workout/squat?countdown=0&start=now", viewport={"width": size[0], "height": size[1]}
    )
    expect(page.locator("body[data-state=live]")).to_be_visible()
    page.evaluate(f"document.querySelector('h1').textContent = '{'A very long name ' * 8}'")
    header, tools = page.locator(".top").bounding_box(), page.locator(".tools").bounding_box()
    assert header
    assert tools
    assert header["x"] + header["width"] <= tools["x"] or header["y"] + header["height"] <= tools["y"]
    assert header["height"] < 60


@pytest.mark.parametrize("size", [(320, 568), (740, 360), (1280, 720)], ids=str)
def test_the_set_up_covers_neither_the_name_nor_the_tools(
    replay_server: ServerProcess, open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?start=hand", viewport={"width": size[0], "height": size[1]})
    expect(page.locator("body[data-state=setup]")).to_be_visible()
    assert page.evaluate(NOBODY_IN_VIEW) == []


def test_with_the_fields_of_the_target_open_the_start_is_still_in_view(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?start=hand")
    page.get_by_test_id("goal").locator("summary").click()
    assert page.evaluate(NOBODY_IN_VIEW) == []
    assert page.locator(".panel").evaluate(SCROLLED_PX) == 0


def test_on_a_phone_held_sideways_the_longest_notice_lies_below_the_name(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(f"{replay_server.url}/workout/squat", viewport={"width": 740, "height": 360}, flags=())
    expect(page.locator("body[data-state=missing]")).to_be_visible()
    assert page.evaluate(APART) == []


def test_a_rest_covers_neither_the_name_nor_the_tools(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?countdown=0&start=now&target=1&sets=2&rest=300")
    expect(page.locator("body[data-state=rest]")).to_be_visible(timeout=30_000)
    for width, height in ((320, 568), (360, 640), (360, 740), (568, 320), (740, 360), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(APART) == [], (width, height)


def test_on_the_narrowest_phone_a_short_name_is_whole_beside_every_state(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    address = f"{replay_server.url}/workout/squat?countdown=0&start=now"
    page = open_page(address, viewport={"width": 320, "height": 568})
    expect(page.locator("body[data-state=live]")).to_be_visible()
    assert page.evaluate(CUT_PX) == 0


def test_the_keys_are_shown_from_their_heading_on_a_low_screen(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?start=hand", viewport={"width": 640, "height": 360})
    page.keyboard.press("?")
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_focused()
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_the_set_up_says_on_every_screen_what_cannot_be_judged_from_here(
    replay_server: ServerProcess, open_page: OpenPage, size: dict[str, int]
) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?start=hand", viewport=size)
    expect(page.get_by_test_id("setup-note")).to_have_text("Form not judged from the front: chest.")
    expect(page.get_by_test_id("setup-note")).to_be_visible()
    assert page.evaluate(APART) == []
