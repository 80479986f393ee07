"""A workout's landmarks in parts of five seconds, compact enough to store as they come: at most 4 kB a second.

A part is a header and a zlib stream. Coordinates are stored in whole steps: x and y in 1/2048 of the frame (0.6 px of
1280), z in 1/256 of its width, world points in 2.5 mm; a coordinate is off by half a step at most. Visibility is
rounded down to twentieths, so that a value below such a threshold stays below it. A part that would be too large for
its duration, from a trembling person or a noisy engine, is stored with steps two, four or eight times as wide, and then
with fewer pictures: `LADDER`. The header records which.

Format 1, little-endian: `PC`, format (uint8), width of the steps (uint8), number of pictures (uint16), aspect
(float32), time of the first (float64, seconds). In the stream, for N pictures of which M show somebody: N uint16 of
milliseconds since the picture before; N uint8, 1 where somebody is in view; then 231 channels of M numbers each, the
differences along time of whole steps, with the sign in the lowest bit: first the low bytes of all, then the high ones.
The channels are x, y, z and visibility of all joints, joint by joint (132), and x, y, z of the world points (99).
-32768 stands for NaN.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from webapp.records import JOINT_COUNT, Estimate, FloatArray, Pose

FORMAT = 1
PART_S = 5.0
"""Duration of a part; at most this much is lost when the process is killed."""
MOST_BYTES_PER_S = 4000
LEAST_STEP_S = 0.03
"""Pictures closer together are left out: landmarks at 60 a second show no more than at 30."""
LADDER = ((1, 1), (2, 1), (4, 1), (4, 2), (8, 4), (8, 8))
"""Tried in this order: factor of the step width, and which fraction of the pictures is stored (one of so many)."""

_HEADER = struct.Struct("<2sBBHfd")
_MAGIC = b"PC"
_IMAGE_STEPS = np.array([2048, 2048, 256], np.float32)
_VISIBILITY_STEPS = 20
_STEPS_PER_METRE = 400
_UNKNOWN = -(2**15)
_LEVEL = 6
_NO_PART = "this is not a part of a landmark series"


Unpacked = tuple[npt.NDArray[np.float64], FloatArray, FloatArray, float]
"""t_s (N,), image (N, 33, 4), world (N, 33, 3) as in `Series`, and the aspect."""


class PartWriter:
    """Collects estimates with increasing times into parts."""

    def __init__(self) -> None:
        self._parts: list[list[Estimate]] = []
        self._last_s = self._until_s = -np.inf

    def take(self, estimate: Estimate) -> None:
        """Take one estimate; costs next to nothing."""
        t_s = estimate.t_s
        if t_s - self._last_s < LEAST_STEP_S:
            return
        self._last_s = t_s
        if t_s >= self._until_s:
            self._parts.append([])
            self._until_s = t_s + PART_S
        self._parts[-1].append(estimate)

    def rest(self) -> None:
        """Complete the current part: nothing more comes for a while."""
        self._until_s = -np.inf

    def packed(self) -> Iterator[bytes]:
        """Yield the complete parts, each once."""
        incomplete = 1 if self._until_s > self._last_s else 0
        while len(self._parts) > incomplete:
            yield pack(self._parts.pop(0))


def parts_of(estimates: Iterable[Estimate]) -> Iterator[bytes]:
    """Yield a whole recording with increasing times in parts."""
    writer = PartWriter()
    for estimate in estimates:
        writer.take(estimate)
        yield from writer.packed()
    writer.rest()
    yield from writer.packed()


def pack(estimates: Sequence[Estimate]) -> bytes:
    """Return one part of at most `MOST_BYTES_PER_S`; its times increase and span less than a minute."""
    lasted_s = estimates[-1].t_s - estimates[0].t_s
    most = MOST_BYTES_PER_S * max(1.0, lasted_s)
    for width, nth in LADDER:
        part = _packed(estimates[::nth], width)
        if len(part) <= most:
            break
    return part


def _packed(estimates: Sequence[Estimate], width: int) -> bytes:
    poses = [estimate.pose for estimate in estimates]
    seen = [pose for pose in poses if pose is not None]
    aspect = seen[0].aspect if seen else 1.0
    ms = np.rint(np.array([estimate.t_s - estimates[0].t_s for estimate in estimates]) * 1000).astype(np.uint16)
    body = np.diff(ms, prepend=np.uint16(0)).astype("<u2").tobytes() + bytes(pose is not None for pose in poses)
    if seen:
        body += _split(_whole(seen, aspect, width))
    header = _HEADER.pack(_MAGIC, FORMAT, width, len(estimates), aspect, estimates[0].t_s)
    return header + zlib.compress(body, _LEVEL)


def _whole(poses: Sequence[Pose], aspect: float, width: int) -> npt.NDArray[np.int16]:
    """Return (231, M) whole steps."""
    image = np.array([pose.image for pose in poses])
    if any(pose.aspect != aspect for pose in poses):
        image[..., 0] *= np.array([[pose.aspect / aspect] for pose in poses], np.float32)
    world = np.array([pose.world for pose in poses])
    image[..., :3] *= _IMAGE_STEPS / np.float32(width)
    image[..., 3] = np.floor(image[..., 3] * _VISIBILITY_STEPS + 1e-3)
    world *= np.float32(_STEPS_PER_METRE / width)
    rows = np.concatenate((image.reshape(len(poses), -1), world.reshape(len(poses), -1)), axis=1)
    unknown = np.isnan(rows)
    whole = np.clip(np.rint(np.where(unknown, 0, rows)), _UNKNOWN + 1, -_UNKNOWN - 1).astype(np.int16)
    whole[unknown] = _UNKNOWN
    return whole.T


def _split(whole: npt.NDArray[np.int16]) -> bytes:
    """Return the differences along time, low bytes first; int16 wraps here, and wraps back on reading."""
    steps = np.diff(whole, axis=1, prepend=np.int16(0)).astype(np.int16)
    signless = ((steps << 1) ^ (steps >> 15)).astype("<u2")
    return (signless & 255).astype(np.uint8).tobytes() + (signless >> 8).astype(np.uint8).tobytes()


def begins_s(part: bytes) -> float:
    """Return the time of a part's first picture. Raises ValueError if it is not a part."""
    _, _, _, first_s = _header(part)
    return first_s


