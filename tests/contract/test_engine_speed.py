import numpy as np
import pytest

from webapp.errors import BackendUnavailable
from webapp.evaluation.engine_speed import frames_of, measure
from webapp.pose import picture
from webapp.pose.choice import EngineChoice


def test_the_drawn_frames_are_jpegs_of_640_by_480():
    assert {picture.decode(jpeg).shape for jpeg in frames_of(None)} == {(480, 640, 3)}


def test_an_engine_is_measured_in_a_separate_process():
    speed = measure([EngineChoice("null")], frames_of(None)[:4], rounds=2, seconds=0.02)["null"]
    assert speed.ms >= speed.decode_ms > 0
    assert speed.rss_mb > 10
    assert (speed.model_ms, speed.crop_ms, speed.rest_ms) == (None, None, None), "it looks at no picture"


def test_memory_is_that_of_the_engines_own_process_not_of_the_one_that_started_it():
    held = np.ones(400_000_000, np.uint8)
    speed = measure([EngineChoice("null")], frames_of(None)[:4], rounds=1, seconds=0.02)["null"]
    assert speed.rss_mb < held.nbytes / 1e6


def test_a_frame_s_time_has_the_parts_decoding_cropping_network_and_the_rest():
    speed = measure([EngineChoice("blazepose-lite")], frames_of(None)[:4], rounds=1, seconds=0.3)["blazepose-lite"]
    assert 0 < speed.crop_ms < speed.ms
    parts = speed.decode_ms, speed.crop_ms, speed.model_ms, speed.rest_ms
    assert sum(parts) == pytest.approx(speed.ms)


def test_an_engine_that_cannot_be_opened_is_left_out_or_ends_the_measurement():
    choices, left_out = [EngineChoice("replay"), EngineChoice("null")], {}
    speeds = measure(choices, frames_of(None)[:4], rounds=1, seconds=0.02, left_out=left_out.__setitem__)
    assert list(speeds) == ["null"]
    assert "--series" in str(left_out["replay"])
    with pytest.raises(BackendUnavailable, match="--series"):
        measure(choices, frames_of(None)[:4], rounds=1, seconds=0.02)
