"""The figures in `/metrics` about a connection's frames."""

import pytest

from webapp.errors import BadMessage, StoreError
from webapp.gateway.frame_metrics import FrameMetrics
from webapp.metrics import Metrics
from webapp.records import Estimate


@pytest.fixture
def metrics():
    return Metrics()


def value(metrics, name):
    lines = metrics.text().decode().splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith(f"posecoach_{name} "))


def test_a_frame_that_a_newer_one_overtook_is_dropped_once(metrics):
    frames = FrameMetrics(metrics)
    for seq in (1, 2, 3):
        frames.came(seq)
    frames.answered(Estimate(3, 0.0, None, infer_ms=4.0))
    frames.answered(Estimate(3, 0.0, None))
    assert (value(metrics, "frames_total"), value(metrics, "frames_answered_total")) == (3, 1)
    assert value(metrics, "frames_dropped_total") == 2
    assert value(metrics, "inference_seconds_sum") == pytest.approx(0.004)


def test_a_refused_frame_is_neither_answered_nor_dropped(metrics):
    frames = FrameMetrics(metrics)
    frames.came(1)
    frames.refused(BadMessage("broken"), 1)
    assert value(metrics, 'refused_total{code="bad_message"}') == 1
    assert value(metrics, "frames_dropped_total") == value(metrics, "frames_answered_total") == 0


def test_a_refused_frame_that_was_not_accepted_drops_no_other(metrics):
    frames = FrameMetrics(metrics)
    for seq in (1, 2):
        frames.came(seq)
    frames.refused(BadMessage("broken"), 3)
    for seq in (1, 2):
        frames.answered(Estimate(seq, 0.0, None))
    assert (value(metrics, "frames_answered_total"), value(metrics, "frames_dropped_total")) == (2, 0)


def test_a_store_error_is_counted_as_one(metrics):
    FrameMetrics(metrics).refused(StoreError("full"), None)
    assert value(metrics, "store_errors_total") == 1


def test_two_servers_in_one_process_count_for_themselves(metrics):
    FrameMetrics(Metrics()).came(1)
    assert value(metrics, "frames_total") == 0
