import logging

import pytest
from visitors import ME, pages_over, visitor

from webapp.pages import traffic
from webapp.store import open_store
from webapp.uploads.folder import Upload, UploadFolder

FEW = 3


@pytest.fixture
def flask(tmp_path):
    site = pages_over(open_store("memory:"), tmp_path)
    site.add_url_rule("/healthz", "healthz", lambda: "ok")
    traffic.limit(site, FEW, "")
    traffic.tell(site)
    return site


def test_an_address_over_the_limit_gets_a_page_that_says_when_to_come_back(flask):
    browser = visitor(flask, ME)
    answers = [browser.get(path) for path in ("/", "/workouts", "/")]
    assert [(one.status_code, "Retry-After" in one.headers) for one in answers] == [(200, False)] * FEW
    refused = browser.get("/workouts")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "Your network" in refused.text
    assert "<html" in refused.text


def test_static_files_and_machine_endpoints_have_no_limit(flask):
    browser = visitor(flask)
    for path in ("/static/css/tokens.css", "/healthz"):
        assert {browser.get(path).status_code for _ in range(FEW + 2)} == {200}


def test_the_status_of_an_upload_can_be_polled_without_limit(flask, tmp_path):
    with UploadFolder(tmp_path / "uploads").claim(Upload("a1", ME, "squat", "replay", state="waiting")):
        browser = visitor(flask, ME)
        assert {browser.get("/upload/a1/status.json").status_code for _ in range(FEW + 2)} == {200}
        assert {browser.get("/").status_code for _ in range(FEW)} == {200}, "nor does it take from the pages' share"


def test_another_address_has_its_own_share(flask):
    browser = visitor(flask)
    for _ in range(FEW + 1):
        last = browser.get("/")
    assert last.status_code == 429
    assert browser.get("/", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200


def test_a_page_is_logged_by_its_pattern_and_no_secret_link_is_in_the_log(flask, caplog):
    caplog.set_level(logging.INFO)
    visitor(flask).get("/share/a-secret-link")
    assert "GET /share/<" in caplog.text
    assert "a-secret-link" not in caplog.text
