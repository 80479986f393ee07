"""Cached networks: reopened they compute the same, and a broken cache does no harm."""

import pytest

from webapp.evaluation import mannequin
from webapp.pose import openvino
from webapp.pose.arithmetic import ends_at_avx2, has_bf16
from webapp.pose.backends import open_backend


def seen(precision="f32", kept=None):
    backend = open_backend("blazepose-lite", precision=precision, kept=kept)
    pose = backend.open().estimate(mannequin.draw(), 0.0)
    backend.close()
    return pose.image.tobytes(), pose.world.tobytes()


@pytest.mark.parametrize("precision", ["f32", "mixed"])
def test_a_kept_network_computes_the_same_to_the_last_bit(tmp_path, precision):
    if precision == "mixed" and not has_bf16():
        pytest.skip("this processor has no bf16")
    built = seen(precision)
    assert [seen(precision, tmp_path / "kept") for _ in range(2)] == [built, built]
    assert {path.suffix for path in (tmp_path / "kept").iterdir()} == {".bin", ".xml"}
    assert len(list((tmp_path / "kept").iterdir())) == 4  # the detector and the landmark network


def test_a_processor_with_other_kernels_does_not_read_the_networks_kept_for_this_one(tmp_path, monkeypatch):
    seen(kept=tmp_path)
    before = set(tmp_path.iterdir())
    other = not ends_at_avx2()
    monkeypatch.setattr(openvino, "ends_at_avx2", lambda: other)
    seen(kept=tmp_path)
    assert set(tmp_path.iterdir()) > before


def test_a_kept_file_is_read_and_not_built_again(tmp_path):
    seen(kept=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    seen(kept=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_damaged_files_and_a_folder_that_cannot_be_made_are_no_matter(tmp_path):
    built = seen(kept=tmp_path / "kept")
    for path in (tmp_path / "kept").iterdir():
        path.write_bytes(b"damaged")
    assert [seen(kept=tmp_path / "kept") for _ in range(2)] == [built, built]
    assert b"damaged" not in {path.read_bytes() for path in (tmp_path / "kept").iterdir()}
    (tmp_path / "in_the_way").touch()
    assert seen(kept=tmp_path / "in_the_way") == built
