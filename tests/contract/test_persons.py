"""A browser's cookie on a real server: the socket and the pages see the same person."""

import re
import urllib.error
import urllib.parse
import urllib.request

import pytest
from server import PATIENCE_S, Browser, serving


@pytest.fixture
def server(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1") as running:
        yield running


def cookie_of(server) -> str:
    with urllib.request.urlopen(f"{server.url}/workout/squat", timeout=PATIENCE_S) as answer:
        return answer.headers["Set-Cookie"].split(";")[0]


def get(server, path: str, cookie: str = "", form: dict | None = None) -> tuple[int, str]:
    data = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(f"{server.url}{path}", data, {"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, problem.read().decode()


def squatted(server, cookie: str) -> tuple[Browser, dict]:
    browser = Browser(server.url, cookie=cookie)
    ready = browser.start()
    browser.say("go", {})
    browser.squat(1)
    return browser, ready


def test_a_workout_belongs_to_the_browser_that_did_it(server):
    me, other = cookie_of(server), cookie_of(server)
    browser, ready = squatted(server, me)
    path = f"/workouts/{ready['workout']}"
    assert get(server, path, me)[0] == 200
    assert [get(server, path, cookie)[0] for cookie in (other, "", me + "x")] == [404, 404, 404]
    assert path in get(server, "/workouts", me)[1]
    assert path not in get(server, "/workouts", other)[1]

    thief = Browser(server.url, t_ms=browser.t_ms, cookie=other)
    thief.say("start", {"v": 1, "exercise": "squat", "resume": ready["resume"]})
    assert thief.error()["code"] == "no_workout"
    thief.close()
    assert browser.squat(1)[0]["number"] == 2
    browser.close()


def test_deleting_everything_ends_the_workout_under_way_and_leaves_no_trace(server, tmp_path):
    me = cookie_of(server)
    browser, ready = squatted(server, me)
    person = me.partition("=")[2].partition(".")[0]
    traces = [ready["workout"].encode(), person.encode()]
    before = b"".join(file.read_bytes() for file in tmp_path.glob("posecoach.db*"))
    assert all(trace in before for trace in traces)

    token = re.search(r'name="token" value="([^"]+)"', get(server, "/data/delete", me)[1])[1]
    assert get(server, "/data/delete", me, {"token": token})[0] == 200
    assert "deleted" in browser.error()["message"]
    browser.say("start", {"v": 1, "exercise": "squat"})
    assert "reload the page" in browser.error()["message"]
    browser.close()
    assert get(server, f"/workouts/{ready['workout']}", me)[0] == 404
    after = b"".join(file.read_bytes() for file in tmp_path.glob("posecoach.db*"))
    assert [trace for trace in traces if trace in after] == []
