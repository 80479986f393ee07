from webapp.evaluation.engine_speed import frames_of, measure
from webapp.pose import picture
from webapp.pose.choice import EngineChoice


def test_the_drawn_frames_are_jpegs_of_640_by_480():
    assert {picture.decode(jpeg).shape for jpeg in frames_of(None)} == {(480, 640, 3)}


def test_an_engine_is_measured_in_a_process_of_its_own():
    speed = measure([EngineChoice("null")], frames_of(None)[:4], rounds=2, seconds=0.02)["null"]
    assert speed.ms >= speed.decode_ms > 0
    assert speed.rss_mb > 10
    assert speed.model_ms is None, "it has no network"
