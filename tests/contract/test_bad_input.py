"""Bad input over a real socket to a real server gets a typed error, and affects nobody else."""

import pytest
from server import JPEG, Browser, serving

_AT = JPEG.index(b"\xff\xc0")
BOMB = JPEG[: _AT + 5] + (20_000).to_bytes(2) * 2 + JPEG[_AT + 9 :]


@pytest.fixture(scope="module")
def server(tmp_path_factory, series):
    with serving(tmp_path_factory.mktemp("server"), series, "--workers", "1") as running:
        yield running


@pytest.fixture
def browser(server):
    one = Browser(server.url)
    yield one
    one.close()


@pytest.fixture
def other(server):
    one = Browser(server.url)
    one.start()
    one.say("go", {})
    yield one
    one.close()


WRONG = {
    "no JPEG": (lambda b: b.frame(b"GIF89a, no JPEG"), "bad_message"),
    "no bytes": (lambda b: b.frame(b""), "bad_message"),
    "truncated": (lambda b: b.frame(JPEG[:-40]), "bad_message"),
    "broken inside": (lambda b: b.frame(JPEG[:200] + b"\xff\xd9"), "bad_message"),
    "progressive": (lambda b: b.frame(JPEG.replace(b"\xff\xc0", b"\xff\xc2")), "bad_message"),
    "20000 x 20000 pixels": (lambda b: b.frame(BOMB), "frame_too_large"),
    "50 MB": (lambda b: b.frame(JPEG + bytes(50_000_000)), "frame_too_large"),
    "50 MB of text": (lambda b: b.frame("x" * 50_000_000), "frame_too_large"),
    "seq goes back": (lambda b: b.say("frame", next(b.numbers) - 2, b.t_ms + 1000, JPEG), "bad_message"),
    "time goes back": (lambda b: b.frame(JPEG, step_ms=-1000), "bad_message"),
    "text where bytes belong": (lambda b: b.frame("data:image/jpeg;base64,/9j/4AAQ"), "bad_message"),
    "second start": (lambda b: b.say("start", {"v": 1, "exercise": "squat"}), "bad_message"),
    "start that is no object": (lambda b: b.say("start", "squat"), "bad_message"),
    "bytes where text belongs": (lambda b: b.say("start", b"squat"), "bad_message"),
    "unknown event": (lambda b: b.say("dance", {}), "bad_message"),
}


@pytest.mark.parametrize("name", WRONG)
def test_bad_input_is_one_error_and_one_line_and_the_workouts_go_on(server, browser, other, name):
    wrong, code = WRONG[name]
    browser.start()
    browser.say("go", {})
    assert browser.squat(1)[0]["number"] == 1
    logged = len(server.lines())

    wrong(browser)

    error = browser.error()
    assert error["code"] == code
    assert error["message"]
    browser.t_ms += 2000  # whatever the wrong message said of the time, the clock goes on
    assert browser.squat(1)[0]["number"] == 2
    assert other.squat(1)[0]["number"] == 1
    assert other.heard.empty()
    assert len(server.lines()) == logged + 1


def test_an_unknown_exercise_is_named(browser):
    browser.say("start", {"v": 1, "exercise": "juggling"})
    error = browser.error()
    assert error["code"] == "unknown_exercise"
    assert "juggling" in error["message"]
    browser.start()


def test_a_frame_before_start_is_refused_and_answered_by_its_number(browser):
    seq = browser.frame()
    error = browser.error()
    assert (error["code"], error["seq"]) == ("no_workout", seq)
    browser.start()
    browser.answered_frame()


@pytest.mark.parametrize("event", ["go", "pause", "stop"])
def test_orders_before_start_are_refused(browser, event):
    browser.say(event, {})
    assert browser.error()["code"] == "no_workout"


def test_announcing_endless_attachments_disconnects_and_logs_one_line(server, browser, other):
    logged = len(server.lines())
    browser.start()
    browser.say("frame", 0, 1.0, *[JPEG] * 5)
    browser.client.wait()
    assert "5 binary parts" in server.lines()[-1]
    assert len(server.lines()) == logged + 1
    other.answered_frame()


@pytest.mark.parametrize("event", ["connect", "disconnect"])
def test_sending_a_reserved_event_disconnects_and_keeps_the_identity(server, browser, other, event):
    ready = browser.start()
    browser.say(event, {"REMOTE_ADDR": "10.0.0.1", "HTTP_COOKIE": "person=somebody"})
    browser.client.wait()
    assert browser.heard.empty()
    assert f"reserved name {event}" in server.lines()[-1]
    again = Browser(server.url)
    assert again.start(resume=ready["resume"])["workout"] == ready["workout"]
    again.close()
    other.answered_frame()


def test_a_page_of_another_version_is_asked_to_reload(browser):
    browser.say("start", {"v": 2, "exercise": "squat"})
    assert "reload" in browser.error()["message"]


def test_50_mb_leave_the_servers_memory_as_it_was(server, browser):
    browser.start()
    browser.answered_frame()
    before = server.memory_bytes()
    browser.frame(JPEG + bytes(50_000_000))
    assert browser.error()["code"] == "frame_too_large"
    assert server.peak_memory_bytes() < before + 40_000_000
