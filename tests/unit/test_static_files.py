"""A browser asks for a version of a static file once, and never keeps an outdated one."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from visitors import ME, pages_over, visitor

from webapp.pages.static_files import version_of
from webapp.settings import ROOT
from webapp.store.memory import MemoryStore


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return visitor(pages_over(MemoryStore(), tmp_path), ME)


def test_files_named_by_a_page_are_cached_without_revalidation(client: FlaskClient) -> None:
    named = re.findall(r'"(/static/[^"#]+/js/main.js)"', client.get("/workout/squat").text)
    assert named == [f"/static/v-{version_of(ROOT / 'static')}/js/main.js"]
    kept = client.get(named[0]).cache_control
    assert (kept.max_age, kept.immutable, kept.no_cache) == (365 * 86400, True, None)


@pytest.mark.parametrize("path", ["/static/js/main.js", "/static/v-outdated/js/main.js"])
def test_a_file_without_version_or_of_another_one_is_asked_for_again_but_not_sent_again(
    path: str, client: FlaskClient
) -> None:
    first = client.get(path)
    assert (first.status_code, first.cache_control.no_cache, first.cache_control.immutable) == (200, True, False)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_nothing_outside_the_folder_is_sent(client: FlaskClient) -> None:
    for path in ("/static/v-1/../../pyproject.toml", "/static/v-1/%2e%2e/pyproject.toml", "/static/nothing.js"):
        assert client.get(path).status_code == 404


def test_the_version_changes_with_contents_and_names_alone(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    file = tmp_path / "js" / "a.js"
    versions = []
    for text in ("one", "two", "one"):
        file.write_text(text)
        version_of.cache_clear()
        versions.append(version_of(tmp_path))
    file.rename(tmp_path / "js" / "b.js")
    version_of.cache_clear()
    assert versions[0] == versions[2]
    assert len({*versions, version_of(tmp_path)}) == 3
