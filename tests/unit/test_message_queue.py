"""The Redis between several servers: whether it answers is found out when the server starts."""

import logging
import socket

import pytest

from webapp.commands import serve
from webapp.errors import SettingsError
from webapp.gateway.message_queue import silence
from webapp.settings import Settings


@pytest.fixture
def nobody():
    """The URL of a port that nobody listens on."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"redis://:secret@127.0.0.1:{bound.getsockname()[1]}/0"


def test_an_unreachable_redis_is_reported_at_the_start_without_its_password(nobody, caplog):
    with caplog.at_level(logging.WARNING):
        serve._warn(Settings(message_queue=nobody))
    assert "start it, or correct --message-queue" in caplog.text
    assert "127.0.0.1" in caplog.text
    assert "secret" not in caplog.text


def test_a_server_alone_asks_no_redis(caplog):
    serve._warn(Settings())
    assert "Redis" not in caplog.text


@pytest.mark.parametrize(
    "url", ["localhost:6379", "http://localhost", "unix:///run/redis.sock", "redis://localhost:many"]
)
def test_an_invalid_redis_url_is_refused_with_an_example(url):
    with pytest.raises(SettingsError, match="give it as redis://HOST"):
        silence(url)
