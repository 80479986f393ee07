"""Wire protocol, version 1: parses what a browser sends, and turns records into what it receives. Pure.

`docs/architecture.md` lists the messages. Anything invalid raises a `ClientError` that says what was wrong. Keys end in
units, as in the records. JSON has no NaN, so it becomes null.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from webapp import jpeg as jpeg_header
from webapp.energy import WEIGHTS_KG
from webapp.errors import AppError, BadMessage, FrameTooLarge
from webapp.motion.exercise import Exercise
from webapp.records import (
    TARGET_AMOUNT,
    TARGET_REST_S,
    TARGET_SETS,
    Cue,
    Estimate,
    Event,
    Hold,
    Rep,
    Set,
    Setup,
    Summary,
    Target,
)
from webapp.skeleton import EDGES, JOINTS, SIDES

VERSION = 1
IN_FLIGHT = 2
LATEST_MS = 1e14  # the year 5138; anything later cannot be milliseconds
LARGEST_SEQ = 2**53 - 1  # a JavaScript number is exact up to here

NAMES: Mapping[type, str] = {
    Rep: "rep",
    Hold: "hold",
    Set: "set",
    Cue: "cue",
    Setup: "setup",
    Summary: "summary",
}
_DERIVED: Mapping[type, tuple[str, ...]] = {Rep: ("counted",), Setup: ("ready",), Summary: ("count", "held_s")}
_END_OF_IMAGE = b"\xff\xd9"
_LITTLE = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class Start:
    """A browser's request to begin an exercise, or to resume the workout whose secret it has.

    engine: the chosen pose engine; empty for the server's default.
    target: of each set; None for none, or to leave the current one.
    clears_target: whether to remove the current target.
    body_kg: the person's weight; None if not given.
    """

    exercise: str
    resume: str = ""
    engine: str = ""
    target: Target | None = None
    body_kg: float | None = None
    clears_target: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A `frame` as received, without its stream."""

    seq: int
    t_s: float
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """Largest size of a frame, in bytes and pixels."""

    frame_bytes: int
    frame_pixels: int


def parse_start(arguments: Sequence[object]) -> Start:
    """Parse a `start`."""
    if len(arguments) != 1 or not isinstance(arguments[0], dict):
        raise BadMessage("start takes one object: {v, exercise, resume?, engine?, target?, body_kg?}.")
    message = arguments[0]
    if message.get("v") != VERSION:
        raise BadMessage(f"This server speaks version {VERSION} of the wire protocol; reload the page.")
    exercise, resume, engine = message.get("exercise"), message.get("resume") or "", message.get("engine") or ""
    if not (isinstance(exercise, str) and isinstance(resume, str) and isinstance(engine, str)):
        raise BadMessage("In start, exercise, resume and engine are text.")
    body_kg = message.get("body_kg")
    return Start(
        exercise,
        resume,
        engine,
        _target(message.get("target")),
        None if body_kg is None else _number(body_kg, WEIGHTS_KG, "In start, body_kg is"),
        clears_target="target" in message and message["target"] is None,
    )


def _target(message: object) -> Target | None:
    if message is None:
        return None
    if not isinstance(message, dict):
        raise BadMessage("In start, target is an object: {amount, rest_s?, sets?}.")
    sets = message.get("sets")
    if sets is not None and not (type(sets) is int and TARGET_SETS[0] <= sets <= TARGET_SETS[1]):
        raise BadMessage(f"A target's sets is a whole number from {TARGET_SETS[0]} to {TARGET_SETS[1]}.")
    amount = _number(message.get("amount"), TARGET_AMOUNT, "A target's amount, repetitions or seconds, is")
    target = Target(amount, sets=sets)
    if "rest_s" not in message:
        return target
    return replace(target, rest_s=_number(message["rest_s"], TARGET_REST_S, "A target's rest_s is"))


def _number(value: object, within: tuple[int, int], what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not within[0] <= value <= within[1]:
        raise BadMessage(f"{what} a number from {within[0]} to {within[1]}.")
    return float(value)


def parse_frame(arguments: Sequence[object], limits: Limits) -> Picture:
    """Parse a `frame`. The JPEG's header is checked, but the picture is not decoded."""
    if len(arguments) != 3:
        raise BadMessage("frame takes seq, t_ms and the JPEG's bytes.")
    seq, (_, t_ms, jpeg) = frame_number(arguments), arguments
    if seq is None:
        raise BadMessage("A frame's seq is a whole number, 0 or more.")
    if isinstance(t_ms, bool) or not isinstance(t_ms, int | float) or not 0 <= t_ms < LATEST_MS:
        raise BadMessage("A frame's t_ms is its capture time in milliseconds since 1970.")
    if not isinstance(jpeg, bytes):
        raise BadMessage("A frame's picture is the bytes of a JPEG, not text.")
    check_picture(jpeg, limits)
    return Picture(seq, t_ms / 1000, jpeg)


def frame_number(arguments: Sequence[object]) -> int | None:
    """Return the number of a `frame`, even if the rest of it is invalid."""
    seq = arguments[0] if arguments else None
    return seq if type(seq) is int and 0 <= seq <= LARGEST_SEQ else None


def check_picture(jpeg: bytes, limits: Limits) -> None:
    """Refuse a picture that is too large, no baseline JPEG or cut off; its scans are counted in the worker."""
    if len(jpeg) > limits.frame_bytes:
        raise FrameTooLarge(f"The frame has more than {limits.frame_bytes} bytes.")
    jpeg_header.check_header(jpeg, limits.frame_pixels)
    if not jpeg.endswith(_END_OF_IMAGE):
        raise BadMessage("The frame's JPEG is cut off.")


def pose(estimate: Estimate, progress: float | None) -> tuple[int, bytes | None, float | None]:
    """Return the arguments of `pose`."""
    seen = estimate.pose
    joints = None if seen is None else seen.image.astype(_LITTLE, copy=False).tobytes()
    return estimate.seq, joints, progress if progress is not None and math.isfinite(progress) else None


def record(event: Event | Summary) -> tuple[str, dict[str, Any]]:
    """Return a record's event name and flat object."""
    return NAMES[type(event)], plain(event)


def error(problem: AppError, seq: int | None = None) -> dict[str, Any]:
    """Return the object of `error`; with `seq` it acknowledges every frame up to it."""
    message = {"code": problem.code, "message": problem.public_message}
    return message if seq is None else message | {"seq": seq}


def exercise(one: Exercise) -> dict[str, Any]:
    """Return an exercise as the page receives it."""
    return {
        "name": one.name,
        "title": one.title,
        "kind": one.kind,
        "group": one.group,
        "view": one.view,
        "about": one.about,
        "target_s": one.hold.target_s if one.hold else None,
        "joints": list(one.joints),
        "poses": {pose.name: pose.title for pose in one.poses},
    }


def skeleton() -> dict[str, Any]:
    """Return the joints' names, the edges between them, and the side of each joint."""
    return {"joints": list(JOINTS), "edges": [list(edge) for edge in EDGES], "sides": list(SIDES)}


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON's own type is any of these
    """Convert a record to JSON's types."""
    if is_dataclass(value):
        names = [one.name for one in fields(value)] + list(_DERIVED.get(type(value), ()))
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return value
