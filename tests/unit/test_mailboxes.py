from webapp.pose.mailboxes import Mailboxes
from webapp.records import Frame


def frame(stream, seq):
    return Frame(stream, seq, seq / 10, b"")


def boxes(*streams):
    made = Mailboxes()
    for stream in streams:
        made.open(stream, "null")
        made.opened(stream)
    return made


def test_the_newest_frame_of_a_stream_replaces_one_that_waits():
    one = boxes("a")
    one.put(frame("a", 1))
    one.put(frame("a", 2))
    assert one.take() == frame("a", 2)
    assert one.take() is None


def test_a_stream_has_at_most_one_frame_in_the_worker():
    one = boxes("a")
    one.put(frame("a", 1))
    one.take()
    one.put(frame("a", 2))
    assert one.take() is None
    assert one.answered("a")
    assert one.take() == frame("a", 2)


def test_the_worker_has_at_most_two_frames():
    one = boxes("a", "b", "c")
    for stream in "abc":
        one.put(frame(stream, 1))
    assert [one.take(), one.take(), one.take()] == [frame("a", 1), frame("b", 1), None]
    one.answered("a")
    assert one.take() == frame("c", 1)


def test_a_stream_that_floods_gets_its_turn_and_no_more():
    one = boxes("flood", "a", "b")
    served = []
    for seq in range(30):
        for _ in range(20):
            one.put(frame("flood", seq))
        one.put(frame("a", seq))
        one.put(frame("b", seq))
        taken = one.take()
        served.append(taken.stream)
        one.answered(taken.stream)
    assert {stream: served.count(stream) for stream in ("flood", "a", "b")} == {"flood": 10, "a": 10, "b": 10}


def test_a_closed_stream_is_forgotten_with_its_frames():
    one = boxes("a", "b")
    one.put(frame("a", 1))
    one.put(frame("b", 1))
    one.close("a")
    one.put(frame("a", 2))
    assert (one.take(), one.take()) == (frame("b", 1), None)
    assert len(one) == 1


def test_an_answer_for_a_closed_stream_frees_the_worker_and_finds_nobody():
    one = boxes("a", "b", "c")
    for stream in "abc":
        one.put(frame(stream, 1))
    one.take()
    one.take()
    one.close("a")
    assert not one.answered("a")
    assert one.take() == frame("c", 1)


def test_the_frame_that_a_worker_died_on_is_tried_once_more_and_then_given_up():
    one = boxes("a")
    one.put(frame("a", 1))
    one.take()
    assert one.worker_lost() is None
    assert one.take() == frame("a", 1)
    assert one.worker_lost() == frame("a", 1)
    assert one.take() is None


def test_the_frame_that_waited_behind_it_is_not_to_blame():
    one = boxes("a", "b")
    one.put(frame("a", 1))
    one.put(frame("b", 1))
    one.take()
    one.take()
    assert one.worker_lost() is None
    assert one.take() == frame("a", 1)
    assert one.take() == frame("b", 1)
    assert one.worker_lost() == frame("a", 1)
    assert one.take() == frame("b", 1)
    assert one.worker_lost() is None


def test_a_lost_frame_yields_to_a_newer_one():
    one = boxes("a")
    one.put(frame("a", 1))
    one.take()
    one.put(frame("a", 2))
    assert one.worker_lost() is None
    assert one.take() == frame("a", 2)


def test_frames_wait_until_the_worker_has_opened_their_stream():
    one = boxes("a")
    one.open("b", "heavy")
    one.put(frame("b", 1))
    one.put(frame("b", 2))
    one.put(frame("a", 1))
    assert (one.take(), one.take()) == (frame("a", 1), None)
    one.opened("b")
    assert one.take() == frame("b", 2)


def test_the_next_worker_reopens_every_stream_before_it_gets_frames():
    one = boxes("a")
    assert one.not_opened() == ()
    one.put(frame("a", 1))
    assert one.take() is None
    assert one.engines == {"a": "null"}
    one.opened("a")
    assert one.take() == frame("a", 1)


def test_a_stream_that_two_workers_died_opening_is_given_up_alone():
    one = boxes("a")
    one.open("b", "heavy")
    assert one.not_opened() == ()
    one.opened("a")
    assert one.not_opened() == ("b",)
    assert one.engines == {"a": "null"}
