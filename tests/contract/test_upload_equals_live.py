"""A recorded video gives the same figures as its pictures live: the same JPEGs and times, through the same engine."""

from pathlib import Path

import cv2
import pytest
from server import Browser, serving, until
from visitor import Visitor

from webapp.errors import BackendUnavailable
from webapp.evaluation import mannequin
from webapp.pose.backends import engine, weights_of
from webapp.pose.picture import as_sent
from webapp.pose.video import read_video
from webapp.records import Summary
from webapp.store import Store, open_store
from webapp.uploads.video_worker import LIVE_FPS

ENGINE = "blazepose-full"
CLIPS = {"jacks_front_studio_unknown550_trim.mp4": "jumping_jack", "plank_side_kratika.mp4": "plank"}
HAIR_S = 1e-5
"""A browser's times are in milliseconds since 1970: the rounding error in seconds."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    try:
        weights_of(engine(ENGINE))
    except BackendUnavailable as exc:
        pytest.skip(str(exc))
    folder = tmp_path_factory.mktemp("data")
    with serving(folder, folder / "none", "--backend", ENGINE, "--workers", "1") as running:
        yield running


@pytest.fixture(scope="module")
def store(server):
    store = open_store(f"sqlite:///{server.log.parent / 'posecoach.db'}")
    yield store
    store.close()


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> Path:
    """A video of a drawn person who squats three times."""
    path = tmp_path_factory.mktemp("films") / "drawn.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 20.0, (640, 480))
    for picture in 3 * mannequin.squatting(30):
        writer.write(picture[:, :, ::-1])
    writer.release()
    return path


def uploaded(server, store: Store, video: Path, exercise: str) -> Summary:
    me = Visitor(server)
    told = me.ended(me.send(video, exercise)["url"])
    return store.workout(told["url"].rpartition("/")[2]).summary


def live(server, store: Store, video: Path, exercise: str, start_s: float) -> Summary:
    """Send each picture as a browser does, the next one when its pose is back."""
    browser = Browser(server.url)
    workout = browser.start(exercise)["workout"]
    browser.say("go", {})
    for seq, (t_s, picture) in enumerate(read_video(video, LIVE_FPS)):
        browser.say("frame", seq, (start_s + t_s) * 1000, as_sent(picture))
        browser.expect("pose")
    browser.say("stop", {})
    browser.expect("summary")
    browser.close()
    return until(lambda: store.workout(workout).summary)


def assert_same(one: Summary, other: Summary) -> None:
    assert (one.exercise, one.kind, one.count, dict(one.cues)) == (other.exercise, other.kind, other.count, other.cues)
    assert one.duration_s == pytest.approx(other.duration_s, abs=HAIR_S)
    assert one.held_s == pytest.approx(other.held_s, abs=HAIR_S)
    assert len(one.reps) == len(other.reps)
    for rep, same in zip(one.reps, other.reps, strict=True):
        assert (rep.number, rep.faults, rep.reason) == (same.number, same.faults, same.reason)
        assert (rep.start_s, rep.end_s) == pytest.approx((same.start_s, same.end_s), abs=HAIR_S)
        assert (rep.depth, rep.rom_deg) == pytest.approx((same.depth, same.rom_deg), abs=1e-3)


@pytest.mark.parametrize(("clip", "exercise"), CLIPS.items())
def test_a_clip_gives_the_same_figures_uploaded_as_live(server, store, shared, clip, exercise):
    video = shared / "data" / "clips" / clip
    recorded = uploaded(server, store, video, exercise)
    assert recorded.count or recorded.held_s
    assert_same(recorded, live(server, store, video, exercise, recorded.start_s))


def test_a_drawn_person_gives_the_same_figures_uploaded_as_live(server, store, drawn):
    recorded = uploaded(server, store, drawn, "squat")
    assert recorded.reps
    assert_same(recorded, live(server, store, drawn, "squat", recorded.start_s))
