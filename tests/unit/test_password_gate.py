"""A server with a password: what is accessible with and without it."""

import re
from base64 import b64encode
from html import unescape

import pytest
from flask.testing import FlaskClient
from visitors import PEOPLE, pages_over

from webapp.errors import TooMany, WrongPassword
from webapp.gateway.password_gate import require_password
from webapp.pages.login import login_page
from webapp.password import COOKIE, Password
from webapp.store import open_store

SECRET = "correct horse"
PAGE = {"Accept": "text/html,*/*"}


def password(secret: str = SECRET) -> Password:
    return Password(secret, PEOPLE.password_signature(secret))


@pytest.fixture
def browser(tmp_path) -> FlaskClient:
    with_password = password()
    flask = pages_over(open_store("memory:"), tmp_path)
    flask.register_blueprint(login_page(with_password))
    flask.wsgi_app = require_password(flask.wsgi_app, with_password)
    return flask.test_client()


def test_a_visitor_without_the_password_reaches_the_page_through_the_login(browser):
    asked = browser.get("/workout/squat", headers=PAGE)
    assert (asked.status_code, asked.location) == (303, "/login?next=/workout/squat")
    assert b"needs a password" in browser.get(asked.location).data
    entered = browser.post("/login", data={"password": SECRET, "next": "/workout/squat"})
    assert (entered.status_code, entered.location) == (303, "/workout/squat")
    assert browser.get("/workout/squat", headers=PAGE).status_code == 200


@pytest.mark.parametrize(
    "wanted", ["/workout/squat?target=10&sets=3", "/workout/%C3%BCbung", "/workouts?exercise=a%26b"]
)
def test_the_login_leads_to_the_very_address_that_was_asked_for(browser, wanted):
    asked = browser.get(wanted, headers=PAGE)
    (form,) = re.findall(rb'name="next" value="([^"]*)"', browser.get(asked.location).data)
    assert browser.post("/login", data={"password": SECRET, "next": unescape(form.decode())}).location == wanted


@pytest.mark.parametrize(
    "path", ["/", "/workouts", "/data/export.json", "/socket.io/?EIO=4&transport=websocket", "/metrics"]
)
def test_requests_that_are_not_pages_are_refused_without_the_password(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_wrong_password_is_reported_and_opens_nothing(browser):
    answer = browser.post("/login", data={"password": "wrong"})
    assert answer.status_code == 401
    assert b"That is not the password." in answer.data
    assert browser.get("/").status_code == 401


@pytest.mark.parametrize("path", ["/login", "/static/favicon.svg"])
def test_the_login_and_what_it_looks_like_are_open(browser, path):
    assert browser.get(path).status_code == 200


def test_a_share_link_needs_no_password(browser):
    assert browser.get("/share/nothing").status_code == 404


@pytest.mark.parametrize(("given", "status"), [(f"me:{SECRET}", 200), ("me:wrong", 401), (SECRET, 401), ("\xff", 401)])
def test_tools_send_the_password_with_the_request(browser, given, status):
    credentials = b64encode(given.encode("latin-1")).decode()
    assert browser.get("/", headers={"Authorization": f"Basic {credentials}"}).status_code == status


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Bearer x", f"Basic {'A' * 9}", "Basic \xe9"])
def test_an_odd_header_opens_nothing(browser, header):
    assert browser.get("/", headers={"Authorization": header}).status_code == 401


def test_a_tool_over_the_limit_is_asked_to_wait_whatever_its_password(browser):
    wrong, right = (b64encode(f"me:{given}".encode()).decode() for given in ("wrong", SECRET))
    for _ in range(11):
        browser.get("/", headers={"Authorization": f"Basic {wrong}"})
    answer = browser.get("/", headers={"Authorization": f"Basic {right}"})
    assert answer.status_code == 429
    assert "try again in" in answer.text


ELSEWHERE = ("https://", "//", "/\\", "/\t/", "/\n/", "/\r\nLocation: https://")
"""Browsers ignore tabs and line breaks in an address (WHATWG URL, "basic URL parser", step 3)."""


@pytest.mark.parametrize("wanted", ["", *(f"{way}elsewhere.example" for way in ELSEWHERE)])
def test_the_login_leads_to_this_server_alone(browser, wanted):
    entered = browser.post("/login", data={"password": SECRET, "next": wanted})
    assert entered.location == "/"


def test_another_password_makes_the_old_cookies_void(browser):
    browser.set_cookie(COOKIE, password("the old one").signature)
    assert browser.get("/").status_code == 401


def test_ten_wrong_passwords_a_minute_are_tried_from_an_address_and_the_right_ones_cost_nothing():
    one = password()
    for _ in range(50):
        one.try_it(SECRET, "192.0.2.1", 100.0)
    for _ in range(10):
        with pytest.raises(WrongPassword):
            one.try_it("wrong", "192.0.2.1", 100.0)
    with pytest.raises(TooMany, match="try again in"):
        one.try_it(SECRET, "192.0.2.1", 100.0)
    one.try_it(SECRET, "192.0.2.2", 100.0)
    one.try_it(SECRET, "192.0.2.1", 107.0)
