"""Ten thousand messages that our pages never send: each is accepted for what it is, or refused with a `ClientError`."""

import json
from random import Random

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.errors import ClientError
from webapp.gateway import wire
from webapp.gateway.events import OneAttachment
from webapp.gateway.wire import Limits
from webapp.pose.picture import decode, encode
from webapp.records import Frame

LIMITS = Limits(frame_bytes=5000, frame_pixels=10_000)
JPEG = encode(np.random.default_rng(3).integers(0, 255, (48, 64, 3), np.uint8), 60)

plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=40)
anything = st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner))
keys = st.sampled_from(["v", "exercise", "resume", "more"])
near_target = st.dictionaries(st.sampled_from(["amount", "rest_s", "sets"]), st.integers(0, 5) | anything)
near_wish = st.fixed_dictionaries({"target": near_target | anything, "body_kg": st.integers(19, 21) | anything})
near_start = st.tuples(
    st.dictionaries(keys, st.just(1) | anything) | near_wish.map(lambda wish: {"v": 1, "exercise": "squat"} | wish)
)
edits = st.lists(st.tuples(st.integers(0, len(JPEG) - 1), st.binary(max_size=4)), min_size=1, max_size=6)


def mutated(changes):
    data = bytearray(JPEG)
    for at, part in changes:
        data[at : at + len(part)] = part
    return bytes(data)


near_frame = st.tuples(st.integers() | anything, st.floats() | anything, edits.map(mutated) | anything)


@settings(max_examples=200, deadline=None)
@given(near_frame | st.lists(anything, max_size=5).map(tuple))
def test_a_frame_is_a_frame_or_refused(arguments):
    try:
        picture = wire.parse_frame(arguments, LIMITS)
    except ClientError as refusal:
        json.dumps(wire.error(refusal, wire.frame_number(arguments)))
        return
    assert Frame("1", picture.seq, picture.t_s, picture.jpeg).seq >= 0
    assert 0 <= picture.t_s < wire.LATEST_MS
    assert len(picture.jpeg) <= LIMITS.frame_bytes


@settings(max_examples=200, deadline=None)
@given(near_start | st.lists(anything, max_size=3).map(tuple))
def test_a_start_is_a_start_or_refused(arguments):
    try:
        start = wire.parse_start(arguments)
    except ClientError as refusal:
        json.dumps(wire.error(refusal))
        return
    assert isinstance(start.exercise, str)
    assert isinstance(start.resume, str)
    assert start.body_kg is None or 20 <= start.body_kg <= 400
    if start.target is not None:
        assert 1 <= start.target.amount <= 1000
        assert 0 <= start.target.rest_s <= 3600
        assert start.target.sets is None or 1 <= start.target.sets <= 100


@settings(max_examples=200, deadline=None)
@given(edits)
def test_a_mutated_jpeg_is_a_picture_within_the_limits_or_refused(changes):
    try:
        picture = decode(mutated(changes), LIMITS.frame_pixels)
    except ClientError:
        return
    assert picture.shape[0] * picture.shape[1] <= LIMITS.frame_pixels
    assert picture.dtype == np.uint8


@settings(max_examples=200, deadline=None)
@given(st.from_regex(r'[0-9]{0,2}(-)?(/[a-z]{0,4},)?[0-9]{0,3}\[?("frame")?.{0,30}\]?', fullmatch=True) | st.text())
def test_a_text_is_a_message_with_one_part_at_most_or_a_value_error(text):
    try:
        packet = OneAttachment(encoded_packet=text)
    except (ValueError, IndexError, RecursionError):  # whoever sends it is disconnected
        return
    assert packet.attachment_count <= 1


def test_ten_thousand_mutated_frames_are_frames_or_refused():
    random, taken = Random(7), 0
    for _ in range(10_000):
        arguments = [random.randrange(100), random.uniform(0, 1e13), swapped(random, JPEG)]
        for _ in range(random.randrange(3)):
            arguments[random.randrange(3)] = random.choice(STRANGE)
        try:
            picture = wire.parse_frame(arguments[: random.choice((3, 3, 3, 2))], LIMITS)
        except ClientError:
            continue
        taken += 1
        assert len(picture.jpeg) <= LIMITS.frame_bytes
    assert 100 < taken < 9_900


STRANGE = (
    None,
    True,
    -1,
    2**53,
    1e300,
    float("nan"),
    float("-inf"),
    "7",
    b"",
    b"\xff\xd8\xff",
    [],
    {},
    [b""],
    JPEG * 9,
)


def swapped(random, jpeg):
    """Return the JPEG with bytes of it changed, cut out or doubled, mostly near its headers."""
    data = bytearray(jpeg)
    for _ in range(random.randrange(5)):
        at = min(int(random.expovariate(1 / 100)), len(data) - 1)
        change = random.randrange(3)
        data[at : at + 1] = (bytes([random.randrange(256)]), b"", data[at : at + 1] * 2)[change]
    return bytes(data)


def test_the_picture_that_is_mutated_is_whole():
    assert decode(JPEG, LIMITS.frame_pixels).shape == (48, 64, 3)
    assert cv2.imdecode(np.frombuffer(JPEG, np.uint8), 1) is not None
    with pytest.raises(ClientError):
        decode(JPEG[:100], LIMITS.frame_pixels)
