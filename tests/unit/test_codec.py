import numpy as np
import pytest

from webapp.errors import AppError, BackendUnavailable, BadMessage, FrameTooLarge, PoseError, WeightsAbsent
from webapp.pose import codec
from webapp.pose.codec import Kind
from webapp.records import Estimate, Frame, Pose


def test_a_frame_arrives_as_it_was_sent():
    frame = Frame("12", 345, 1767225600.125, b"\xff\xd8 picture \xff\xd9")
    assert codec.job(b"".join(codec.of_frame(frame))) == (Kind.FRAME, frame)


def test_a_pose_arrives_to_the_last_bit_and_read_only():
    rng = np.random.default_rng(1)
    image = rng.normal(size=(33, 4)).astype(np.float32)
    image[3] = (np.nan, np.nan, np.nan, 0)
    sent = Pose(image, rng.normal(size=(33, 3)).astype(np.float32), 4 / 3)
    answer = codec.answer(codec.of_estimate("7", Estimate(9, 2.5, sent, infer_ms=8.25, others=2)))
    got = answer.estimate
    assert (answer.stream, got.seq, got.t_s, got.infer_ms, got.others) == ("7", 9, 2.5, 8.25, 2)
    assert got.pose.aspect == sent.aspect
    assert got.pose.image.tobytes() == sent.image.tobytes()
    assert got.pose.world.tobytes() == sent.world.tobytes()
    assert not got.pose.image.flags.writeable
    assert not got.pose.world.flags.writeable


def test_nobody_in_view_arrives_as_such():
    got = codec.answer(codec.of_estimate("7", Estimate(9, 2.5, None, infer_ms=3.0))).estimate
    assert (got.seq, got.t_s, got.pose, got.infer_ms) == (9, 2.5, None, 3.0)


@pytest.mark.parametrize(
    "error",
    [BadMessage("Grüße\nin two lines"), FrameTooLarge("x"), BackendUnavailable("z"), PoseError(""), AppError("?")],
)
def test_an_error_arrives_with_its_kind_and_its_words(error):
    answer = codec.answer(codec.of_error(Kind.FAILED, error, "7", 9))
    assert (answer.stream, answer.seq) == ("7", 9)
    assert type(answer.error) is type(error)
    assert str(answer.error) == str(error)


def test_an_error_without_a_code_of_its_own_arrives_as_the_error_it_has_it_from():
    answer = codec.answer(codec.of_error(Kind.UNAVAILABLE, WeightsAbsent("fetch them")))
    assert type(answer.error) is BackendUnavailable


@pytest.mark.parametrize("kind", [Kind.OPEN, Kind.CLOSE, Kind.STOP])
def test_an_order_arrives_with_its_kind_and_its_stream(kind):
    assert codec.job(codec.bare(kind, "5"))[0] is kind
    assert codec.job(codec.bare(kind, "5"))[1].stream == "5"


def test_the_opening_of_a_stream_names_its_engine():
    job = codec.of_stream("12", "efficientpose-rt-lite")
    assert codec.job(job)[0] is Kind.OPEN
    assert codec.job(job)[1].stream == "12"
    assert codec.engine_of(job) == "efficientpose-rt-lite"
