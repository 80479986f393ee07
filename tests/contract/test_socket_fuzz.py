"""Mutated messages over a real socket: the server answers errors or hangs up, and another workout continues."""

from random import Random

import pytest
from figure import squats
from server import JPEG, Browser, serving
from test_attacks import Rude

MESSAGES = (
    '42["start",{"v":1,"exercise":"squat"}]',
    '42["go",{}]',
    '42["pause",{}]',
    '42["stop",{}]',
    '451-["frame",1,1000,{"_placeholder":true,"num":0}]',
    '42["frame",1,1000,null]',
    '430["ready"]',
    "41",
    "40/other,",
    "2probe",
    "3",
    "1",
    "6",
)
SCRAPS = (
    '"',
    "[",
    "]",
    "{}",
    "null",
    "-",
    "/",
    ",",
    "0",
    "451-",
    "9" * 40,
    "[" * 3000,
    "\x00",
    "é",
    '{"_placeholder":true,"num":7}',
)
ROUNDS = 3000


@pytest.fixture
def server(tmp_path):
    with serving(tmp_path, squats(tmp_path / "squats.npz"), "--starts-per-minute", "100000") as running:
        yield running


def mutated(random):
    text = random.choice(MESSAGES)
    for _ in range(random.randrange(4)):
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(SCRAPS) + text[at + random.randrange(3) :]
    return text.encode()


def test_mutated_messages_do_no_harm(server):
    random, other, rude = Random(11), Browser(server.url), Rude(server)
    other.start()
    hung_up = 0
    for number in range(ROUNDS):
        try:
            rude.send(mutated(random), random.choice((1, 1, 1, 2)))
            if random.random() < 0.3:
                rude.send(JPEG[: random.randrange(len(JPEG))])
        except ConnectionError:
            hung_up += 1
            rude = Rude(server)
        if number % 20 == 0:
            other.answered_frame()
    rude.close()
    assert hung_up > 10
    other.answered_frame()
    assert other.heard.empty()
    assert server.ready()["ready"]
    assert not [line for line in server.lines() if "Traceback" in line or " ERROR " in line]
    assert len(server.lines()) < 3 * ROUNDS
