"""Workers that die on every frame, or when they open an engine."""

import os

from webapp.pose import parcel
from webapp.pose.line import Line
from webapp.pose.parcel import Kind
from webapp.records import Estimate


def work(end, engine):
    del engine
    line = Line(end)
    line.send(parcel.bare(Kind.READY))
    while (job := parcel.job(line.receive()))[0] is not Kind.FRAME:
        line.send(parcel.bare(Kind.OPENED, job[1].stream))
    os._exit(1)


def work_and_die_opening(end, engine):
    """Open streams of the first engine, and die on any other."""
    line = Line(end)
    line.send(parcel.bare(Kind.READY))
    while True:
        data = line.receive()
        kind, frame = parcel.job(data)
        if kind is Kind.STOP:
            return
        if kind is Kind.OPEN and parcel.engine_of(data) != engine.backend:
            os._exit(1)
        if kind is Kind.OPEN:
            line.send(parcel.bare(Kind.OPENED, frame.stream))
        elif kind is Kind.FRAME:
            line.send(parcel.of_estimate(frame.stream, Estimate(frame.seq, frame.t_s, None)))
