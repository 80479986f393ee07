"""Ownership: nobody sees a workout that is neither theirs nor shared, or learns that it exists."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from recorded import estimates
from visitors import ME, PEOPLE, pages_over, visitor

from webapp.parts import parts_of
from webapp.people import COOKIE
from webapp.records import Rep, Summary
from webapp.store import Share
from webapp.store.memory import MemoryStore

WORKOUT = "0123456789abcdef"
REPS = (
    Rep(1, 1000.0, 1002.5, 1.05, 92.0, 1.2, 0.1, 1.0, "left", -3.5, ("knees_in", "hips_up")),
    Rep(0, 1003.0, 1004.0, 0.6, reason='18° short, "nearly"'),
)


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.begin(WORKOUT, "squat", 1_790_000_000.0, "hash", ME)
    for rep in REPS:
        store.append(WORKOUT, rep)
    for number, part in enumerate(parts_of(estimates("squat_front_1", 1000.0)[:60])):
        store.append_series(WORKOUT, number, part)
    store.finish(WORKOUT, Summary("squat", "reps", 1000.0, 4.0, 3.5, REPS, cues={"invented_rule": 2}))
    return store


@pytest.fixture
def flask(store: MemoryStore, tmp_path: Path) -> Flask:
    return pages_over(store, tmp_path)


@pytest.fixture
def me(flask: Flask) -> FlaskClient:
    return visitor(flask, ME)


def form(person: str = ME, **more: str) -> dict[str, str]:
    return {"token": PEOPLE.form_token(person), **more}


def shared(client: FlaskClient, days: str = "") -> str:
    client.post(f"/workouts/{WORKOUT}/share", data=form(days=days))
    return re.search(r'value="http://localhost(/share/[^"]+)"', client.get(f"/workouts/{WORKOUT}").text)[1]


def routes_with_a_workout(flask: Flask) -> list[tuple[str, str]]:
    return [
        (method, rule.rule)
        for rule in flask.url_map.iter_rules()
        for method in sorted(rule.methods & {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
        if "workout" in rule.arguments
    ]


def test_every_route_of_a_share_is_open_with_its_link_and_reveals_no_other_workout(
    flask: Flask, me: FlaskClient
) -> None:
    link = shared(me).rpartition("/")[2]
    routes = [rule.rule for rule in flask.url_map.iter_rules() if "link" in rule.arguments]
    assert {f"/share/<link>{name}" for name in ("", "/replay.json", "/replay.bin", "/signal.json")} <= set(routes)
    stranger = visitor(flask)
    assert [stranger.get(rule.replace("<link>", link)).status_code for rule in routes] == [200] * len(routes)
    me.post(f"/workouts/{WORKOUT}/unshare", data=form())
    never = stranger.get("/share/" + "x" * 50)
    for rule in routes:
        for wrong in (link, "x" * 50, WORKOUT):
            answer = stranger.get(rule.replace("<link>", wrong))
            assert (answer.status_code, answer.text) == (404, never.text), rule


def test_every_route_with_a_workout_is_open_to_its_person_alone(flask: Flask, store: MemoryStore) -> None:
    store.begin("nobodys", "squat", 1.0, "other hash")
    me, other, nobody = visitor(flask, ME), visitor(flask, "other"), visitor(flask)
    forged = visitor(flask)
    forged.set_cookie(COOKIE, ME + PEOPLE.cookie("other")[len("other") :])
    routes = routes_with_a_workout(flask)
    assert len(routes) >= 20
    for method, rule in sorted(routes, key=lambda route: route == ("POST", "/workouts/<workout>/delete")):
        own, guessed, nobodys, odd = (rule.replace("<workout>", name) for name in (WORKOUT, "f" * 16, "nobodys", "%00"))
        assert me.open(own, method=method, data=form(days="")).status_code in (200, 303), rule
        never = me.open(guessed, method=method, data=form())
        tries = [other.open(own, method=method, data=form("other")), nobody.open(own, method=method, data=form())]
        tries += [forged.open(own, method=method, data=form()), me.open(nobodys, method=method, data=form())]
        tries += [me.open(odd, method=method, data=form())]
        for answer in [never, *tries]:
            assert answer.status_code == 404, rule
            assert answer.text == never.text
            assert answer.headers.to_wsgi_list() == never.headers.to_wsgi_list()


def test_lists_show_the_own_workouts_alone(flask: Flask, me: FlaskClient) -> None:
    for path in ("/", "/workouts"):
        assert WORKOUT in me.get(path).text
        assert WORKOUT not in visitor(flask, "other").get(path).text
        assert WORKOUT not in visitor(flask).get(path).text


def test_a_browser_gets_its_cookie_where_a_workout_begins_and_keeps_it(flask: Flask) -> None:
    client = visitor(flask)
    for path in ("/", "/workouts", "/data"):
        assert "Set-Cookie" not in client.get(path).headers
    cookie = client.get("/workout/squat").headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000"))
    assert "Secure" not in cookie
    again = client.get("/workout/plank", base_url="https://localhost", headers={"Cookie": cookie.split(";")[0]})
    assert again.headers["Set-Cookie"].split(";")[0] == cookie.split(";")[0]
    assert "Secure" in again.headers["Set-Cookie"]


def test_a_share_link_shows_the_figures_and_nothing_private(flask: Flask, me: FlaskClient) -> None:
    link = shared(me)
    assert len(link) > 40
    answer = visitor(flask).get(link)
    assert '<dd data-testid="summary-count">1</dd>' in answer.text
    assert "18° short" in answer.text
    for private in (WORKOUT, "/workouts", "/data", "<form", ME, PEOPLE.cookie(ME)):
        assert private not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_revoked_an_expired_a_replaced_and_an_invented_link_are_one_and_the_same(
    flask: Flask, me: FlaskClient, store: MemoryStore
) -> None:
    visitor_ = visitor(flask)
    revoked = shared(me)
    me.post(f"/workouts/{WORKOUT}/unshare", data=form())
    replaced, expired = shared(me), shared(me, "1")
    share = store.share_of(WORKOUT)
    store.share(Share(share.id, WORKOUT, 1.0))
    never = visitor_.get("/share/" + "x" * 50)
    assert never.status_code == 404
    for link in (revoked, replaced, expired, f"/share/{share.id}", f"/share/{WORKOUT}"):
        answer = visitor_.get(link)
        assert (answer.status_code, answer.text) == (404, never.text)


def test_a_workout_is_deleted_after_a_question_and_the_others_stay(me: FlaskClient, store: MemoryStore) -> None:
    store.begin("another", "squat", 2.0, "its hash", ME)
    assert me.post(f"/workouts/{WORKOUT}/delete", data={"token": "wrong"}).status_code == 403
    asked = me.get(f"/workouts/{WORKOUT}/delete")
    assert f'action="/workouts/{WORKOUT}/delete"' in asked.text
    assert "cannot be undone" in asked.text
    assert me.post(f"/workouts/{WORKOUT}/delete", data=form()).location == "/workouts"
    assert me.get(f"/workouts/{WORKOUT}").status_code == 404
    assert [kept.id for kept in store.recent(ME)] == ["another"]


def test_a_workout_in_progress_is_not_deleted(me: FlaskClient, store: MemoryStore) -> None:
    store.begin("running", "squat", 2.0, "its hash", ME)
    refused = me.post("/workouts/running/delete", data=form())
    assert (refused.status_code, "stop it first" in refused.text) == (400, True)
    assert store.workout("running").person == ME


def test_a_link_lasts_as_long_as_stated(me: FlaskClient, store: MemoryStore) -> None:
    shared(me, "7")
    assert not store.share_of(WORKOUT).expired(1_790_000_000.0 - 10 * 365 * 86400)
    assert store.share_of(WORKOUT).expires_at_s is not None
    shared(me, "")
    assert store.share_of(WORKOUT).expires_at_s is None
    assert me.post(f"/workouts/{WORKOUT}/share", data=form(days="9999")).status_code == 400


@pytest.mark.parametrize("path", [f"/workouts/{WORKOUT}/share", f"/workouts/{WORKOUT}/unshare", "/data/delete"])
def test_a_form_from_elsewhere_does_nothing(path: str, me: FlaskClient, store: MemoryStore) -> None:
    share = Share("a", WORKOUT)
    store.share(share)
    for data in ({}, {"token": "guessed"}, form("other"), {"token": "\u00e9"}):
        assert me.post(path, data=data).status_code == 403
    for origin in ("https://elsewhere.example", "null", "https://localhost"):
        assert me.post(path, data=form(), headers={"Origin": origin}).status_code == 403
    assert store.share_of(WORKOUT) == share
    assert store.workout(WORKOUT)
    assert me.post(path, data=form(days=""), headers={"Origin": "http://localhost"}).status_code == 303
