"""Workers that die on every frame, or when they open an engine."""

import os

from webapp.pose import parcel
from webapp.pose.parcel import Kind
from webapp.pose.pipe import MessagePipe
from webapp.records import Estimate


def work(end, engine):
    del engine
    pipe = MessagePipe(end)
    pipe.send(parcel.bare(Kind.READY))
    while (job := parcel.job(pipe.receive()))[0] is not Kind.FRAME:
        pipe.send(parcel.bare(Kind.OPENED, job[1].stream))
    os._exit(1)


def work_and_die_opening(end, engine):
    """Open streams of the first engine, and die on any other."""
    pipe = MessagePipe(end)
    pipe.send(parcel.bare(Kind.READY))
    while True:
        data = pipe.receive()
        kind, frame = parcel.job(data)
        if kind is Kind.STOP:
            return
        if kind is Kind.OPEN and parcel.engine_of(data) != engine.backend:
            os._exit(1)
        if kind is Kind.OPEN:
            pipe.send(parcel.bare(Kind.OPENED, frame.stream))
        elif kind is Kind.FRAME:
            pipe.send(parcel.of_estimate(frame.stream, Estimate(frame.seq, frame.t_s, None)))
