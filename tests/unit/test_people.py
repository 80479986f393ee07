import stat
from pathlib import Path

import pytest

from webapp.errors import Forbidden, SettingsError
from webapp.people import KEY_FILE, People, load_key


def test_a_cookie_gives_its_person_back_and_a_forged_one_nobody() -> None:
    people = People(b"key")
    person = people.newcomer()
    cookie = people.cookie(person)
    assert len(person) == 32
    assert people.person(cookie) == person
    for forged in ("", person, cookie[:-1], "x" + cookie, people.link(person), "\u00e9.\u00e9", "." * 100_000):
        assert people.person(forged) is None
    assert People(b"other key").person(cookie) is None


def test_two_newcomers_are_different() -> None:
    assert People(b"key").newcomer() != People(b"key").newcomer()


def test_a_link_is_no_cookie_and_a_cookie_no_link() -> None:
    people = People(b"key")
    assert people.share(people.link("share")) == "share"
    assert people.share(people.cookie("share")) is None


def test_a_form_s_token_is_good_for_its_person_alone() -> None:
    people = People(b"key")
    people.check_form("me", people.form_token("me"))
    with pytest.raises(Forbidden, match="reload the page"):
        people.check_form("other", people.form_token("me"))


def test_the_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    key = load_key(tmp_path / "new" / "folder")
    assert len(key) == 32
    assert load_key(tmp_path / "new" / "folder") == key
    assert stat.S_IMODE((tmp_path / "new" / "folder" / KEY_FILE).stat().st_mode) == 0o600
    assert load_key(tmp_path) != key


@pytest.mark.parametrize("text", ["", "00", "no hexadecimal"])
def test_a_damaged_key_is_refused_with_a_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text(text)
    with pytest.raises(SettingsError, match=KEY_FILE):
        load_key(tmp_path)


def test_an_unusable_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_key(tmp_path / "in the way")


def test_several_servers_share_a_key_that_is_given_and_make_none(tmp_path: Path) -> None:
    assert load_key(tmp_path, "0a" * 32) == bytes([10]) * 32
    assert not (tmp_path / KEY_FILE).exists()


@pytest.mark.parametrize("text", ["0a", "no hexadecimal", "0a" * 33])
def test_a_key_that_is_none_is_refused_and_not_repeated(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="64 hexadecimal digits") as refusal:
        load_key(tmp_path, text)
    assert text not in str(refusal.value).replace("64 hexadecimal digits", "")
