"""`posecoach bench live`: from camera to canvas in a real browser, on a real clip."""

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from webapp.errors import SettingsError
from webapp.evaluation.fake_camera import FakeCamera
from webapp.evaluation.live import chromium_with_camera, playwright_driver, running_server
from webapp.pose.video import facts

if TYPE_CHECKING:
    from playwright.sync_api import Page

CLIPS = Path(__file__).parents[2].parent / "shared" / "data" / "clips"
LEAD_S = 6.0
READY_WITHIN_MS = 30_000
COLLECT_DRAWN = """
window.drawn = [];
window.addEventListener("posecoach:drawn", (event) => window.drawn.push(event.detail));
"""


@click.command("live")
@click.option("--clip", type=click.Path(path_type=Path), help="the clip shown by the camera")
@click.option("--exercise", help="the exercise in the clip; default: from truth.json beside the clip")
@click.option("--seconds", default=60.0, show_default=True, help="how long to run, at least the clip's length")
@click.option("--size", default="640x480", show_default=True, help="size of the camera's picture, WIDTHxHEIGHT")
@click.option("--backend", default="blazepose-full", show_default=True, help="the pose engine")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def command(clip: Path | None, exercise: str | None, seconds: float, size: str, backend: str, as_json: bool) -> None:
    """Measure capture-to-draw time, shown frames and repetitions in headless Chromium, with a clip as its camera."""
    clip = clip or first_of(CLIPS)
    truth = truth_of(clip)
    exercise = exercise or truth.get("exercise")
    if exercise is None:
        raise SettingsError(f"There is no truth.json beside {clip}: name its exercise with --exercise")
    width, height = _size(size)
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
    figures["truth"] = truth.get("reps")
    click.echo(json.dumps(figures) if as_json else _table(figures))


def truth_of(clip: Path) -> dict[str, Any]:
    """Return the clip's row of the truth.json beside it, or an empty one."""
    path = clip.with_name("truth.json")
    rows: list[dict[str, Any]] = json.loads(path.read_text()) if path.exists() else []
    return next((row for row in rows if row["file"] == clip.name), {})


def watched_s(asked_s: float, clip: Path) -> float:
    """Return the running time: as requested, and at least the clip's, because the truth counts all of it."""
    return max(asked_s, LEAD_S + facts(clip).length_s)


def first_of(clips: Path) -> Path:
    """Return the first clip in a folder's truth.json. Raises SettingsError if there is none."""
    path = clips / "truth.json"
    if not path.exists():
        raise SettingsError("Choose the camera's clip with --clip FILE")
    return clips / str(json.loads(path.read_text())[0]["file"])


def _size(text: str) -> tuple[int, int]:
    try:
        width, height = (int(part) for part in text.split("x"))
    except ValueError as exc:
        raise SettingsError(f"--size must be WIDTHxHEIGHT, such as 640x480, not {text}") from exc
    return width, height


def _watch(page: "Page", seconds: float) -> dict[str, Any]:
    page.wait_for_selector("body[data-state=setup]", timeout=READY_WITHIN_MS)
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-state=live]", timeout=READY_WITHIN_MS)
    page.evaluate("window.drawn.length = 0")
    page.wait_for_timeout(seconds * 1000)
    drawn = page.evaluate("window.drawn")
    return {**figures_of(drawn), "reps": int(page.get_by_test_id("count").get_attribute("data-total") or 0)}


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
