"""Everything stored about a person can be exported and deleted."""

from pathlib import Path

import pytest
from visitors import ME, PEOPLE, pages_over, visitor

from webapp.pages.own_data import AT_ONCE
from webapp.pages.site import ZONE
from webapp.people import COOKIE
from webapp.records import Rep, Summary
from webapp.store import Share, Store, open_store

REPS = (Rep(1, 10.0, 12.0, 1.0), Rep(0, 13.0, 14.0, 0.5, reason="18° short"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(f"sqlite:///{tmp_path}/workouts.db")
    for workout, person in (("first", ME), ("second", ME), ("foreign", "other")):
        store.begin(workout, "squat", 1000.0, f"hash of {workout}", person)
        for rep in REPS:
            store.append(workout, rep)
    store.finish("first", Summary("squat", "reps", 10.0, 4.0, 3.0, REPS, cues={"knees": 1}))
    store.share(Share("link", "first", 5e9))
    return store


def test_the_download_holds_everything_of_the_person_and_nothing_else(store: Store, tmp_path: Path) -> None:
    content = visitor(pages_over(store, tmp_path), ME).get("/data/export.json").json
    assert content["person"] == ME
    workouts = {workout["workout"]: workout for workout in content["workouts"]}
    assert set(workouts) == {"first", "second"}
    for workout in workouts.values():
        assert tuple(Rep(**rep | {"faults": tuple(rep["faults"])}) for rep in workout["reps"]) == REPS
    assert workouts["first"]["finished"]
    assert not workouts["second"]["finished"]
    assert workouts["first"]["cues"] == {"knees": 1}
    assert workouts["first"]["share"] == {"expires_at_s": 5e9}


def test_more_workouts_than_are_read_at_once_are_all_taken_along(tmp_path: Path) -> None:
    store = open_store("memory:")
    for number in range(2 * AT_ONCE + 1):
        store.begin(f"w{number}", "squat", 1000.0 + number // 2, f"hash {number}", ME)
    me = visitor(pages_over(store, tmp_path), ME)
    taken = [workout["workout"] for workout in me.get("/data/export.json").json["workouts"]]
    assert len(taken) == len(set(taken)) == 2 * AT_ONCE + 1
    assert f"{len(taken)} workouts" in me.get("/data/delete").text


def test_an_unknown_person_has_nothing_to_download(store: Store, tmp_path: Path) -> None:
    assert visitor(pages_over(store, tmp_path)).get("/data/export.json").json["workouts"] == []


def test_deleting_asks_first_then_leaves_no_trace_in_the_file_and_no_cookie(store: Store, tmp_path: Path) -> None:
    ended: list[str] = []
    me = visitor(pages_over(store, tmp_path, ended.append), ME)
    me.set_cookie(ZONE, "Europe/Berlin")
    link = f"/share/{PEOPLE.link('link')}"
    assert me.get(link).status_code == me.get(f"{link}/card.png").status_code == 200
    assert "2 workouts" in me.get("/data/delete").text
    assert len(store.recent(ME)) == 2
    answer = me.post("/data/delete", data={"token": PEOPLE.form_token(ME)}, follow_redirects=True)
    assert "Nothing is stored for this browser" in answer.text
    assert me.get_cookie(COOKIE) is None
    assert me.get_cookie(ZONE) is None
    assert ended == [ME]
    assert me.get(link).status_code == me.get(f"{link}/card.png").status_code == 404
    assert list(tmp_path.rglob("*.png")) == []  # cards are drawn anew each time, and never lie on the disk
    files = b"".join(file.read_bytes() for file in tmp_path.glob("workouts.db*"))
    assert b"foreign" in files
    assert [trace for trace in (b"first", b"second", b"hash of first", ME.encode()) if trace in files] == []
    assert [kept.id for kept in store.recent("other")] == ["foreign"]
