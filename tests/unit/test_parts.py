"""A workout's landmarks are stored in small parts, and count the same when read back."""

from pathlib import Path

import numpy as np
import pytest

from webapp.exercises import load_library
from webapp.parts import LADDER, MOST_BYTES_PER_S, PART_S, PartWriter, pack, parts_of, times_s, unpack
from webapp.records import Estimate, Pose
from webapp.series import Series, poses_at, read_series
from webapp.workout import Workout

RECORDINGS = sorted((Path(__file__).parent.parent / "data" / "series").glob("*.npz"))
LIBRARY = load_library()
T0_S = 1_790_000_000.25


def estimates(path=RECORDINGS[0], later_s=T0_S):
    return [Estimate(e.seq, e.t_s + later_s, e.pose) for e in Series.load(path).estimates()]


def noise(fps, seconds, seed=1):
    chance = np.random.default_rng(seed)
    for index in range(int(fps * seconds)):
        image = chance.uniform(-0.5, 1.5, (33, 4)).astype(np.float32)
        image[:, 3] = chance.uniform(0, 1, 33)
        yield Estimate(index, T0_S + index / fps, Pose(image, chance.normal(0, 0.6, (33, 3)).astype(np.float32), 1.5))


def test_stored_landmarks_are_read_back_within_half_a_step():
    before = estimates()
    after = read_series(parts_of(before))
    images = np.array([e.pose.image for e in before])
    worlds = np.array([e.pose.world for e in before])
    np.testing.assert_allclose(after.t_s, [e.t_s for e in before], atol=0.0011)
    np.testing.assert_allclose(after.image[..., :2], images[..., :2], atol=0.5 / 2048 + 1e-6)
    np.testing.assert_allclose(after.image[..., 2], images[..., 2], atol=0.5 / 256 + 1e-6)
    np.testing.assert_allclose(after.world, worlds, atol=0.00126)
    assert after.aspect == pytest.approx(before[0].pose.aspect)


@pytest.mark.parametrize("threshold", [0.3, 0.4, 0.5])
def test_a_joint_is_seen_after_it_was_kept_exactly_if_it_was_before(threshold):
    before = np.array([e.pose.image[:, 3] for e in estimates()])
    after = read_series(parts_of(estimates())).image[..., 3]
    far = abs(before - threshold) > 1e-4
    np.testing.assert_array_equal(after[far] > threshold - 0.01, before[far] > threshold)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_no_recording_takes_more_than_it_may_and_each_counts_the_same(path):
    parts = list(parts_of(estimates(path)))
    series = read_series(parts)
    lasted_s = max(1.0, series.t_s[-1] - series.t_s[0])
    assert sum(map(len, parts)) <= MOST_BYTES_PER_S * lasted_s
    for exercise in (LIBRARY[name] for name in LIBRARY if path.stem.startswith(name)):
        live, again = Workout(exercise), Workout(exercise)
        for workout, told in ((live, estimates(path)), (again, series.estimates())):
            workout.go()
            for estimate in told:
                workout.observe(estimate)
        assert again.finish().count == live.finish().count
        assert again.held_s == pytest.approx(live.held_s, abs=0.3)


@pytest.mark.parametrize("fps", [5, 15, 25, 60])
def test_pure_noise_takes_no_more_than_it_may(fps):
    parts = list(parts_of(noise(fps, 12)))
    assert sum(map(len, parts)) <= MOST_BYTES_PER_S * 12
    series = read_series(parts)
    assert np.all(np.diff(series.t_s) > 0.029)
    assert series.t_s[-1] >= T0_S + 11


def test_noise_is_kept_in_wider_steps_before_pictures_are_left_out():
    def trembling(by):
        for e, n in zip(estimates()[:60], noise(15, 4), strict=True):
            pose = Pose(e.pose.image + np.float32(by) * n.pose.image, e.pose.world, 1.5)
            yield Estimate(e.seq, T0_S + e.seq / 30, pose)

    quiet, shaken = pack(list(trembling(0.0))), pack(list(trembling(0.02)))
    assert quiet[3] < shaken[3] <= LADDER[2][0]
    assert len(read_series([shaken])) == 60


