import logging
import sys

from webapp.log import OneLine


def line_of(message, *arguments, exc_info=None):
    record = logging.LogRecord("webapp.here", logging.WARNING, "here.py", 1, message, arguments, exc_info)
    return OneLine().format(record)


def test_a_record_is_one_line_with_level_and_place():
    line = line_of("frame %s refused", 7)
    assert line.endswith("WARNING webapp.here: frame 7 refused")


def test_what_a_browser_sent_cannot_begin_a_new_line():
    assert len(line_of("refused: %s", "x\r\n2026-01-01 ERROR forged").splitlines()) == 1


def test_an_exception_is_part_of_the_line_and_says_where_it_came_from():
    try:
        int("many\nlines")
    except ValueError:
        line = line_of("it failed", exc_info=sys.exc_info())
    assert "it failed | ValueError: invalid literal" in line
    assert "test_log.py:" in line
    assert "\n" not in line
