import logging
import sys

import pytest

from webapp.log import PACKETS, OneLine, configure


@pytest.fixture
def logging_as_before():
    root, packets = logging.getLogger(), logging.getLogger(PACKETS)
    before = root.level, root.handlers[:], packets.level
    yield
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    packets.setLevel(before[2])


def line_of(message, *arguments, exc_info=None):
    record = logging.LogRecord("webapp.here", logging.WARNING, "here.py", 1, message, arguments, exc_info)
    return OneLine().format(record)


def test_a_record_is_one_line_with_level_and_place():
    line = line_of("frame %s refused", 7)
    assert line.endswith("WARNING webapp.here: frame 7 refused")


def test_text_from_a_browser_cannot_start_a_new_line():
    assert len(line_of("refused: %s", "x\r\n2026-01-01 ERROR forged").splitlines()) == 1


def test_an_exception_is_part_of_the_line_and_says_where_it_came_from():
    try:
        int("many\nlines")
    except ValueError:
        line = line_of("it failed", exc_info=sys.exc_info())
    assert "it failed | ValueError: invalid literal" in line
    assert "test_log.py:" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("debug", ["a message", "a fault", "an error"]),
        ("info", ["a fault", "an error"]),
        ("warning", ["a fault", "an error"]),
        ("error", ["an error"]),
    ],
)
@pytest.mark.usefixtures("logging_as_before")
def test_a_browsers_messages_are_logged_at_no_level_but_debug(level, told, capsys):
    configure(level)
    packets = logging.getLogger(PACKETS)
    packets.info("a message")
    packets.warning("a fault")
    packets.error("an error")
    assert [line.rpartition(": ")[2] for line in capsys.readouterr().err.splitlines()] == told
