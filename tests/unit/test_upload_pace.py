import pytest

from webapp.errors import TooSlow
from webapp.uploads.pace import LEAST_BYTES_PER_S, OVER_S, Pace


def test_a_byte_now_and_then_is_too_slow():
    pace = Pace(100.0)
    pace.came(1, 100.0 + 0.9 * OVER_S)
    with pytest.raises(TooSlow, match="faster connection"):
        pace.came(1, 100.0 + 1.8 * OVER_S)


def test_a_fast_start_does_not_excuse_a_slow_upload():
    pace = Pace(100.0)
    pace.came(100_000_000, 100.0 + OVER_S)
    pace.came(1000, 101.0 + OVER_S)
    with pytest.raises(TooSlow):
        pace.came(1000, 100.0 + 2 * OVER_S)


def test_a_slow_line_that_goes_on_and_one_that_is_away_for_a_moment_are_quick_enough():
    pace = Pace(100.0)
    for second in range(1, 600):
        pace.came(LEAST_BYTES_PER_S, 100.0 + second)
    pace.came(30 * LEAST_BYTES_PER_S, 100.0 + 599 + 0.9 * OVER_S)
