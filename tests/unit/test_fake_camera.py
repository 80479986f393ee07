"""A clip becomes the file that Chromium plays as a camera."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from webapp.commands.bench_live import LEAD_S, watched_s
from webapp.errors import SettingsError
from webapp.evaluation.fake_camera import FakeCamera

FPS = 10
PICTURES = 5


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Five grey pictures, each brighter than the one before, 64x32 at 10 frames a second."""
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (64, 32))
    for number in range(PICTURES):
        writer.write(np.full((32, 64, 3), 40 * number + 20, np.uint8))
    writer.release()
    return path


def _pictures(path: Path, width: int, height: int) -> list[np.ndarray]:
    header, _, rest = path.read_bytes().partition(b"\n")
    assert header.startswith(f"YUV4MPEG2 W{width} H{height} F".encode())
    size = width * height * 3 // 2
    step = len(b"FRAME\n") + size
    assert len(rest) % step == 0
    return [
        np.frombuffer(rest[at + 6 : at + step], np.uint8)[: width * height].reshape(height, width)
        for at in range(0, len(rest), step)
    ]


def test_the_first_and_the_last_picture_stand_still(clip: Path, tmp_path: Path) -> None:
    length_s = FakeCamera(clip, 64, 32, lead_s=0.5).write(tmp_path / "camera.y4m")
    luma = [round(float(picture.mean())) for picture in _pictures(tmp_path / "camera.y4m", 64, 32)]
    assert length_s == pytest.approx((PICTURES + 10) / FPS)
    assert luma[:6] == [luma[0]] * 6
    assert luma[-6:] == [luma[-1]] * 6
    assert luma[5:10] == sorted(set(luma))


def test_a_clip_is_watched_to_its_end_however_little_is_asked(clip: Path) -> None:
    assert watched_s(1.0, clip) == pytest.approx(LEAD_S + PICTURES / FPS)
    assert watched_s(60.0, clip) == 60.0


def test_the_file_lasts_as_long_as_asked(clip: Path, tmp_path: Path) -> None:
    assert FakeCamera(clip, 64, 32, lead_s=0.2, total_s=3.0).write(tmp_path / "c.y4m") == pytest.approx(3.0)


def test_another_shape_gets_black_bars_and_is_not_stretched(clip: Path, tmp_path: Path) -> None:
    FakeCamera(clip, 64, 64, lead_s=0).write(tmp_path / "c.y4m")
    last = _pictures(tmp_path / "c.y4m", 64, 64)[-1]
    assert last[:14].max() < 30
    assert last[18:46].min() > 100


def test_pictures_are_left_out_to_stay_under_the_rate(clip: Path, tmp_path: Path) -> None:
    length_s = FakeCamera(clip, 64, 32, lead_s=0, max_fps=5).write(tmp_path / "c.y4m")
    assert len(_pictures(tmp_path / "c.y4m", 64, 32)) == 3
    assert length_s == pytest.approx(3 / 5)


def test_a_file_that_is_no_video_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("no video")
    with pytest.raises(SettingsError, match=r"notes\.mp4"):
        FakeCamera(path).write(tmp_path / "c.y4m")
