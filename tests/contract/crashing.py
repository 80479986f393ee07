"""Workers that die on every frame, or when they open an engine."""

import os

from webapp.pose import codec
from webapp.pose.codec import Kind
from webapp.pose.pipe import MessagePipe
from webapp.records import Estimate


def work(end, engine):
    del engine
    pipe = MessagePipe(end)
    pipe.send(codec.bare(Kind.READY))
    while (job := codec.job(pipe.receive()))[0] is not Kind.FRAME:
        pipe.send(codec.bare(Kind.OPENED, job[1].stream))
    os._exit(1)


def work_and_die_opening(end, engine):
    """Open streams of the first engine, and die on any other."""
    pipe = MessagePipe(end)
    pipe.send(codec.bare(Kind.READY))
    while True:
        data = pipe.receive()
        kind, frame = codec.job(data)
        if kind is Kind.STOP:
            return
        if kind is Kind.OPEN and codec.engine_of(data) != engine.backend:
            os._exit(1)
        if kind is Kind.OPEN:
            pipe.send(codec.bare(Kind.OPENED, frame.stream))
        elif kind is Kind.FRAME:
            pipe.send(codec.of_estimate(frame.stream, Estimate(frame.seq, frame.t_s, None)))
