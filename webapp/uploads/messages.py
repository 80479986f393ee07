"""Messages from the video worker to the web process, as bytes. Pure. See `webapp.pose.codec` for why not pickle."""

import struct
from dataclasses import dataclass

from webapp.errors import AppError
from webapp.pose import codec
from webapp.pose.codec import Kind
from webapp.records import Estimate

_PROGRESS = struct.Struct("<dd")


@dataclass(frozen=True, slots=True)
class Progress:
    """Seconds analysed so far, and the video's length in seconds; 0 if the file does not give it."""

    seen_s: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """The exercise that the following estimates belong to: the one asked for, or the one detected."""

    exercise: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the landmark series, packed by `webapp.parts`."""

    data: bytes


Message = Progress | Chosen | Estimate | Part | AppError | None
"""None ends the messages."""


def encode(message: Message) -> bytes:
    """Return a message as bytes."""
    match message:
        case Progress():
            return b"p" + _PROGRESS.pack(message.seen_s, message.length_s)
        case Chosen():
            return b"x" + message.exercise.encode()
        case Estimate():
            return b"e" + codec.of_estimate("0", message)
        case Part():
            return b"s" + message.data
        case AppError():
            return b"f" + codec.of_error(Kind.FAILED, message)
    return b"."


def decode(data: bytes) -> Message:
    """Return the message that `encode` turned into these bytes."""
    tag, rest = data[:1], data[1:]
    match tag:
        case b"p":
            return Progress(*_PROGRESS.unpack(rest))
        case b"x":
            return Chosen(rest.decode())
        case b"e":
            return codec.answer(rest).estimate
        case b"s":
            return Part(rest)
        case b"f":
            return codec.answer(rest).error
    return None
