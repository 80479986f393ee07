"""Processes of one server call each other; here they are threads, over real sockets."""

import pytest

from webapp.siblings import Siblings


@pytest.fixture
def three(tmp_path):
    return [Siblings(tmp_path, number, 3) for number in (1, 2, 3)]


def test_all_siblings_answer_with_their_handlers_result(three):
    for one in three:
        one.on("double", lambda argument, one=one: [one.number, argument * 2])
        one.listen()
    assert three[1].ask("double", 21) == {1: [1, 42], 3: [3, 42]}


def test_the_parent_asks_all(three, tmp_path):
    for one in three:
        one.on("ready", lambda _: True)
        one.listen()
    assert Siblings(tmp_path, 0, 3).ask("ready") == {1: True, 2: True, 3: True}


def test_an_absent_or_failing_sibling_is_left_out(three):
    three[1].listen()
    assert three[0].ask("ready") == {}


def test_a_siblings_replacement_is_found_in_its_place(three, tmp_path):
    three[1].on("who", lambda _: "the former")
    three[1].listen()
    heir = Siblings(tmp_path, 2, 3)
    heir.on("who", lambda _: "the heir")
    heir.listen()
    assert three[0].ask("who") == {2: "the heir"}
