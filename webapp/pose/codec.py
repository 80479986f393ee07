"""Messages between the web process and a worker, as bytes. Pure.

Fixed little-endian fields instead of pickle: a pose is 924 bytes, costs a few microseconds, and reading it executes no
code. A job is `head, JPEG`; an answer is `head, rest`, where the rest depends on the kind.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from webapp.errors import AppError, PoseError
from webapp.records import JOINT_COUNT, Estimate, Frame, Pose

_HEAD = struct.Struct("<BIqd")  # kind, stream, seq, t_s
_SEEN = struct.Struct("<ddi?")  # infer_ms, aspect, others, whether a pose follows
_IMAGE_AT = _HEAD.size + _SEEN.size
_LITTLE = np.dtype("<f4")


class Kind(IntEnum):
    """The kind of a message."""

    OPEN = 1
    CLOSE = 2
    FRAME = 3
    STOP = 4
    READY = 5
    ESTIMATE = 6
    FAILED = 7
    UNAVAILABLE = 8
    OPENED = 9
    NOT_OPENED = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """A worker's answer: that it or a stream is ready or cannot be opened, an estimate, or a frame's error."""

    kind: Kind
    stream: str
    seq: int
    estimate: Estimate | None = None
    error: AppError | None = None


def bare(kind: Kind, stream: str = "0") -> bytes:
    """Return a message that consists of its kind and, for some kinds, a stream."""
    return _HEAD.pack(kind, int(stream), 0, 0.0)


def of_stream(stream: str, engine: str) -> bytes:
    """Return the job to open a stream."""
    return bare(Kind.OPEN, stream) + engine.encode()


def of_frame(frame: Frame) -> tuple[bytes, bytes]:
    """Return the job to process a frame, in two parts to save copying them together."""
    return _HEAD.pack(Kind.FRAME, int(frame.stream), frame.seq, frame.t_s), frame.jpeg


def of_estimate(stream: str, estimate: Estimate) -> bytes:
    """Return the answer to a frame."""
    pose = estimate.pose
    head = _HEAD.pack(Kind.ESTIMATE, int(stream), estimate.seq, estimate.t_s)
    seen = _SEEN.pack(estimate.infer_ms, pose.aspect if pose else 1.0, estimate.others, pose is not None)
    if pose is None:
        return head + seen
    return b"".join((head, seen, pose.image.astype(_LITTLE).tobytes(), pose.world.astype(_LITTLE).tobytes()))


def of_error(kind: Kind, error: AppError, stream: str = "0", seq: int = 0) -> bytes:
    """Return the answer that a frame, opening a stream, or the whole worker failed."""
    return _HEAD.pack(kind, int(stream), seq, 0.0) + f"{error.code}\n{error}".encode()


def job(data: bytes) -> tuple[Kind, Frame]:
    """Parse the output of `bare`, `of_stream` or `of_frame`; the frame has only the fields of that kind."""
    kind, stream, seq, t_s = _HEAD.unpack_from(data)
    return Kind(kind), Frame(str(stream), seq, t_s, data[_HEAD.size :])


def engine_of(data: bytes) -> str:
    """Parse the engine's name from the output of `of_stream`."""
    return data[_HEAD.size :].decode()


def answer(data: bytes) -> Answer:
    """Parse the output of `bare`, `of_estimate` or `of_error`."""
    number, stream, seq, t_s = _HEAD.unpack_from(data)
    kind = Kind(number)
    if kind is Kind.ESTIMATE:
        return Answer(kind, str(stream), seq, estimate=_estimate(data, seq, t_s))
    if kind in (Kind.FAILED, Kind.UNAVAILABLE, Kind.NOT_OPENED):
        return Answer(kind, str(stream), seq, error=_error(data[_HEAD.size :].decode()))
    return Answer(kind, str(stream), seq)


def _estimate(data: bytes, seq: int, t_s: float) -> Estimate:
    infer_ms, aspect, others, seen = _SEEN.unpack_from(data, _HEAD.size)
    if not seen:
        return Estimate(seq, t_s, None, infer_ms, others)
    image = np.ndarray((JOINT_COUNT, 4), _LITTLE, data, _IMAGE_AT)
    world = np.ndarray((JOINT_COUNT, 3), _LITTLE, data, _IMAGE_AT + image.nbytes)
    pose = Pose(image, world, aspect)
    return Estimate(seq, t_s, pose, infer_ms, others)


def _error(text: str) -> AppError:
    code, _, message = text.partition("\n")
    return _BY_CODE.get(code, PoseError)(message)


def _tree(root: type[AppError]) -> list[type[AppError]]:
    return [root, *(leaf for branch in root.__subclasses__() for leaf in _tree(branch))]


_BY_CODE = {kind.code: kind for kind in _tree(AppError) if "code" in vars(kind)}
"""The errors by the code that they define; a subclass that inherits its code arrives as the class it has it from."""
