"""The contract of pose engines, tested on every engine that can be opened here."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from webapp.errors import BackendUnavailable
from webapp.pose import picture
from webapp.pose.backends import engines, open_backend
from webapp.series import Series

WEIGHTS = Path(__file__).parents[3] / "shared" / "weights"


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """A recording of one still pose, then of nobody, for the replay engine."""
    rng = np.random.default_rng(7)
    image = np.tile(rng.random((1, 33, 4), dtype=np.float32), (40, 1, 1))
    image[30:] = np.nan
    path = tmp_path_factory.mktemp("series") / "still.npz"
    world = np.tile(rng.random((1, 33, 3), dtype=np.float32), (40, 1, 1))
    Series(t_s=np.arange(40) / 10, image=image, world=world, aspect=4 / 3).save(path)
    return path


@pytest.fixture(scope="module", params=list(engines()))
def backend(request, recording):
    try:
        opened = open_backend(request.param, models=[WEIGHTS], series=recording)
    except BackendUnavailable as exc:
        pytest.skip(str(exc))
    yield opened
    opened.close()


@pytest.fixture
def sees(backend):
    """Skip an engine that ignores the picture."""
    if backend.name in ("replay", "null"):
        pytest.skip(f"{backend.name} looks at no picture")


@pytest.fixture
def stream(backend):
    opened = backend.open()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def photo(shared):
    def read(name):
        return picture.decode((shared / "data" / "images" / name).read_bytes())

    return read


@pytest.fixture(scope="session")
def clip(shared):
    """The first frames of a clip, ten a second."""
    film = cv2.VideoCapture(str(shared / "data" / "clips" / "squat_front_home_kratika.mp4"))
    every = round((film.get(cv2.CAP_PROP_FPS) or 30) / 10)
    frames = [film.read()[1] for _ in range(every * 8)][::every]
    return [np.ascontiguousarray(cv2.resize(frame, (640, 360))[:, :, ::-1]) for frame in frames]


def check(pose, rgb, row):
    assert pose.image.shape == (33, 4)
    assert pose.world.shape == (33, 3)
    assert pose.image.dtype == pose.world.dtype == np.float32
    assert not pose.image.flags.writeable
    assert not pose.world.flags.writeable
    has = np.isin(np.arange(33), row.joints)
    assert np.isfinite(pose.image[pose.image[:, 3] > 0]).all()
    assert np.isnan(pose.image[~has, :3]).all()
    assert ((pose.image[:, 3] >= 0) & (pose.image[:, 3] <= 1)).all()
    assert (pose.image[~has, 3] == 0).all()
    assert np.isfinite(pose.world).all() if row.has_depth else np.isnan(pose.world).all()
    if row.module != "replay":
        assert pose.aspect == pytest.approx(rgb.shape[1] / rgb.shape[0])


def body_px(pose, rgb):
    """Corners of the box around the visible joints: left, top, right, bottom."""
    seen = pose.image[pose.image[:, 3] > 0.5, :2] * (rgb.shape[1], rgb.shape[0])
    return *seen.min(axis=0), *seen.max(axis=0)


def test_the_name_is_that_of_the_table(backend):
    assert backend.name in engines()


def test_in_a_black_frame_there_is_nobody(sees, stream):
    assert stream.estimate(np.zeros((480, 640, 3), np.uint8), 0.0) is None
    assert stream.others == 0


def test_a_person_gives_a_pose_with_the_joints_that_the_table_promises(backend, stream, photo):
    rgb = photo("tfjs_pose.jpg")
    pose = stream.estimate(rgb, 0.0)
    check(pose, rgb, engines()[backend.name])


def test_one_person_is_found_where_she_stands(sees, stream, photo):
    rgb = photo("tfjs_pose.jpg")
    left, top, right, bottom = body_px(stream.estimate(rgb, 0.0), rgb)
    assert 150 < left < 400
    assert 600 < right < 850
    assert top > 150
    assert bottom > 500


def test_several_people_give_the_pose_of_one(sees, backend, stream, photo):
    rgb = photo("rtmlib_demo.jpg")
    pose = stream.estimate(rgb, 0.0)
    check(pose, rgb, engines()[backend.name])
    left, _, right, _ = body_px(pose, rgb)
    assert right - left < 600, "the joints of two players in one skeleton"


def test_a_person_at_the_edge_is_found(sees, backend, stream, photo):
    rgb = np.ascontiguousarray(photo("tfjs_pose.jpg")[:, 430:])
    pose = stream.estimate(rgb, 0.0)
    assert pose is not None
    check(pose, rgb, engines()[backend.name])


def test_a_person_is_found_in_a_portrait_picture(sees, backend, stream, photo):
    rgb = np.ascontiguousarray(photo("tfjs_pose.jpg")[:, 300:720])
    pose = stream.estimate(rgb, 0.0)
    assert pose is not None
    check(pose, rgb, engines()[backend.name])


def test_in_a_picture_of_one_pixel_there_is_nobody(sees, stream):
    assert stream.estimate(np.full((1, 1, 3), 90, np.uint8), 0.0) is None


def test_a_person_is_found_in_a_picture_of_4000_by_3000(sees, backend, stream, photo):
    rgb = cv2.resize(photo("tfjs_pose.jpg"), (4000, 3000))
    pose = stream.estimate(rgb, 0.0)
    assert pose is not None
    check(pose, rgb, engines()[backend.name])


@pytest.mark.parametrize(("mode", "colour"), [("L", 120), ("CMYK", (0, 255, 255, 0))])
def test_a_grey_and_a_cmyk_jpeg_are_pictures_as_others(sees, stream, plain_jpeg, mode, colour):
    assert stream.estimate(picture.decode(plain_jpeg(mode, colour)), 0.0) is None


def test_a_person_is_found_in_a_grey_jpeg(sees, backend, stream, photo):
    grey = cv2.cvtColor(photo("efficientpose_MPII.jpg"), cv2.COLOR_RGB2GRAY)
    rgb = picture.decode(cv2.imencode(".jpg", grey)[1].tobytes())
    check(stream.estimate(rgb, 0.0), rgb, engines()[backend.name])


def run(backend, frames, start_s=0.0):
    stream = backend.open()
    poses = [stream.estimate(rgb, start_s + number / 10) for number, rgb in enumerate(frames)]
    stream.close()
    return poses


def test_two_streams_interleaved_equal_each_alone_bit_for_bit(backend, clip):
    first, second = clip, [np.ascontiguousarray(rgb[:, ::-1]) for rgb in clip]
    alone = run(backend, first), run(backend, second, start_s=5.0)
    one, two = backend.open(), backend.open()
    mixed = [], []
    for number, (left, right) in enumerate(zip(first, second, strict=True)):
        mixed[0].append(one.estimate(left, number / 10))
        mixed[1].append(two.estimate(right, 5.0 + number / 10))
    one.close()
    two.close()
    for expected, got in zip(alone[0] + alone[1], mixed[0] + mixed[1], strict=True):
        np.testing.assert_array_equal(got.image, expected.image)
        np.testing.assert_array_equal(got.world, expected.world)


def test_a_person_is_followed_through_a_clip(backend, clip):
    for pose, rgb in zip(run(backend, clip), clip, strict=True):
        check(pose, rgb, engines()[backend.name])


def test_after_a_cut_the_new_person_is_seen_at_once(sees, backend, stream, photo, clip):
    if backend.name.startswith("mediapipe"):
        pytest.skip("MediaPipe tracks on as it does")
    for t_s, rgb in enumerate(clip):
        stream.estimate(rgb, t_s / 10)
    after = photo("tfjs_pose.jpg")
    seen, alone = stream.estimate(after, 5.0), backend.open().estimate(after, 5.0)
    np.testing.assert_array_equal(seen.image, alone.image)


def test_frames_less_than_a_millisecond_apart_are_two_frames(stream, photo):
    rgb = photo("tfjs_pose.jpg")
    assert stream.estimate(rgb, 0.0001) is not None
    assert stream.estimate(rgb, 0.0002) is not None


@pytest.mark.parametrize("second_s", [1.0, 0.5, float("nan"), float("inf")])
def test_a_time_that_does_not_grow_is_refused(stream, second_s):
    rgb = np.zeros((48, 64, 3), np.uint8)
    stream.estimate(rgb, 1.0)
    with pytest.raises(ValueError, match="increase"):
        stream.estimate(rgb, second_s)


def test_a_refused_frame_leaves_the_stream_unharmed(stream):
    rgb = np.zeros((48, 64, 3), np.uint8)
    stream.estimate(rgb, 0.0)
    for t_s in (0.0, float("inf")):
        with pytest.raises(ValueError, match="increase"):
            stream.estimate(rgb, t_s)
    stream.estimate(rgb, 0.1)


def test_a_stream_and_an_engine_may_be_closed_twice(backend, recording):
    opened = open_backend(backend.name, models=[WEIGHTS], series=recording)
    stream = opened.open()
    stream.close()
    stream.close()
    opened.close()
    opened.close()
