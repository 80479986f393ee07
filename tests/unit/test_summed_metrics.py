"""The figures of several processes, merged for one scrape."""

from webapp.metrics import Metrics, text_of


def test_each_figure_has_its_process_and_each_name_is_declared_once():
    one, other = Metrics(), Metrics()
    one.frames.inc()
    other.frames.inc()
    other.frames.inc()
    other.refused.labels("too_many").inc()
    one.watch("workers", "Worker processes", "state", lambda: {"ready": 2})
    other.watch("workers", "Worker processes", "state", lambda: {"ready": 1, "starting": 1})
    text = text_of({1: one.families(), 2: other.families()}).decode()
    assert 'posecoach_frames_total{process="1"} 1.0' in text
    assert 'posecoach_frames_total{process="2"} 2.0' in text
    assert 'posecoach_refused_total{code="too_many",process="2"} 1.0' in text
    assert 'posecoach_workers{process="2",state="starting"} 1.0' in text
    assert text.count("# TYPE posecoach_frames_total counter") == 1
    assert text.count("# TYPE posecoach_answer_age_seconds histogram") == 1
