"""Several engines in one worker: each stream has its own, and they do not disturb each other."""

import os
import queue
import signal

import crashing
import numpy as np
import pytest
from figure import squats
from server import JPEG, PATIENCE_S, until

from webapp.errors import BackendUnavailable
from webapp.evaluation import mannequin
from webapp.pose import picture, remote
from webapp.pose.backends import open_backend
from webapp.pose.choice import EngineChoice
from webapp.pose.pool import PosePool
from webapp.records import Frame


class Person:
    """One stream on an engine, and what came back for it."""

    def __init__(self, pool, engine=""):
        self.pool = pool
        self.answers = queue.Queue()
        self.name = pool.open(self.answers.put, lambda seq, error: self.answers.put((seq, error)), engine)

    def send(self, seq, jpeg=JPEG):
        self.pool.submit(Frame(self.name, seq, seq / 15, jpeg))

    def next(self):
        return self.answers.get(timeout=PATIENCE_S)


@pytest.fixture
def one_worker():
    started = []

    def start(choice, streams=8):
        pool = PosePool(choice, workers=1, streams_per_worker=streams)
        started.append(pool)
        pool.start()
        return pool

    yield start
    for pool in started:
        pool.stop()


def alone(engine, jpegs):
    backend = open_backend(engine)
    stream = backend.open()
    poses = [stream.estimate(picture.decode(jpeg), seq / 15) for seq, jpeg in enumerate(jpegs)]
    stream.close()
    backend.close()
    return poses


def test_two_engines_in_one_worker_see_each_what_they_see_alone(one_worker):
    jpegs = [picture.encode(rgb) for rgb in mannequin.squatting()[:12]]
    pool = one_worker(EngineChoice("blazepose-full"))
    people = {"blazepose-full": Person(pool), "blazepose-lite": Person(pool, "blazepose-lite")}
    seen = {name: [] for name in people}
    for seq, jpeg in enumerate(jpegs):
        for person in people.values():
            person.send(seq, jpeg)
        for name, person in people.items():
            seen[name].append(person.next().pose)
    for name in people:
        for pose, expected in zip(seen[name], alone(name, jpegs), strict=True):
            np.testing.assert_allclose(pose.image, expected.image, atol=1e-4)
    assert not np.allclose(seen["blazepose-full"][-1].image, seen["blazepose-lite"][-1].image, atol=1e-4)


def test_an_engine_that_cannot_be_opened_is_reported_to_its_stream_only(one_worker):
    pool = one_worker(EngineChoice("null"))
    first, second = Person(pool), Person(pool, "replay")
    seq, error = second.next()
    assert seq is None
    assert isinstance(error, BackendUnavailable)
    assert "--series" in str(error)
    second.send(0)
    first.send(0)
    assert first.next().seq == 0
    assert second.answers.empty()


def test_other_streams_go_on_while_an_engine_is_opened(one_worker):
    pool = one_worker(EngineChoice("null"))
    quick = Person(pool)
    quick.send(0)
    quick.next()
    slow = Person(pool, "blazepose-full")
    slow.send(0, picture.encode(mannequin.squatting()[0]))
    answered = 0
    while slow.answers.empty():
        answered += 1
        quick.send(answered)
        assert quick.next().seq == answered
    assert slow.next().pose is not None
    assert answered > 20


def test_an_engine_whose_opening_kills_the_worker_is_given_up_and_the_others_live_on(one_worker, monkeypatch):
    monkeypatch.setattr(remote, "_work", crashing.work_and_die_opening)
    pool = one_worker(EngineChoice("null"))
    first, deadly = Person(pool), Person(pool, "replay")
    seq, error = deadly.next()
    assert seq is None
    assert isinstance(error, BackendUnavailable)
    assert "replay crashed when it was opened" in str(error)
    first.send(0)
    assert first.next().seq == 0


def test_a_new_worker_opens_each_stream_with_its_engine(one_worker, tmp_path):
    pool = one_worker(EngineChoice("null", series=squats(tmp_path / "squats.npz")))
    fixed, played = Person(pool), Person(pool, "replay")
    before = []
    for person in (fixed, played):
        person.send(0)
        before.append(person.next().pose.image.tobytes())
    pid = pool.status()[0]["pid"]
    os.kill(pid, signal.SIGKILL)
    for number, person in enumerate((fixed, played)):
        person.send(1)
        assert person.next().pose.image.tobytes() == before[number]
    assert pool.status()[0]["pid"] != pid


def test_there_is_room_for_a_few_engines_and_their_streams(one_worker):
    pool = one_worker(EngineChoice("null"), streams=5)
    people = [Person(pool, name) for name in ("", "blazepose-lite", "blazepose-full", "blazepose-lite")]
    with pytest.raises(BackendUnavailable, match="choose null"):
        Person(pool, "openpose")
    for person in people[1:]:
        pool.close(person.name)
    Person(pool, "openpose")


def test_an_engine_that_does_not_look_gets_no_picture_decoded(one_worker):
    cut_off = JPEG[: len(JPEG) // 2]  # its header is whole
    pool = one_worker(EngineChoice("null"))
    person = Person(pool)
    person.send(0, cut_off)
    estimate = person.next()
    assert estimate.seq == 0
    assert estimate.pose.aspect == pytest.approx(64 / 48)


def test_a_worker_that_hangs_while_it_opens_an_engine_is_replaced(one_worker, monkeypatch):
    monkeypatch.setattr(remote, "HANGS_S", 2.0)  # how often it is looked at comes from this
    pool = one_worker(EngineChoice("null"))
    first = Person(pool)
    first.send(0)
    first.next()
    hung = pool.status()[0]["pid"]
    os.kill(hung, signal.SIGSTOP)
    monkeypatch.setattr(remote, "OPENS_S", 1.0)
    person = Person(pool, "null")
    person.send(0)
    until(lambda: pool.status()[0]["pid"] != hung)
    monkeypatch.undo()  # the next one has its time to start
    assert person.next().seq == 0