def test_nobody_in_view_and_joints_that_an_engine_has_not_stay_unknown():
    told = estimates()[:30]
    image, world = told[0].pose.image.copy(), np.full((33, 3), np.nan, np.float32)
    image[7] = [np.nan, np.nan, np.nan, 0]
    told[3] = Estimate(3, told[3].t_s, None)
    told[5] = Estimate(5, told[5].t_s, Pose(image, world, told[0].pose.aspect))
    back = list(read_series(parts_of(told)).estimates())
    assert [e.seq for e in back if e.pose is None] == [3]
    assert np.isnan(back[5].pose.image[7, :3]).all()
    assert back[5].pose.image[7, 3] == 0
    assert np.isnan(back[5].pose.world).all()
    np.testing.assert_allclose(back[6].pose.world, told[6].pose.world, atol=0.00126)


def test_the_times_of_a_part_are_read_without_its_landmarks():
    for part in parts_of(estimates()):
        np.testing.assert_array_equal(times_s(part), unpack(part)[0])
        np.testing.assert_array_equal(times_s(part[:-9]), unpack(part)[0])
    with pytest.raises(ValueError, match="not a part"):
        times_s(part[:18] + b"nothing packed")


def test_some_poses_come_from_the_parts_that_hold_them():
    kept = list(parts_of(estimates()))
    series = read_series(kept)
    chosen = [0, 1, len(series) // 2, len(series) - 1]
    found = list(poses_at([kept[0], *kept, kept[0]], series.t_s[chosen]))
    assert [t_s for t_s, _ in found] == series.t_s[chosen].tolist()
    for (_, pose), index in zip(found, chosen, strict=True):
        np.testing.assert_allclose(pose.image, series.pose(index).image)
    cut_off = [kept[0], *(part[:-9] for part in kept[1:-1]), kept[-1]]
    assert len(list(poses_at(cut_off, series.t_s[[0, len(series) - 1]]))) == 2


def test_a_part_without_anybody_is_a_part():
    (part,) = parts_of([Estimate(0, 1.0, None), Estimate(1, 1.5, None)])
    series = read_series([part])
    np.testing.assert_allclose(series.t_s, [1.0, 1.5])
    assert [e.pose for e in series.estimates()] == [None, None]


def test_a_part_is_whole_after_some_seconds_or_a_rest():
    writer = PartWriter()
    for index in range(round(PART_S * 15)):
        writer.take(Estimate(index, T0_S + index / 15, None))
    assert list(writer.packed()) == []
    writer.take(Estimate(999, T0_S + PART_S, None))
    assert len(list(writer.packed())) == 1
    assert list(writer.packed()) == []
    writer.rest()
    assert len(list(writer.packed())) == 1
    writer.take(Estimate(1000, T0_S + 3600, None))
    writer.rest()
    (part,) = writer.packed()
    np.testing.assert_allclose(read_series([part]).t_s, [T0_S + 3600])


def test_angles_stay_true_when_the_camera_is_turned():
    told = estimates()[:40]
    image = told[20].pose.image.copy()
    image[:, 0] /= 2
    for index in range(20, 40):
        told[index] = Estimate(index, told[index].t_s + 10 * (index > 29), Pose(image, told[20].pose.world, 2 * 16 / 9))
    series = read_series(parts_of(told))
    across = series.image[20:, :, 0] * series.aspect
    np.testing.assert_allclose(across, np.tile(image[:, 0] * 32 / 9, (20, 1)), atol=0.002)


def test_a_part_twice_or_out_of_order_is_left_out():
    parts = list(parts_of(estimates()))
    whole = read_series(parts)
    np.testing.assert_array_equal(read_series([parts[0], *parts, parts[0]]).t_s, whole.t_s)


@pytest.mark.parametrize("content", [b"", b"PC", b"x" * 40, b"PC\x09" + bytes(17)])
def test_invalid_bytes_are_rejected(content):
    with pytest.raises(ValueError, match="part"):
        read_series([content])


def test_a_truncated_part_is_rejected():
    with pytest.raises(ValueError, match="part"):
        read_series([pack(estimates()[:20])[:-9]])


def test_nothing_kept_is_no_series():
    assert read_series([]) is None
