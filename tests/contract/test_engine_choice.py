"""A browser chooses its pose engine, over a real socket to a real server."""

import pytest
from figure import squats
from server import Browser, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory, series):
    with serving(tmp_path_factory.mktemp("server"), series, "--workers", "1") as running:
        yield running


@pytest.fixture
def browsers(server):
    two = Browser(server.url), Browser(server.url)
    yield two
    for browser in two:
        browser.close()


def refused(browser, **start):
    browser.say("start", {"v": 1, "exercise": "squat", **start})
    return browser.error()


def test_ready_names_the_engine_that_was_asked_for_or_the_servers_own(browsers):
    asking, content = browsers
    assert asking.start(engine="null")["engine"] == "null"
    assert content.start()["engine"] == "replay"


def test_two_browsers_have_each_their_own_engine(browsers):
    still, moving = browsers
    still.start(engine="null")
    moving.start()
    for browser in browsers:
        browser.say("go", {})
    for _ in range(30):
        still.answered_frame()
    assert [rep["number"] for rep in moving.squat(2)] == [1, 2]
    for browser, count in zip(browsers, (0, 2), strict=True):
        browser.say("stop", {})
        assert browser.expect("summary")[0]["count"] == count


def test_a_name_that_no_engine_has_is_refused_and_the_next_start_is_taken(browsers):
    browser, _ = browsers
    answer = refused(browser, engine="blazepose-huge")
    assert answer["code"] == "unknown_engine"
    assert "blazepose-full" in answer["message"]
    assert browser.start()["count"] == 0


def test_an_engine_without_weights_names_the_command_that_brings_them(browsers):
    answer = refused(browsers[0], engine="efficientpose-iv")
    assert answer["code"] == "backend_unavailable"
    assert "posecoach models fetch efficientpose-iv" in answer["message"]


def test_an_exercise_that_needs_a_joint_which_the_engine_lacks_says_so_before_it_starts(shared, tmp_path):
    series = squats(tmp_path / "squats.npz")
    with serving(tmp_path, series, "--workers", "1", "--models", str(shared / "weights")) as server:
        browser = Browser(server.url)
        answer = refused(browser, exercise="calf_raise", engine="efficientpose-rt")
        assert answer["code"] == "joints_missing"
        assert "toes" in answer["message"]
        assert browser.start("squat", engine="efficientpose-rt")["engine"] == "efficientpose-rt"
        browser.close()


def test_a_workout_changes_its_engine_and_keeps_its_count(browsers):
    browser, _ = browsers
    ready = browser.start()
    browser.say("go", {})
    browser.squat(2)
    changed = browser.start(resume=ready["resume"], engine="null")
    assert (changed["workout"], changed["engine"], changed["count"]) == (ready["workout"], "null", 2)
    for _ in range(5):
        browser.answered_frame()
    again = browser.start(resume=ready["resume"])
    assert (again["engine"], again["counting"]) == ("replay", True)
    assert browser.squat(1)[0]["number"] == 3


def test_a_refused_change_leaves_the_workout_as_it_was(browsers):
    browser, _ = browsers
    ready = browser.start()
    browser.say("go", {})
    browser.squat(1)
    assert refused(browser, resume=ready["resume"], engine="blazepose-huge")["code"] == "unknown_engine"
    assert browser.squat(1)[0]["number"] == 2


def test_an_engine_that_fails_when_it_is_opened_leaves_the_workout_to_be_taken_up_on_another(tmp_path):
    with serving(tmp_path, tmp_path / "gone.npz", "--backend", "null", "--workers", "1") as server:
        browser = Browser(server.url)
        ready = browser.start(engine="replay")
        answer = browser.error()
        assert (answer["code"], "seq" in answer) == ("backend_unavailable", False)
        assert "gone.npz" in answer["message"]
        again = browser.start(resume=ready["resume"])
        assert (again["workout"], again["engine"]) == (ready["workout"], "null")
        browser.answered_frame()
        browser.close()
