"""What the process that looks at a video tells the web process, as bytes; pure. See `webapp.pose.parcel` for why."""

import struct
from dataclasses import dataclass

from webapp.errors import AppError
from webapp.pose import parcel
from webapp.pose.parcel import Kind
from webapp.records import Estimate

_PROGRESS = struct.Struct("<dd")


@dataclass(frozen=True, slots=True)
class Progress:
    """How much was looked at, and how long the video is; 0 where it does not say."""

    seen_s: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Found:
    """The exercise that the estimates after this are of."""

    exercise: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the landmark series."""

    data: bytes


Told = Progress | Found | Estimate | Part | AppError | None
"""None: there is nothing more."""


def of(told: Told) -> bytes:
    """Return the bytes of it."""
    match told:
        case Progress():
            return b"p" + _PROGRESS.pack(told.seen_s, told.length_s)
        case Found():
            return b"x" + told.exercise.encode()
        case Estimate():
            return b"e" + parcel.of_estimate("0", told)
        case Part():
            return b"s" + told.data
        case AppError():
            return b"f" + parcel.of_error(Kind.FAILED, told)
    return b"."


def read(data: bytes) -> Told:
    """Read what `of` wrote."""
    tag, rest = data[:1], data[1:]
    match tag:
        case b"p":
            return Progress(*_PROGRESS.unpack(rest))
        case b"x":
            return Found(rest.decode())
        case b"e":
            return parcel.answer(rest).estimate
        case b"s":
            return Part(rest)
        case b"f":
            return parcel.answer(rest).error
    return None
