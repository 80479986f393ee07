"""The pool with real worker processes, on threads and under eventlet."""

import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path

import crashing
import pytest
from server import JPEG, PATIENCE_S, until

from webapp.errors import BackendUnavailable, BadMessage, PoolFull, WorkerLost
from webapp.pose import remote
from webapp.pose.choice import EngineChoice
from webapp.pose.pool import PosePool
from webapp.records import Frame
from webapp.series import Series


@pytest.fixture
def pool(series):
    made = PosePool(EngineChoice("replay", series=series), workers=2, streams_per_worker=2)
    made.start()
    yield made
    made.stop()


class Person:
    """One stream, and what came back for it."""

    def __init__(self, pool):
        self.pool = pool
        self.answers = queue.Queue()
        self.name = pool.open(self.answers.put, lambda seq, error: self.answers.put((seq, error)))

    def send(self, seq, jpeg=JPEG):
        self.pool.submit(Frame(self.name, seq, 100 + seq / 15, jpeg))

    def next(self):
        return self.answers.get(timeout=PATIENCE_S)


def test_a_frame_comes_back_as_the_engines_estimate(pool, series):
    person = Person(pool)
    person.send(0)
    estimate = person.next()
    assert (estimate.seq, estimate.t_s) == (0, 100.0)
    assert estimate.infer_ms > 0
    recorded = Series.load(series).pose_at(0.0)
    assert estimate.pose.image.tobytes() == recorded.image.tobytes()
    assert estimate.pose.world.tobytes() == recorded.world.tobytes()


def test_streams_are_shared_out_and_each_gets_its_own_answers(pool):
    people = [Person(pool) for _ in range(4)]
    assert [worker["streams"] for worker in pool.status()] == [2, 2]
    for seq in range(5):
        for number, person in enumerate(people):
            person.send(seq + 1000 * number)
        assert [person.next().seq for person in people] == [seq + 1000 * number for number in range(4)]
    assert all(person.answers.empty() for person in people)


def test_a_full_pool_says_so_and_has_room_again_after_a_close(pool):
    people = [Person(pool) for _ in range(4)]
    with pytest.raises(PoolFull):
        Person(pool)
    pool.close(people[2].name)
    pool.close(people[2].name)
    Person(pool).send(0)


def test_a_broken_picture_is_that_frames_error_and_the_next_one_is_estimated(pool):
    person = Person(pool)
    person.send(0, JPEG[:200] + b"\xff\xd9")
    seq, error = person.next()
    assert seq == 0
    assert isinstance(error, BadMessage)
    person.send(1)
    assert person.next().seq == 1


def test_a_picture_of_many_scans_is_refused_before_it_is_decoded(pool):
    person = Person(pool)
    person.send(0, JPEG[:-2] + b"\xff\xda" * 1000 + JPEG[-2:])
    seq, error = person.next()
    assert seq == 0
    assert isinstance(error, BadMessage)
    assert "many scans" in str(error)


def test_submit_never_waits_and_the_newest_frame_wins(pool):
    person = Person(pool)
    person.send(0)
    person.next()
    busy = next(worker["pid"] for worker in pool.status() if worker["streams"])
    os.kill(busy, signal.SIGSTOP)
    for seq in range(1, 50):
        person.send(seq, JPEG + bytes(1_000_000))
    os.kill(busy, signal.SIGCONT)
    answered = [person.next().seq]
    while answered[-1] != 49:
        answered.append(person.next().seq)
    assert len(answered) <= 2  # the one that lay with the worker, if it had come so far, and the newest


def test_a_killed_worker_is_replaced_and_the_frame_it_had_is_answered(pool):
    person = Person(pool)
    person.send(0)
    person.next()
    killed = next(worker["pid"] for worker in pool.status() if worker["streams"])
    os.kill(killed, signal.SIGSTOP)
    person.send(1)
    os.kill(killed, signal.SIGKILL)
    assert person.next().seq == 1
    assert killed not in [worker["pid"] for worker in pool.status()]


def test_a_worker_that_cannot_be_started_is_tried_again(pool, monkeypatch):
    person, refused = Person(pool), []
    person.send(0)
    person.next()

    def refuse_the_first(process, start=remote._spawn.Process.start):
        if not refused:
            refused.append(process)
            raise OSError("no memory")
        start(process)

    monkeypatch.setattr(remote._spawn.Process, "start", refuse_the_first)
    os.kill(next(worker["pid"] for worker in pool.status() if worker["streams"]), signal.SIGKILL)
    person.send(1)
    assert person.next().seq == 1
    assert refused


def test_a_worker_that_hangs_is_replaced_and_one_that_is_idle_is_not(pool, monkeypatch):
    people = [Person(pool), Person(pool)]
    for person in people:
        person.send(0)
        person.next()
    hung, idle = [worker["pid"] for worker in pool.status()]
    monkeypatch.setattr(remote, "HANGS_S", 2.0)
    os.kill(hung, signal.SIGSTOP)
    people[0].send(1)
    assert people[0].next().seq == 1
    after = [worker["pid"] for worker in pool.status()]
    assert after[0] != hung
    assert after[1] == idle


