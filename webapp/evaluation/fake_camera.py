"""A clip as the file that Chromium plays as its camera.

Chromium's `--use-file-for-fake-video-capture` needs uncompressed YUV4MPEG2 and loops, so the clip is preceded by its
first picture standing still (a waiting person) and followed by its last one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from webapp.errors import SettingsError
from webapp.pose import RgbImage
from webapp.pose.video import facts, read_video

I420 = npt.NDArray[np.uint8]
"""One picture as (height * 3 / 2, width) uint8: luma, then the two chroma planes at half size."""


@dataclass(frozen=True, slots=True)
class FakeCamera:
    """What the camera shows: `clip` fitted into width x height with black bars, after `lead_s` of its first picture.

    total_s: length of the file; the last picture stands still until then. None: `lead_s` after the clip's end. max_fps:
    frames are left out to stay at or below it.
    """

    clip: Path
    width: int = 640
    height: int = 480
    lead_s: float = 4.0
    total_s: float | None = None
    max_fps: float = 30.0

    def write(self, path: Path) -> float:
        """Write the file and return its length in seconds. Raises SettingsError if the clip cannot be read."""
        fps = min(facts(self.clip).fps, self.max_fps)
        count = 0
        with path.open("wb") as file:
            file.write(f"YUV4MPEG2 W{self.width} H{self.height} F{round(fps * 1000)}:1000 Ip C420mpeg2\n".encode())
            for picture in self._pictures(fps):
                file.write(b"FRAME\n" + picture.tobytes())
                count += 1
        return count / fps

    def _pictures(self, fps: float) -> Iterator[I420]:
        moving = (_to_i420(picture, self.width, self.height) for _, picture in read_video(self.clip, fps))
        picture = next(moving, None)
        if picture is None:
            raise SettingsError(f"{self.clip} contains no picture.")
        still = round(self.lead_s * fps)
        yield from repeat(picture, still + 1)
        count = still + 1
        for picture in moving:
            yield picture
            count += 1
        yield from repeat(picture, still if self.total_s is None else round(self.total_s * fps) - count)


def _to_i420(rgb: RgbImage, width: int, height: int) -> I420:
    scale = min(width / rgb.shape[1], height / rgb.shape[0])
    fitted = cv2.resize(rgb, (round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)), interpolation=cv2.INTER_AREA)
    top, left = (height - fitted.shape[0]) // 2, (width - fitted.shape[1]) // 2
    boxed = np.zeros((height, width, 3), np.uint8)
    boxed[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
    return cv2.cvtColor(boxed, cv2.COLOR_RGB2YUV_I420).astype(np.uint8, copy=False)
