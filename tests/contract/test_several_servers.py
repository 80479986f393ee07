"""Two servers behind nginx or Caddy, with PostgreSQL and Redis: a workout continues wherever its browser lands."""

import re
import signal
import urllib.error
import urllib.request

import pytest
from cluster import running_cluster
from figure import PERIOD_S, sets_of_squats
from server import PATIENCE_S, Browser, serving, until

STEP_MS = 75.0
TIMES, STANDS_S = 3, 2.0
FRAMES = round((STANDS_S + TIMES * PERIOD_S) * 1000 / STEP_MS)  # of one set
A_MOMENT = 6  # frames of the rest after it: the last squat is counted then


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    return sets_of_squats(tmp_path_factory.mktemp("series") / "sets.npz", TIMES, STANDS_S)


PROXIES = ("nginx", "caddy")


@pytest.fixture(scope="module", params=PROXIES)
def cluster(request, tmp_path_factory, series):
    with running_cluster(tmp_path_factory.mktemp("cluster"), series, proxy=request.param) as running:
        yield running


@pytest.fixture
def mortal(request, tmp_path, series):
    """A cluster of which one server ends, behind nginx unless the test names another proxy."""
    with running_cluster(tmp_path, series, proxy=getattr(request, "param", PROXIES[0])) as running:
        yield running


def sends(browser, frames):
    """Send so many frames, each after the one before is answered."""
    for _ in range(frames):
        browser.answered_frame(STEP_MS)


def arrives(cluster, ready, t_ms):
    """Return a browser that resumes the workout, however often it is disconnected on the way."""

    def come():
        try:
            browser = Browser(cluster.url, t_ms=t_ms)
            return browser, browser.start(resume=ready["resume"])
        except Exception:
            return None

    return until(come)


def undisturbed(folder, series):
    """Return the repetitions that one undisturbed server counts."""
    (folder / "undisturbed").mkdir()
    with serving(folder / "undisturbed", series, "--workers", "1") as server:
        browser = Browser(server.url)
        browser.start()
        browser.say("go", {})
        sends(browser, 2 * FRAMES + A_MOMENT)
        browser.say("stop", {})
        return browser.expect("summary")[0]["reps"]


@pytest.mark.parametrize("mortal", PROXIES, indirect=True)
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "told to stop"])
def test_a_workout_moves_to_the_other_server_without_losing_a_repetition(tmp_path, series, mortal, end):
    browser = Browser(mortal.url)
    ready = browser.start()
    browser.say("go", {})
    sends(browser, FRAMES + A_MOMENT)
    here = mortal.server_of()
    here.end(end)

    browser, resumed = arrives(mortal, ready, browser.t_ms)
    assert resumed["workout"] == ready["workout"]
    assert mortal.other(here).readiness()["workers"][0]["streams"] == 1
    browser.say("go", {})
    sends(browser, FRAMES + A_MOMENT)
    browser.say("stop", {})
    reps = browser.expect("summary")[0]["reps"]

    assert [rep["number"] for rep in reps] == list(range(1, 2 * TIMES + 1))
    assert len(reps) == len(undisturbed(tmp_path, series))
    browser.close()


def test_moving_back_and_forth_counts_each_repetition_once(cluster):
    browser = Browser(cluster.servers[0].url)
    ready = browser.start()
    for turn in (1, 0, 1):
        browser.say("go", {})
        sends(browser, FRAMES + A_MOMENT)
        browser.close()
        browser = Browser(cluster.servers[turn].url, t_ms=browser.t_ms)
        browser.start(resume=ready["resume"])
    browser.say("stop", {})
    assert [rep["number"] for rep in browser.expect("summary")[0]["reps"]] == list(range(1, 3 * TIMES + 1))
    browser.close()


def test_a_window_at_the_other_server_learns_at_once_that_its_workout_moved(cluster):
    older, newer = Browser(cluster.servers[0].url), Browser(cluster.servers[1].url)
    ready = older.start()
    assert newer.start(resume=ready["resume"])["workout"] == ready["workout"]
    assert older.error() == {"code": "no_workout", "message": "This workout continues in another window."}
    newer.answered_frame()
    for browser in (older, newer):
        browser.close()


