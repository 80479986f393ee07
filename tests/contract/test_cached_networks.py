"""Cached networks: reopened they compute the same, and a broken cache does no harm."""

import pytest

from webapp.evaluation import mannequin
from webapp.pose import openvino
from webapp.pose.arithmetic import ends_at_avx2, has_bf16
from webapp.pose.backends import open_backend


def seen(precision="f32", cache_folder=None):
    backend = open_backend("blazepose-lite", precision=precision, cache_folder=cache_folder)
    pose = backend.open().estimate(mannequin.draw(), 0.0)
    backend.close()
    return pose.image.tobytes(), pose.world.tobytes()


@pytest.mark.parametrize("precision", ["f32", "mixed"])
def test_a_cached_network_computes_the_same_to_the_last_bit(tmp_path, precision):
    if precision == "mixed" and not has_bf16():
        pytest.skip("this processor has no bf16")
    built = seen(precision)
    assert [seen(precision, tmp_path / "networks") for _ in range(2)] == [built, built]
    assert {path.suffix for path in (tmp_path / "networks").iterdir()} == {".bin", ".xml"}
    assert len(list((tmp_path / "networks").iterdir())) == 4  # the detector and the landmark network


def test_a_processor_with_other_kernels_does_not_read_the_networks_cached_for_this_one(tmp_path, monkeypatch):
    seen(cache_folder=tmp_path)
    before = set(tmp_path.iterdir())
    other = not ends_at_avx2()
    monkeypatch.setattr(openvino, "ends_at_avx2", lambda: other)
    seen(cache_folder=tmp_path)
    assert set(tmp_path.iterdir()) > before


def test_a_cached_file_is_read_and_not_built_again(tmp_path):
    seen(cache_folder=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    seen(cache_folder=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_damaged_files_and_a_folder_that_cannot_be_created_do_no_harm(tmp_path):
    built = seen(cache_folder=tmp_path / "networks")
    for path in (tmp_path / "networks").iterdir():
        path.write_bytes(b"damaged")
    assert [seen(cache_folder=tmp_path / "networks") for _ in range(2)] == [built, built]
    assert b"damaged" not in {path.read_bytes() for path in (tmp_path / "networks").iterdir()}
    (tmp_path / "in_the_way").touch()
    assert seen(cache_folder=tmp_path / "in_the_way") == built
