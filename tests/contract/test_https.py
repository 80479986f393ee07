"""Servers with https, with their own certificate and with a given one, and one with a password."""

import socket
import ssl
import urllib.error
import urllib.request

import pytest
import socketio
from server import PATIENCE_S, Browser, serving, until

from webapp.serving.certificate import AUTHORITY, local_certificate


def get(url: str, trusts=None, **headers: str) -> bytes:
    context = ssl.create_default_context(cafile=trusts) if trusts else None
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=PATIENCE_S, context=context) as answer:
        return answer.read()


def test_a_browser_that_trusts_the_servers_authority_works_over_https(tmp_path, series):
    authority = tmp_path / "https" / AUTHORITY
    with serving(tmp_path, series, "--workers", "1", "--https") as server:
        assert server.url.startswith("https://")
        assert b"PoseCoach" in get(f"{server.url}/", trusts=authority)
        assert get(f"{server.url}/authority.pem", trusts=authority) == authority.read_bytes()
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            get(f"{server.url}/")
        browser = Browser(server.url, trusts=authority)
        browser.start()
        browser.say("go", {})
        assert [rep["number"] for rep in browser.squat(2)] == [1, 2]
        browser.close()


def test_its_cookies_are_sent_over_https_alone(tmp_path, series):
    authority = tmp_path / "https" / AUTHORITY
    with serving(tmp_path, series, "--workers", "1", "--https") as server:
        context = ssl.create_default_context(cafile=authority)
        with urllib.request.urlopen(f"{server.url}/workout/squat", timeout=PATIENCE_S, context=context) as answer:
            assert "Secure" in answer.headers["Set-Cookie"]


def test_a_missing_handshake_blocks_no_other_client(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1", "--https") as server:
        port = int(server.url.rpartition(":")[2])
        silent = [socket.create_connection(("127.0.0.1", port), PATIENCE_S) for _ in range(20)]
        try:
            assert b"ok" in get(f"{server.url}/healthz", trusts=tmp_path / "https" / AUTHORITY)
        finally:
            for one in silent:
                one.close()


def test_plain_http_and_an_untrusted_certificate_log_no_traceback(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1", "--https", "--log-level", "info") as server:
        with pytest.raises((urllib.error.URLError, OSError)):
            get(server.url.replace("https:", "http:"))
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            distrust(server.url, version)
        until(lambda: sum("no https with" in line for line in server.lines()) >= 3)
        assert b"ok" in get(f"{server.url}/healthz", trusts=tmp_path / "https" / AUTHORITY)
        assert not any("Traceback" in line or "Removing descriptor" in line for line in server.lines())


def distrust(url: str, version: ssl.TLSVersion) -> None:
    """Shake hands like a browser that does not know the server's authority."""
    context = ssl.create_default_context()
    context.minimum_version = context.maximum_version = version
    port = int(url.rpartition(":")[2])
    with (
        socket.create_connection(("127.0.0.1", port), PATIENCE_S) as connection,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(connection, server_hostname="localhost")


def test_a_user_supplied_certificate_is_used(tmp_path, series):
    given = local_certificate(tmp_path / "given", [])
    flags = ("--certificate", str(given.certificate), "--certificate-key", str(given.key))
    with serving(tmp_path, series, "--workers", "1", *flags) as server:
        assert b"ok" in get(f"{server.url}/healthz", trusts=tmp_path / "given" / AUTHORITY)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(f"{server.url}/authority.pem", trusts=tmp_path / "given" / AUTHORITY)


def test_with_a_password_no_socket_opens_without_it(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1", "--password", "open sesame") as server:
        with pytest.raises(socketio.exceptions.ConnectionError):
            Browser(server.url)
        form = urllib.request.Request(f"{server.url}/login", b"password=open+sesame")
        opener = urllib.request.build_opener(_Stay)
        with pytest.raises(urllib.error.HTTPError) as entered:
            opener.open(form, timeout=PATIENCE_S)
        cookie = entered.value.headers["Set-Cookie"].partition(";")[0]
        browser = Browser(server.url, cookie=cookie)
        assert browser.start()["exercise"]["name"] == "squat"
        browser.close()
        assert b"Workouts" in get(f"{server.url}/", Cookie=cookie)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirection, so that its cookie can be read."""

    def redirect_request(self, *_):
        return None