def test_a_servers_shutdown_notice_reaches_only_its_own_browsers(mortal):
    leaves, stays = (Browser(server.url) for server in mortal.servers)
    leaves.start()
    stays.start()
    mortal.servers[0].end()
    assert leaves.error()["code"] == "restarting"
    stays.answered_frame()
    stays.close()


def test_pages_cookies_and_shares_are_the_same_at_both(cluster):
    page, cookie = asked(f"{cluster.url}/workout/squat")
    assert "Squat" in page
    browser = Browser(cluster.url, cookie=cookie)
    workout = browser.start()["workout"]
    browser.say("go", {})
    sends(browser, FRAMES + A_MOMENT)
    browser.say("stop", {})
    browser.expect("summary")
    browser.close()
    for server in cluster.servers:
        assert "Squat" in asked(f"{server.url}/workouts/{workout}", cookie)[0]
    page, _ = asked(f"{cluster.url}/workouts/{workout}", cookie)
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    page, _ = asked(f"{cluster.url}/workouts/{workout}/share", cookie, f"token={token}&days=7".encode(), cluster.url)
    link = re.search(r"/share/[\w.\-]+", page)[0]
    for _ in range(4):
        assert "Squat" in asked(cluster.url + link)[0]


def asked(url, cookie="", data=None, origin=None):
    """Return a page and the cookie that came with it."""
    headers = {"Cookie": cookie} | ({"Origin": origin} if origin else {})
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=PATIENCE_S) as answer:
        return answer.read().decode(), (answer.headers["Set-Cookie"] or "").split(";")[0]


def test_after_the_database_came_back_the_first_question_is_answered(cluster):
    _, cookie = asked(f"{cluster.url}/workout/squat")
    cluster.database.stop()
    cluster.database.start()
    for server in cluster.servers:
        assert "Workouts" in asked(f"{server.url}/workouts", cookie)[0]


def test_when_redis_dies_workouts_move_all_the_same_and_the_former_window_finds_out(mortal):
    older, newer = Browser(mortal.servers[0].url), Browser(mortal.servers[1].url)
    ready = older.start()
    mortal.redis.kill()
    assert newer.start(resume=ready["resume"])["workout"] == ready["workout"]
    assert older.error()["message"] == "This workout continues in another window."
    newer.answered_frame()
    for browser in (older, newer):
        browser.close()


def test_without_a_queue_the_former_window_finds_out_at_its_next_repetition(tmp_path, series):
    with running_cluster(tmp_path, series, queue=False) as cluster:
        older, newer = Browser(cluster.servers[0].url), Browser(cluster.servers[1].url)
        ready = older.start()
        older.say("go", {})
        newer.start(resume=ready["resume"])
        problem = None
        while problem is None:
            older.frame(step_ms=STEP_MS)
            name, arguments = older.heard.get(timeout=PATIENCE_S)
            problem = arguments[0] if name == "error" else None
        assert problem["message"] == "This workout continues in another window."
        newer.say("stop", {})
        assert newer.expect("summary")[0]["count"] == 0
        for browser in (older, newer):
            browser.close()


def test_the_figures_are_not_for_everybody(cluster):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        asked(f"{cluster.url}/metrics")
    assert "posecoach_frames_total" in asked(f"{cluster.servers[0].url}/metrics")[0]


def test_a_request_has_the_name_that_the_proxy_gave_it_and_not_the_browsers(cluster):
    asked = urllib.request.Request(f"{cluster.url}/healthz", headers={"X-Request-ID": "made-up"})
    with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
        assert re.fullmatch(r"[0-9a-f-]{32,36}", answer.headers["X-Request-ID"])


def test_cacheable_files_are_compressed_and_pages_with_secrets_are_not(cluster):
    page, style = f"{cluster.url}/workout/squat", re.search(r'href="(/static/[^"]+\.css)"', asked(cluster.url)[0])[1]
    assert encoding(cluster.url + style) == "gzip"
    assert encoding(page) is None


def encoding(url):
    """Return how an answer is compressed for a client that accepts gzip."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return answer.headers["Content-Encoding"]
