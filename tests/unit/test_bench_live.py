"""What the bench makes of the frames that the page reports as drawn."""

import pytest

from webapp.commands.bench_live import figures_of
from webapp.errors import SettingsError


def drawn(seq: int) -> dict[str, float]:
    return {"seq": seq, "capture_ms": 100.0 * seq, "drawn_ms": 100.0 * seq + 30.0}


def test_waits_rate_and_drops_are_those_of_the_frames_drawn() -> None:
    assert figures_of([drawn(3), drawn(4), drawn(6)]) == {
        "capture_to_draw_ms": {"p50": 30.0, "p95": 30.0},
        "shown_fps": 6.7,
        "dropped": 1,
    }


@pytest.mark.parametrize("frames", [[], [drawn(1)]], ids=["none", "one"])
def test_a_page_that_draws_nothing_is_one_sentence(frames: list[dict[str, float]]) -> None:
    with pytest.raises(SettingsError, match="drew no frames"):
        figures_of(frames)
