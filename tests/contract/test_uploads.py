"""A recorded video on a real server: analysed in a separate process, stored as a workout, and never left behind."""

import signal
import socket
import time
from contextlib import contextmanager

import cv2
import numpy as np
import pytest
from figure import squats
from server import serving, until
from visitor import LOOKED_AT_WITHIN_S, Visitor

from webapp.store import open_store

PICTURES_HZ = 10


def film(path, seconds: float, size=(64, 48), codec="mp4v"):
    """Write an empty video; the replay engine returns its recording for any picture."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), PICTURES_HZ, size)
    for number in range(round(seconds * PICTURES_HZ)):
        writer.write(np.full((size[1], size[0], 3), number % 200, np.uint8))
    writer.release()
    return path


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="module")
def short(films):
    return film(films / "short.mp4", 6)


@pytest.fixture(scope="module")
def long(films):
    """A video that takes long to analyse, because the test ends it meanwhile."""
    return film(films / "long.mp4", 850, (320, 240))


@pytest.fixture(scope="module")
def series(films):
    return squats(films / "squats.npz", 900)


@pytest.fixture(scope="module")
def server(tmp_path_factory, series):
    with serving(tmp_path_factory.mktemp("data"), series, "--workers", "1") as running:
        yield running


def left(server, upload: str = "*") -> list[str]:
    """Return the names of an upload's files on disk, or of all uploads'."""
    return [path.name for path in (server.log.parent / "uploads").glob(f"{upload.rpartition('/')[2]}/*")]


def looked_at(visitor: Visitor, upload: str) -> None:
    until(lambda: (told := visitor.status(upload))["state"] == "looking" and told["seen_s"] > 0, LOOKED_AT_WITHIN_S)


def test_an_uploaded_video_becomes_a_workout_and_is_deleted(server, short):
    me = Visitor(server)
    upload = me.send(short)["url"]
    told = me.ended(upload)
    assert told["state"] == "done"
    assert left(server, upload) == []
    status, page = me.get(told["url"])
    assert (status, "holiday" in page) == (200, False)
    assert Visitor(server).get(told["url"])[0] == 404
    assert told["url"] in me.get("/workouts")[1]

    store = open_store(f"sqlite:///{server.log.parent / 'posecoach.db'}")
    kept = store.workout(told["url"].rpartition("/")[2])
    assert (kept.exercise, kept.summary.count, kept.summary.duration_s) == ("squat", 4, pytest.approx(5.9))
    assert [event.number for event in store.events(kept.id) if hasattr(event, "depth")] == [1, 2, 3, 4]
    assert store.series(kept.id)
    assert abs(kept.started_at_s - time.time()) < 600, "the file does not say when it was recorded"
    store.close()


def test_the_exercise_is_detected(server, short):
    me = Visitor(server)
    assert 'data-testid="summary-count">4<' in me.get(me.ended(me.send(short, "auto")["url"])["url"])[1]


def test_an_unrecognised_exercise_is_reported_and_not_stored(server, films):
    me = Visitor(server)
    told = me.ended(me.send(film(films / "moment.mp4", 0.2), "auto")["url"])
    assert told["state"] == "failed"
    assert told["said"].startswith("No exercise was recognised.")
    assert "video" not in left(server)
    assert me.get("/workouts")[1].count("/workouts/") == 0


def test_a_video_that_was_cut_off_is_not_counted_as_if_it_were_whole(server, films):
    whole = film(films / "whole.avi", 20, codec="MJPG")
    me = Visitor(server)
    told = me.ended(me.send(whole.read_bytes()[: whole.stat().st_size // 2])["url"])
    assert (told["state"], "damaged: only 9 of 20 s" in told["said"]) == ("failed", True), told["said"]
    assert me.get("/workouts")[1].count("/workouts/") == 0


@pytest.mark.parametrize("content", [b"no video", b"ffconcat version 1.0\nfile video\n", bytes(5000)])
def test_an_invalid_video_is_reported_and_not_stored(server, content):
    me = Visitor(server)
    told = me.ended(me.send(content)["url"])
    assert (told["state"], "cannot be read as a video" in told["said"]) == ("failed", True)
    assert "video" not in left(server)
    assert me.get("/workouts")[1].count("/workouts/") == 0


def test_a_video_that_is_too_long_or_too_large_is_reported(server, films):
    me = Visitor(server)
    for odd, why in ((film(films / "hours.mp4", 901), "longer than 15 minutes"), (wide(films), "too large")):
        told = me.ended(me.send(odd)["url"])
        assert (told["state"], why in told["said"]) == ("failed", True)
    assert "video" not in left(server)


def wide(films):
    """A video with larger pictures than any phone records."""
    return film(films / "wide.avi", 0.1, (8192, 4096), "MJPG")


def test_one_video_at_a_time_and_the_next_waits_its_turn(server, long, short):
    me, other = Visitor(server), Visitor(server)
    mine = me.send(long)["url"]
    theirs = other.send(short)["url"]
    assert "cancel" in me.send(short)["message"]
    assert other.status(theirs)["place"] == 1
    assert other.get(mine)[0] == other.get(f"{mine}/status.json")[0] == 404
    other_form = other.post(f"{mine}/cancel")
    assert other_form[0] == 200
    assert me.status(mine)["state"] in ("waiting", "looking"), "another person cancels nothing of mine"
    me.post(f"{mine}/cancel")
    assert me.status(mine)["state"] == "gone"
    assert other.ended(theirs)["state"] == "done"
    assert me.get("/workouts")[1].count("/workouts/") == 0


def test_deleting_everything_ends_a_running_analysis(server, long):
    me = Visitor(server)
    upload = me.send(long)["url"]
    looked_at(me, upload)
    me.post("/data/delete")
    assert me.status(upload)["state"] == "gone"
    assert left(server, upload) == []
    until(lambda: children(server) == 1)


def children(server) -> int:
    """Return how many processes the server has started and not ended, without Python's resource tracker."""
    with open(f"/proc/{server.process.pid}/task/{server.process.pid}/children") as pids:  # noqa: PTH123 - no true file
        lines = [open(f"/proc/{pid}/cmdline").read() for pid in pids.read().split()]  # noqa: PTH123, SIM115 - see above
    return sum("spawn_main" in line for line in lines)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_that_ends_meanwhile_leaves_no_video_and_no_half_workout(tmp_path, series, long, end):
    with serving(tmp_path, series, "--workers", "1") as server:
        me = Visitor(server)
        upload = me.send(long)["url"]
        looked_at(me, upload)
        server.end(end)
        assert ("video" in left(server)) == (end is signal.SIGKILL)
    with serving(tmp_path, series, "--workers", "1") as again:
        assert left(again) == []
        me.server = again
        told = me.status(upload)
        assert (told["state"], "restarted" in told["said"]) == ("gone", True)
        assert me.get(upload)[0] == 404
        assert me.get("/workouts")[1].count("/workouts/") == 0
        assert "url" in me.send(b"another one"), "the lost one is in nobody's way"