def test_a_worker_that_hangs_is_replaced_even_while_a_frame_is_being_sent_to_it(pool, monkeypatch):
    person = Person(pool)
    person.send(0)
    person.next()
    monkeypatch.setattr(remote, "HANGS_S", 2.0)
    os.kill(pool.status()[0]["pid"], signal.SIGSTOP)
    person.send(1, JPEG + bytes(5_000_000))
    assert person.next().seq == 1


def test_a_worker_whose_answer_should_long_have_come_is_not_ready_until_it_answers(pool, monkeypatch):
    person = Person(pool)
    person.send(0)
    person.next()
    until(lambda: pool.ready)
    monkeypatch.setattr(remote, "LATE_S", 0.2)
    late = pool.status()[0]["pid"]
    os.kill(late, signal.SIGSTOP)
    person.send(1)
    until(lambda: pool.status()[0]["state"] == "late")
    assert not pool.ready
    os.kill(late, signal.SIGCONT)
    assert person.next().seq == 1
    assert pool.ready
    assert pool.status()[0]["pid"] == late


def test_other_workers_streams_do_not_notice_a_killed_one(pool):
    people = [Person(pool), Person(pool)]
    for person in people:
        person.send(0)
        person.next()
    os.kill(pool.status()[0]["pid"], signal.SIGKILL)
    for seq in range(1, 20):
        people[1].send(seq)
        assert people[1].next().seq == seq


def test_a_frame_that_kills_two_workers_is_given_up(monkeypatch):
    monkeypatch.setattr(remote, "_work", crashing.work)
    pool = PosePool(EngineChoice("replay"), workers=1, streams_per_worker=1)
    pool.start()
    try:
        person = Person(pool)
        person.send(7)
        seq, error = person.next()
        assert seq == 7
        assert isinstance(error, WorkerLost)
        assert person.answers.empty()
    finally:
        pool.stop()


def test_an_engine_that_cannot_be_opened_is_reported_and_not_restarted_endlessly(tmp_path):
    told = queue.Queue()
    pool = PosePool(EngineChoice("replay", series=tmp_path / "gone.npz"), 1, 1, told.put)
    pool.start()
    error = told.get(timeout=PATIENCE_S)
    assert isinstance(error, BackendUnavailable)
    assert "gone.npz" in str(error)
    assert not pool.ready
    assert pool.status()[0]["state"] == "unavailable"
    pool.stop()
    assert threading.active_count() < 20


def test_stop_ends_every_process(series):
    pool = PosePool(EngineChoice("replay", series=series), workers=2, streams_per_worker=2)
    pool.start()
    until(lambda: pool.ready)
    workers = [worker["pid"] for worker in pool.status()]
    pool.stop()
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


ALONE = """
import sys, time
from pathlib import Path
from webapp.pose.choice import EngineChoice
from webapp.pose.pool import PosePool
if __name__ == "__main__":
    pool = PosePool(EngineChoice("replay", series=Path(sys.argv[1])), 1, 1)
    pool.start()
    while not pool.ready:
        time.sleep(0.01)
    print(pool.status()[0]["pid"], flush=True)
    time.sleep(60)
"""


def test_a_worker_ends_when_the_web_process_is_killed(series, tmp_path):
    script = tmp_path / "alone.py"
    script.write_text(ALONE)
    with subprocess.Popen([sys.executable, str(script), str(series)], stdout=subprocess.PIPE, text=True) as process:
        worker = int(process.stdout.readline())
        process.kill()
    until(lambda: not _runs(worker))


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


GREEN = """
import warnings; warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
import os, signal, sys
from pathlib import Path
from webapp.pose.choice import EngineChoice
from webapp.pose.pool import PosePool
from webapp.records import Frame
if __name__ == "__main__":
    pool = PosePool(EngineChoice("replay", series=Path(sys.argv[1])), 1, 1)
    pool.start()
    while not pool.ready:
        eventlet.sleep(0.01)
    answers = eventlet.queue.Queue()
    stream = pool.open(answers.put, lambda *_: None)
    worker = pool.status()[0]["pid"]
    jpeg = Path(sys.argv[2]).read_bytes()
    pool.submit(Frame(stream, 0, 0.0, jpeg))
    answers.get()
    os.kill(worker, signal.SIGSTOP)
    for seq in range(1, 4):
        pool.submit(Frame(stream, seq, seq / 15, jpeg + bytes(3_000_000)))
        eventlet.sleep(0.01)
    ticks = sum(1 for _ in range(20) if eventlet.sleep(0.005) is None)
    assert answers.empty()
    os.kill(worker, signal.SIGCONT)
    print(ticks, answers.get().seq, answers.get().seq)
    pool.stop()
"""


def test_under_eventlet_the_hub_goes_on_while_a_worker_is_busy(series, tmp_path):
    (tmp_path / "green.py").write_text(GREEN)
    (tmp_path / "frame.jpg").write_bytes(JPEG)
    command = [sys.executable, str(tmp_path / "green.py"), str(series), str(tmp_path / "frame.jpg")]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    assert run.stdout == "20 1 3\n"
