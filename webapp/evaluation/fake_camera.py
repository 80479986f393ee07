"""A clip as the file that Chromium plays in place of a camera.

Chromium's `--use-file-for-fake-video-capture` takes uncompressed YUV4MPEG2 and starts over at the end, so the clip is
led in by its first picture standing still (somebody who waits) and led out by its last one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from webapp.errors import BadMessage

I420 = npt.NDArray[np.uint8]
"""One picture as (height * 3 / 2, width) uint8: luma, then the two chroma planes at half size."""


@dataclass(frozen=True, slots=True)
class FakeCamera:
    """What the camera shows: `clip` fitted into width x height with black bars, still for `lead_s` before it.

    total_s: how long the file lasts; the last picture stands still until then. None: `lead_s` after the clip's end.
    max_fps: pictures are left out evenly to stay at or under it.
    """

    clip: Path
    width: int = 640
    height: int = 480
    lead_s: float = 4.0
    total_s: float | None = None
    max_fps: float = 30.0

    def write(self, path: Path) -> float:
        """Write the file and return its length in seconds; BadMessage when the clip cannot be read."""
        capture = cv2.VideoCapture(str(self.clip))
        try:
            step, fps = self._pace(capture)
            with path.open("wb") as file:
                file.write(f"YUV4MPEG2 W{self.width} H{self.height} F{round(fps * 1000)}:1000 Ip C420mpeg2\n".encode())
                count = 0
                for picture in self._pictures(capture, step, fps):
                    file.write(b"FRAME\n" + picture.tobytes())
                    count += 1
        finally:
            capture.release()
        return count / fps

    def _pace(self, capture: cv2.VideoCapture) -> tuple[int, float]:
        clip_fps = capture.get(cv2.CAP_PROP_FPS)
        if not capture.isOpened() or clip_fps <= 0:
            raise BadMessage(f"{self.clip} is no video that can be read")
        step = max(1, int(np.ceil(clip_fps / self.max_fps - 1e-3)))
        return step, clip_fps / step

    def _pictures(self, capture: cv2.VideoCapture, step: int, fps: float) -> Iterator[I420]:
        still = round(self.lead_s * fps)
        count = 0
        picture: I420 | None = None
        for number, bgr in enumerate(_frames(capture)):
            if number % step:
                continue
            picture = _to_i420(bgr, self.width, self.height)
            repeats = 1 + still if number == 0 else 1
            for _ in range(repeats):
                yield picture
            count += repeats
        if picture is None:
            raise BadMessage(f"{self.clip} holds no picture")
        for _ in range(still if self.total_s is None else round(self.total_s * fps) - count):
            yield picture


def _frames(capture: cv2.VideoCapture) -> Iterator[npt.NDArray[np.uint8]]:
    while True:
        found, bgr = capture.read()
        if not found:
            return
        yield bgr.astype(np.uint8, copy=False)


def _to_i420(bgr: npt.NDArray[np.uint8], width: int, height: int) -> I420:
    scale = min(width / bgr.shape[1], height / bgr.shape[0])
    fitted = cv2.resize(bgr, (round(bgr.shape[1] * scale), round(bgr.shape[0] * scale)), interpolation=cv2.INTER_AREA)
    top, left = (height - fitted.shape[0]) // 2, (width - fitted.shape[1]) // 2
    boxed = np.zeros((height, width, 3), np.uint8)
    boxed[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
    return cv2.cvtColor(boxed, cv2.COLOR_BGR2YUV_I420).astype(np.uint8, copy=False)
