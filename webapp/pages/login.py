"""The page that asks for the server's password."""

import re
import time
from functools import partial

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from webapp.errors import TooMany, WrongPassword
from webapp.pages.site import MOST_FORM_BYTES, keep_cookie
from webapp.password import COOKIE, Password

_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")
"""A local path with its query: no second slash, backslash, blank or control character."""


def login_page(password: Password) -> Blueprint:
    """Return the login page; a server without a password has none."""
    page = Blueprint("login", __name__)
    page.add_url_rule("/login", "ask", _ask)
    page.add_url_rule("/login", "enter", partial(_enter, password), methods=["POST"])
    return page


def _ask(said: str = "") -> str:
    return render_template("login.html", said=said, wanted=request.values.get("next", "/"))


def _enter(password: Password) -> ResponseReturnValue:
    request.max_content_length = MOST_FORM_BYTES
    try:
        password.try_it(request.form.get("password", ""), request.remote_addr or "", time.monotonic())
    except (WrongPassword, TooMany) as problem:
        return _ask(problem.public_message), problem.http
    answer = redirect(_here(request.form.get("next", "/")), 303)
    keep_cookie(answer, COOKIE, password.signature)
    return answer


def _here(wanted: str) -> str:
    """Return the requested path, unless it leads to another server."""
    return wanted if _PATH.fullmatch(wanted) else "/"