def times_s(part: bytes) -> npt.NDArray[np.float64]:
    """Return the times (N,) of a part's pictures without unpacking more. Raises ValueError if it is not a part."""
    _, count, _, first_s = _header(part)
    try:
        body = zlib.decompressobj().decompress(part[_HEADER.size :], 2 * count)
    except zlib.error as exc:
        raise ValueError(f"{_NO_PART}: {exc}") from exc
    return _times_s(body, count, first_s)


def in_order(kept: Iterable[bytes]) -> Iterator[tuple[npt.NDArray[np.float64], bytes]]:
    """Yield the parts of a workout, each after its times; one that does not begin after the one before is left out."""
    last_s = -np.inf
    for part in kept:
        t_s = times_s(part)
        if len(t_s) and t_s[0] > last_s:
            last_s = t_s[-1]
            yield t_s, part


def unpack(part: bytes) -> Unpacked:
    """Return the contents of a part. Raises ValueError if it is not one."""
    width, count, aspect, first_s = _header(part)
    try:
        body = zlib.decompress(part[_HEADER.size :])
    except zlib.error as exc:
        raise ValueError(f"{_NO_PART}: {exc}") from exc
    t_s = _times_s(body, count, first_s)
    in_view = np.frombuffer(body, np.uint8, count, 2 * count).astype(bool)
    image = np.full((count, JOINT_COUNT, 4), np.nan, np.float32)
    world = np.full((count, JOINT_COUNT, 3), np.nan, np.float32)
    if in_view.any():
        rows = _joined(body[3 * count :], int(in_view.sum())).T
        places = rows[:, : 4 * JOINT_COUNT].reshape(-1, JOINT_COUNT, 4)
        places[..., :3] *= width / _IMAGE_STEPS
        places[..., 3] /= _VISIBILITY_STEPS
        image[in_view] = places
        world[in_view] = rows[:, 4 * JOINT_COUNT :].reshape(-1, JOINT_COUNT, 3) * (width / _STEPS_PER_METRE)
    return t_s, image, world, aspect


def _header(part: bytes) -> tuple[int, int, float, float]:
    """Return the step width, the number of pictures, the aspect and the time of the first."""
    try:
        magic, kind, width, count, aspect, first_s = _HEADER.unpack_from(part)
    except struct.error as exc:
        raise ValueError(f"{_NO_PART}: {exc}") from exc
    if magic != _MAGIC or kind != FORMAT:
        raise ValueError(f"a part of format {magic!r} {kind}; this version reads {_MAGIC!r} {FORMAT}")
    return width, count, aspect, first_s


def _times_s(body: bytes, count: int, first_s: float) -> npt.NDArray[np.float64]:
    times_s: npt.NDArray[np.float64] = first_s + np.cumsum(np.frombuffer(body, "<u2", count), dtype=np.int64) / 1000
    return times_s


def _joined(body: bytes, count: int) -> FloatArray:
    """Return (231, M) steps as float32, NaN where unknown."""
    channels = 7 * JOINT_COUNT
    low, high = np.frombuffer(body, np.uint8, 2 * channels * count).astype(np.uint16).reshape(2, channels, count)
    signless = low | high << 8
    steps = (signless >> 1).astype(np.int16) ^ -(signless & 1).astype(np.int16)
    whole = np.cumsum(steps, axis=1, dtype=np.int16)
    values = whole.astype(np.float32)
    values[whole == _UNKNOWN] = np.nan
    return values
