"""Messages from the video worker, and a video's creation time."""

import io
import struct

import numpy as np
import pytest

from webapp.errors import BadVideo, VideoTooLarge
from webapp.records import Estimate, Pose
from webapp.uploads import messages
from webapp.uploads.creation_time import recorded_at_s
from webapp.uploads.messages import Chosen, Part, Progress

NOW_S = 1_764_000_000.0
SINCE_1904_S = 2_082_844_800
POSE = Pose(np.full((33, 4), 0.5, np.float32), np.zeros((33, 3), np.float32), 1.5)


@pytest.mark.parametrize("one", [Progress(1.5, 0.0), Chosen("squat"), Chosen(""), Part(b"\x00.ef"), Part(b""), None])
def test_a_message_survives_the_wire(one):
    assert messages.decode(messages.encode(one)) == one


def test_an_estimate_survives_the_wire():
    read = messages.decode(messages.encode(Estimate(7, NOW_S, POSE, 3.5, 1)))
    assert (read.seq, read.t_s, read.infer_ms, read.others) == (7, NOW_S, 3.5, 1)
    assert np.array_equal(read.pose.image, POSE.image)


@pytest.mark.parametrize("error", [BadVideo("No video: nothing."), VideoTooLarge("Too long.")])
def test_a_refusal_keeps_its_kind_and_its_sentence(error):
    read = messages.decode(messages.encode(error))
    assert (type(read), str(read)) == (type(error), str(error))


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def film(created: bytes, before: bytes = b"") -> io.BytesIO:
    return io.BytesIO(box(b"ftyp", b"isom") + before + box(b"moov", box(b"free", b"") + box(b"mvhd", created)))


def version_0(at_s: float) -> bytes:
    return bytes(4) + struct.pack(">I", int(at_s) + SINCE_1904_S) + bytes(92)


def version_1(at_s: float) -> bytes:
    return b"\x01" + bytes(3) + struct.pack(">Q", int(at_s) + SINCE_1904_S) + bytes(92)


@pytest.mark.parametrize("version", [version_0, version_1])
def test_a_video_says_when_it_was_recorded(version):
    assert recorded_at_s(film(version(NOW_S - 3600)), NOW_S) == NOW_S - 3600


def test_a_header_behind_the_pictures_is_found_however_large_they_say_they_are():
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + 50) + bytes(50)
    assert recorded_at_s(film(version_0(NOW_S), large), NOW_S) == NOW_S


@pytest.mark.parametrize("at_s", [-SINCE_1904_S, 0, NOW_S + 60])
def test_a_clock_that_was_never_set_says_nothing(at_s):
    assert recorded_at_s(film(version_0(at_s)), NOW_S) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1aE\xdf\xa3 another container",
        box(b"moov", box(b"mvhd", b"short")),
        box(b"moov", b""),
        struct.pack(">I4s", 0, b"mdat"),
        struct.pack(">I4s", 3, b"odd ") + bytes(40),
        box(b"free", b"") * 3000,
    ],
)
def test_a_file_of_another_form_says_nothing(data):
    assert recorded_at_s(io.BytesIO(data), NOW_S) is None
