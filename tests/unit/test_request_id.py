import json
import logging

import pytest

from webapp import request_id
from webapp.log import Json, OneLine


def answered(behind_proxies=False, **environ):
    """Return the id seen within the request, and the answer's headers."""
    seen, headers = [], {}

    def app(_environ, start_response):
        seen.append(request_id.current())
        start_response("200 OK", [("Content-Type", "text/plain")])
        return []

    request_id.named(app, behind_proxies=behind_proxies)(environ, lambda _, given: headers.update(given))
    return seen[0], headers


def test_each_request_has_a_name_of_its_own_and_its_answer_tells_it():
    one, headers = answered()
    other, _ = answered()
    assert one != other
    assert headers == {"Content-Type": "text/plain", "X-Request-ID": one}


def test_a_name_given_by_a_proxy_of_ours_is_taken():
    assert answered(behind_proxies=True, HTTP_X_REQUEST_ID="a1-b2.c3")[0] == "a1-b2.c3"


@pytest.mark.parametrize("forged", ["x\r\nSet-Cookie: a=b", "a b", "", "x" * 65, "é"])
def test_a_name_that_is_no_name_is_not_taken(forged):
    assert answered(behind_proxies=True, HTTP_X_REQUEST_ID=forged)[0] != forged


def test_without_a_proxy_nobody_names_a_request():
    assert answered(HTTP_X_REQUEST_ID="mine")[0] != "mine"


def record(**more):
    one = logging.LogRecord("webapp.here", logging.WARNING, "here.py", 1, "frame %s\nrefused", (7,), None)
    vars(one).update(more)
    return one


def test_a_line_of_the_log_has_the_name_of_the_request_that_is_answered_and_no_later_one():
    lines = []

    def app(_environ, _start_response):
        lines.extend(form.format(record()) for form in (OneLine(), Json()))
        return []

    request_id.named(app, behind_proxies=True)({"HTTP_X_REQUEST_ID": "abc"}, None)
    assert " webapp.here [abc]: frame 7 refused" in lines[0]
    assert json.loads(lines[1])["request"] == "abc"
    assert "request" not in json.loads(Json().format(record()))


def test_a_line_logged_between_requests_can_name_its_request():
    assert json.loads(Json().format(record(request="abc")))["request"] == "abc"


def test_a_line_of_json_is_one_line_and_tells_time_level_logger_message_and_exception():
    try:
        int("many\nlines")
    except ValueError as exc:
        line = Json().format(record(exc_info=(type(exc), exc, exc.__traceback__)))
    assert "\n" not in line
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == ("warning", "webapp.here", "frame 7\nrefused")
    assert told["time"].endswith("+00:00")
    assert told["exception"].startswith("ValueError: invalid literal")
