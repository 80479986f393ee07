"""A video file is read with its own times, upright, and opens no other file."""

import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from webapp.errors import SettingsError
from webapp.pose.picture import SENT_PX, SENT_QUALITY, as_sent, decode
from webapp.pose.video import facts, read_video

JOINED = "ffconcat version 1.0\nfile film.mp4\n"
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:2,\nfilm.mp4\n#EXT-X-ENDLIST\n"

ROOT = Path(__file__).resolve().parents[2]


def film(
    path: Path, pictures: int = 20, fps: float = 10.0, size: tuple[int, int] = (64, 32), fourcc: str = "mp4v"
) -> Path:
    """Write a video whose pictures get brighter."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*fourcc), fps, size)
    for number in range(pictures):
        writer.write(np.full((size[1], size[0], 3), 10 * (number % 20), np.uint8))
    writer.release()
    return path


@pytest.fixture
def ffmpeg():
    def ffmpeg(*arguments: object) -> None:
        command = ["ffmpeg", "-v", "error", "-y", *map(str, arguments)]
        try:
            subprocess.run(command, check=True)
        except FileNotFoundError:
            pytest.skip("needs ffmpeg to make an odd video, and it is not installed")

    return ffmpeg


def test_a_files_metadata_is_reported(tmp_path):
    told = facts(film(tmp_path / "film.mp4"))
    assert (told.width_px, told.height_px, told.fps, told.length_s) == (64, 32, 10.0, 2.0)


def test_a_file_that_was_cut_off_misses_much_and_a_whole_one_nothing(tmp_path):
    whole = film(tmp_path / "film.avi", 100, fourcc="MJPG")
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    ends_s = {path: [t_s for t_s, _ in read_video(path)][-1] for path in (whole, cut)}
    assert not facts(whole).misses_much(ends_s[whole])
    assert facts(cut).misses_much(ends_s[cut])


def test_pictures_come_with_their_own_times(tmp_path, ffmpeg):
    uneven = tmp_path / "uneven.mp4"
    slower_from_the_tenth_on = "setpts='if(lt(N,10),N,2*N-10)/10/TB'"
    ffmpeg("-i", film(tmp_path / "film.mp4"), "-vf", slower_from_the_tenth_on, "-fps_mode", "vfr", uneven)
    times = [t_s for t_s, _ in read_video(uneven)]
    assert times == pytest.approx([n / 10 if n < 10 else (2 * n - 10) / 10 for n in range(20)], abs=0.001)


def test_a_video_with_a_late_first_frame_starts_at_zero(tmp_path, ffmpeg):
    late = tmp_path / "late.mkv"
    ffmpeg("-i", film(tmp_path / "film.mp4"), "-output_ts_offset", 5, "-c", "copy", late)
    assert [t_s for t_s, _ in read_video(late)][:2] == pytest.approx([0.0, 0.1], abs=0.001)


@pytest.mark.parametrize(
    ("fps", "most", "taken"), [(60, 30, 30), (24, 30, 24), (50, 30, 30), (30, 10, 10), (30, 0, 30)]
)
def test_pictures_are_left_out_to_stay_at_a_rate(tmp_path, fps, most, taken):
    times = [t_s for t_s, _ in read_video(film(tmp_path / "film.mp4", pictures=2 * fps, fps=fps), most)]
    assert len(times) == pytest.approx(2 * taken, abs=1)
    assert np.all(np.diff(times) > 0)


def test_a_telephone_that_was_held_upright_gives_upright_pictures(tmp_path):
    lying = film(tmp_path / "lying.mp4", size=(64, 32))
    data = bytearray(lying.read_bytes())
    head = data.index(b"tkhd")
    matrix = head + 4 + 4 + 20 + 16  # version and flags, times and numbers, what lies before the matrix
    one, turn = (1 << 16).to_bytes(4, "big"), (-(1 << 16)).to_bytes(4, "big", signed=True)
    none, unit = bytes(4), (1 << 30).to_bytes(4, "big")
    data[matrix : matrix + 36] = none + one + none + turn + none + none + none + none + unit
    lying.write_bytes(data)
    assert {picture.shape for _, picture in read_video(lying)} == {(64, 32, 3)}


@pytest.mark.parametrize(
    "text",
    [
        "ffconcat version 1.0\nfile film.mp4\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:2,\nfilm.mp4\n#EXT-X-ENDLIST\n",
    ],
    ids=["files to be joined", "playlist"],
)
@pytest.mark.parametrize("name", ["video", "video.m3u8", "video.mp4"])
def test_a_list_of_other_files_is_no_video(tmp_path, name, text, capfd):
    film(tmp_path / "film.mp4")
    (tmp_path / name).write_text(text)
    with pytest.raises(SettingsError, match="not a readable video"):
        list(read_video(tmp_path / name))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("content", [b"", b"no video", b"\x89PNG\r\n\x1a\n" + bytes(200)])
def test_a_file_that_is_no_video_is_refused(tmp_path, content):
    (tmp_path / "video").write_bytes(content)
    with pytest.raises(SettingsError, match="not a readable video"):
        facts(tmp_path / "video")


def test_pictures_are_as_the_page_sends_them():
    step = f"{{ longest_px: {SENT_PX}, quality: {SENT_QUALITY / 100:g}, gap_ms: 0 }}"
    assert step in (ROOT / "static/js/pace.js").read_text()
    assert decode(as_sent(np.zeros((1080, 1920, 3), np.uint8))).shape == (360, 640, 3)
    assert decode(as_sent(np.zeros((48, 64, 3), np.uint8))).shape == (48, 64, 3)
