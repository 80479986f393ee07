"""`posecoach bench live`: from camera to canvas in a real browser, on a real clip."""

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from webapp.commands.finite import Finite
from webapp.commands.named import exercise_named
from webapp.errors import SettingsError
from webapp.evaluation.fake_camera import FakeCamera
from webapp.evaluation.live import chromium_with_camera, playwright_driver, running_server
from webapp.evaluation.motion import Truth, read_truth
from webapp.exercises import load_library
from webapp.pose.video import checked, facts

if TYPE_CHECKING:
    from playwright.sync_api import Page

CLIPS = Path(__file__).parents[2].parent / "shared" / "data" / "clips"
LEAD_S = 6.0
READY_WITHIN_MS = 30_000
LEAST_PX = 64
COLLECT_DRAWN = """
window.drawn = [];
window.addEventListener("posecoach:drawn", (event) => window.drawn.push(event.detail));
"""


@click.command("live")
@click.option("--clip", type=click.Path(path_type=Path), help="video that the camera shows")
@click.option("--exercise", help="the exercise in the clip; default: from truth.json beside the clip")
@click.option(
    "--seconds", default=60.0, show_default=True, type=Finite(1), help="how long to run, at least the clip's length"
)
@click.option("--size", default="640x480", show_default=True, help="size of the camera's picture, WIDTHxHEIGHT")
@click.option("--backend", default="blazepose-full", show_default=True, help="pose engine")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def command(clip: Path | None, exercise: str | None, seconds: float, size: str, backend: str, as_json: bool) -> None:
    """Measure in Chromium, with a clip as its camera, how long a picture takes until it is drawn with its pose.

    Also how many pictures a second are drawn, how many are left out, and the repetitions that the page counts.
    """
    width, height = _size(size)
    clip = checked(clip or first_of(CLIPS))
    truth = truth_of(clip)
    exercise = _known(exercise or (truth.exercise if truth else ""), clip)
    seconds = watched_s(seconds, clip)
    with tempfile.TemporaryDirectory(prefix="posecoach-") as folder:
        camera = Path(folder, "camera.y4m")
        FakeCamera(clip, width, height, LEAD_S, total_s=seconds + LEAD_S).write(camera)
        with (
            running_server("--backend", backend) as server,
            playwright_driver() as driver,
            chromium_with_camera(driver, camera) as browser,
        ):
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.add_init_script(COLLECT_DRAWN)
            page.goto(f"{server.url}/workout/{exercise}?countdown=0")
            figures = _watch(page, seconds)
    figures["truth"] = truth.counts[0] if truth and truth.counts else None
    click.echo(json.dumps(figures) if as_json else _table(figures))


def truth_of(clip: Path) -> Truth | None:
    """Return the clip's row of the truth.json beside it, if there is one. Raises SettingsError if the file is wrong."""
    rows = read_truth(clip.parent) if clip.with_name("truth.json").exists() else ()
    return next((row for row in rows if row.file == clip.name), None)


def _known(exercise: str, clip: Path) -> str:
    if not exercise:
        raise SettingsError(f"There is no truth.json beside {clip} that lists it: name its exercise with --exercise.")
    return exercise_named(exercise, load_library()).name


def watched_s(asked_s: float, clip: Path) -> float:
    """Return the running time: as requested, and at least the clip's, because the truth counts all of it."""
    return max(asked_s, LEAD_S + facts(clip).length_s)


def first_of(clips: Path) -> Path:
    """Return the first clip in a folder's truth.json. Raises SettingsError if there is none."""
    if not (clips / "truth.json").exists():
        raise SettingsError("Name a video with --clip FILE.")
    return clips / read_truth(clips)[0].file


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text)
    width, height = map(int, found.groups()) if found else (0, 0)
    if min(width, height) < LEAST_PX or width % 2 or height % 2:
        raise SettingsError(
            f"--size is {text!r}; give WIDTHxHEIGHT in even numbers from {LEAST_PX} on, such as 640x480."
        )
    return width, height


def _watch(page: "Page", seconds: float) -> dict[str, Any]:
    _reach(page, "setup")
    page.keyboard.press("Enter")
    _reach(page, "live")
    page.evaluate("window.drawn.length = 0")
    page.wait_for_timeout(seconds * 1000)
    drawn = page.evaluate("window.drawn")
    return {**figures_of(drawn), "reps": int(page.get_by_test_id("count").get_attribute("data-total") or 0)}


def _reach(page: "Page", state: str) -> None:
    from playwright.sync_api import TimeoutError as TooLate  # noqa: PLC0415 - not among the packages that serving needs

    try:
        page.wait_for_selector(f"body[data-state={state}]", timeout=READY_WITHIN_MS)
    except TooLate as exc:
        raise SettingsError(
            f"The page was not in the state {state} after {READY_WITHIN_MS // 1000} s: see `posecoach doctor`."
        ) from exc


def figures_of(drawn: list[dict[str, float]]) -> dict[str, Any]:
    """Return the figures of the frames drawn. Raises SettingsError if there are fewer than two."""
    if len(drawn) < 2:
        raise SettingsError("The page drew no frames: is the server able to run this engine? See `posecoach doctor`.")
    waits_ms = np.array([frame["drawn_ms"] - frame["capture_ms"] for frame in drawn])
    numbers = [frame["seq"] for frame in drawn]
    span_s = (drawn[-1]["drawn_ms"] - drawn[0]["drawn_ms"]) / 1000
    return {
        "capture_to_draw_ms": {f"p{part}": round(float(np.percentile(waits_ms, part)), 1) for part in (50, 95)},
        "shown_fps": round((len(drawn) - 1) / span_s, 1),
        "dropped": int(max(numbers) - min(numbers) + 1 - len(drawn)),
    }


def _table(figures: dict[str, Any]) -> str:
    wait = figures["capture_to_draw_ms"]
    return (
        f"capture to draw  p50 {wait['p50']} ms, p95 {wait['p95']} ms\n"
        f"shown            {figures['shown_fps']} frames/s, {figures['dropped']} dropped\n"
        f"repetitions      {figures['reps']}, truth {figures['truth']}"
    )
