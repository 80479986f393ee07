"""The load benchmark's figures, from known answers, and its clients' frames."""

import struct

import numpy as np
import pytest

from webapp.evaluation.light_browser import BINARY, client_frame
from webapp.evaluation.load import Plan, Tally, figures

PLAN = Plan(clients=3, fps=10.0, seconds=100.0)


def seen():
    """Two people were accepted: one got 1000 answers of 10 ms, one 500, the later half of 30."""
    first = Tally(sent=1000, answers=[(number / 10, 10.0) for number in range(1000)])
    second = Tally(sent=900, dropped=400, held_back=100)
    second.answers = [(number / 5, 10.0 if number < 250 else 30.0) for number in range(500)]
    return figures(PLAN, [first, second, Tally(refused="server_full")])


def test_frames_are_counted_over_all_that_were_let_in():
    figure = seen()
    assert (figure["sent"], figure["answered"], figure["dropped"], figure["held_back"]) == (1900, 1500, 400, 100)
    assert figure["refused_full"] == 1


def test_the_slowest_client_is_reported_beside_the_mean():
    assert seen()["client_fps"] == {"mean": 7.5, "slowest": 5.0}
    assert seen()["answered_fps"] == 15.0


def test_the_first_and_the_last_minute_have_ages_of_their_own():
    figure = seen()
    assert figure["age_ms"] == {"p50": 10.0, "p95": 30.0, "p99": 30.0}
    assert (figure["p95_first_minute_ms"], figure["p95_last_minute_ms"]) == (30.0, 30.0)
    early = Tally(sent=2, answers=[(1.0, 5.0), (99.0, 50.0)])
    figure = figures(Plan(1, 1.0, 100.0), [early])
    assert (figure["p95_first_minute_ms"], figure["p95_last_minute_ms"]) == (5.0, 50.0)


def test_each_minute_has_an_age_of_its_own():
    growing = Tally(sent=180, answers=[(float(second), 1.0 + second // 60) for second in range(180)])
    assert figures(Plan(1, 1.0, 180.0), [growing])["p95_each_minute_ms"] == [1.0, 2.0, 3.0]


def test_nobody_answered_is_no_age_and_no_crash():
    figure = figures(PLAN, [Tally(sent=3, dropped=3)])
    assert figure["age_ms"] == {"p50": None, "p95": None, "p99": None}
    assert figure["client_fps"]["slowest"] == 0.0


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536])
def test_a_clients_frame_is_masked_as_the_protocol_says(length):
    payload = bytes(range(256)) * (length // 256 + 1)
    payload = payload[:length]
    frame = client_frame(payload, BINARY)
    assert frame[0] == 0x82
    short, rest = frame[1] & 127, frame[2:]
    sizes = {126: ("!H", 2), 127: ("!Q", 8)}
    said = short if short < 126 else struct.unpack_from(sizes[short][0], rest)[0]
    rest = rest[0 if short < 126 else sizes[short][1] :]
    assert frame[1] & 128
    assert said == length
    key = np.resize(np.frombuffer(rest[:4], np.uint8), length)
    assert (np.frombuffer(rest[4:], np.uint8) ^ key).tobytes() == payload
