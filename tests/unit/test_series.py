"""A landmark series survives its file."""

import numpy as np
import pytest

from webapp.errors import SettingsError
from webapp.series import Series


def a_series(count: int = 20) -> Series:
    chance = np.random.default_rng(7)
    image = chance.uniform(-0.3, 1.3, (count, 33, 4)).astype(np.float32)
    image[..., 3] = chance.uniform(0, 1, (count, 33))
    world = chance.normal(0, 0.6, (count, 33, 3)).astype(np.float32)
    image[3] = np.nan
    world[3] = np.nan
    image[5, 7] = [np.nan, np.nan, np.nan, 0]
    world[5] = np.nan
    return Series(np.arange(count) / 15, image, world, 16 / 9, "squat", "somewhere")


def test_a_saved_series_is_loaded_within_the_rounding(tmp_path):
    before = a_series()
    before.save(tmp_path / "a.npz")
    after = Series.load(tmp_path / "a.npz")
    np.testing.assert_allclose(after.t_s, before.t_s)
    np.testing.assert_allclose(after.image[..., :3], before.image[..., :3], atol=1 / 16384)
    np.testing.assert_allclose(after.image[..., 3], before.image[..., 3], atol=1 / 255)
    np.testing.assert_allclose(after.world, before.world, atol=0.0001)
    assert (after.aspect, after.exercise, after.source) == (before.aspect, "squat", "somewhere")


def test_nobody_in_view_is_an_estimate_without_a_pose():
    estimates = list(a_series().estimates())
    assert [e.seq for e in estimates if e.pose is None] == [3]
    assert estimates[4].pose is not None


def test_a_joint_that_the_engine_has_not_stays_unknown(tmp_path):
    a_series().save(tmp_path / "a.npz")
    pose = Series.load(tmp_path / "a.npz").pose_at(5 / 15)
    assert pose is not None
    assert np.isnan(pose.image[7, :3]).all()
    assert pose.image[7, 3] == 0
    assert np.isnan(pose.world).all()


def test_pose_at_takes_the_sample_before_and_the_last_one_after_the_end():
    series = a_series()
    for t_s, index in ((-1, 0), (0, 0), (1.5 / 15, 1), (99, 19)):
        pose = series.pose_at(t_s)
        assert pose is not None
        np.testing.assert_array_equal(pose.image, series.image[index])


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_a_foreign_file_is_refused_by_name(tmp_path, content):
    path = tmp_path / "x.npz"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"x\.npz"):
        Series.load(path)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(SettingsError, match=r"none\.npz"):
        Series.load(tmp_path / "none.npz")


def test_times_that_do_not_increase_are_refused():
    series = a_series()
    with pytest.raises(ValueError, match="increase"):
        Series(np.zeros(20), series.image, series.world, 1.0)