@contextmanager
def half_sent(server, content: bytes):
    """A connection on which a video upload has begun and stalls."""
    me = Visitor(server)
    host = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host[0], int(host[1]))) as line:
        head = f"POST /upload HTTP/1.1\r\nHost: {':'.join(host)}\r\nCookie: {me.cookie}\r\nContent-Length: 1000000\r\n"
        line.sendall(f"{head}Content-Type: multipart/form-data; boundary=b\r\n\r\n".encode())
        fields = f'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n{me.token}\r\n'
        fields += '--b\r\nContent-Disposition: form-data; name="exercise"\r\n\r\nsquat\r\n'
        fields += '--b\r\nContent-Disposition: form-data; name="video"; filename="a.mp4"\r\n\r\n'
        line.sendall(fields.encode() + content)
        yield line


def test_a_video_that_is_broken_off_leaves_nothing(server):
    with half_sent(server, bytes(200_000)):
        until(lambda: "video" in left(server))
    until(lambda: "video" not in left(server))


def test_a_video_that_trickles_is_taken_byte_by_byte(server):
    with half_sent(server, b"") as line:
        until(lambda: "video" in left(server))
        for number in range(1, 4):
            line.sendall(b"a")
            until(lambda number=number: came_bytes(server) == number)
    until(lambda: "video" not in left(server))


def came_bytes(server) -> int:
    return sum(video.stat().st_size for video in (server.log.parent / "uploads").glob("*/video"))


def test_a_large_video_is_never_in_memory(server):
    me = Visitor(server)
    me.ended(me.send(bytes(1000))["url"])
    before = server.memory_bytes()
    assert me.ended(me.send(bytes(150_000_000))["url"])["state"] == "failed"
    assert server.peak_memory_bytes() - before < 40e6


def test_any_process_of_a_server_tells_how_far_it_is(tmp_path, series, short):
    with serving(tmp_path, series, "--workers", "2", "--processes", "2") as server:
        me = Visitor(server)
        upload = me.send(short)["url"]
        states = {me.status(upload)["state"] for _ in range(20)}
        assert states <= {"waiting", "looking", "keeping", "done"}
        assert me.ended(upload)["state"] == "done"
