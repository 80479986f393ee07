"""A pipe between two processes, both ends of it here."""

from multiprocessing import Pipe

from webapp.pose.pipe import MessagePipe

LARGE = 3_000_000  # more than any socket holds


def test_posted_messages_arrive_whole_and_in_order_however_small_the_buffer():
    here, there = map(MessagePipe, Pipe())
    posted = [b"small", b"a" * LARGE, b"b" * LARGE, b"last"]
    for message in posted:
        here.post(message[:2], message[2:])  # nobody receives yet: it would wait for ever if it waited
    assert [there.receive() for _ in posted] == posted
    here.post(b"after that")
    assert there.receive() == b"after that"
    here.close()
    there.close()
