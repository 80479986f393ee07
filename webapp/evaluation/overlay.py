"""Draws a workout into its video: the skeleton, the count, the phase and the progress."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from webapp.errors import SettingsError
from webapp.motion.exercise import Exercise
from webapp.motion.measures import SEEN
from webapp.pose import RgbImage
from webapp.pose.video import facts, read_video
from webapp.records import Cue, Event, Pose, Rep
from webapp.series import Series
from webapp.skeleton import EDGES, side_of
from webapp.workout import Workout

Colour = tuple[int, int, int]
"""Blue, green, red."""

LONGEST_PX = 1280
"""The longest side of the output: larger videos are scaled down to it."""
OPTIONS = {"preset": "veryfast", "crf": "20"}
"""Of x264: H.264 plays everywhere. (OpenCV has no encoder for it, and takes 40 times as long for VP9.)"""
LARGEST_DENOMINATOR = 1001
"""Of the frame rate, such as 30000/1001."""
SAID_S = 2.0
"""How long a sentence is shown."""
LIMBS: dict[str, Colour] = {"left": (255, 200, 60), "right": (60, 160, 255), "middle": (235, 235, 235)}
INK: Colour = (255, 255, 255)
DARK: Colour = (25, 25, 25)
GOOD: Colour = (90, 210, 90)
SHORT: Colour = LIMBS["left"]
WORDS = {"rest": "ready", "going": "going", "far": "there", "coming": "back", "held": "hold"}


def write_overlay(
    clip: Path, out: Path, series: Series, exercise: Exercise, fps: float, progress: Callable[[float], object]
) -> None:
    """Write the video with everything that its workout showed. Raises SettingsError if it cannot be read or written.

    series: the video's landmarks, at most `fps` frames a second (0: every frame).
    """
    workout = Workout(exercise)
    workout.go()
    said, until_s = "", 0.0
    rate = min(facts(clip).fps, fps or np.inf)
    with _writer(out, rate) as write:
        for (t_s, rgb), estimate in zip(read_video(clip, fps, progress), series.estimates(), strict=False):
            for event in workout.observe(estimate):
                said, until_s = (text, t_s + SAID_S) if (text := _sentence(event)) else (said, until_s)
            picture = _fitted(rgb)
            if estimate.pose is not None:
                draw_skeleton(picture, estimate.pose)
            plain = picture.copy()
            draw_state(picture, workout, said if t_s < until_s else "")
            write(picture)
        counted = workout.count
        if workout.finish().count > counted:
            draw_state(plain, workout, "")
            write(plain)


@contextmanager
def _writer(out: Path, rate: float) -> Iterator[Callable[[RgbImage], None]]:
    """Write beside the file, which appears once the video is complete; its size is that of the first picture."""
    unfinished = out.with_name(f"{out.name}.part")
    try:
        with av.open(unfinished, "w", format="mp4", options={"movflags": "faststart"}) as container:
            stream = container.add_stream("h264", Fraction(rate).limit_denominator(LARGEST_DENOMINATOR), OPTIONS)
            stream.pix_fmt = "yuv420p"

            def write(picture: RgbImage) -> None:
                if not stream.codec_context.is_open:
                    stream.height, stream.width = picture.shape[:2]
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))

            yield write
            container.mux(stream.encode(None))
        unfinished.replace(out)
    except (OSError, av.FFmpegError) as exc:
        raise SettingsError(f"{out} cannot be written as a video ({exc.strerror}); choose another folder.") from exc
    finally:
        unfinished.unlink(missing_ok=True)


def _fitted(rgb: RgbImage) -> RgbImage:
    """Return the picture for drawing: BGR, even sides, not longer than LONGEST_PX."""
    height, width = rgb.shape[:2]
    scale = min(1.0, LONGEST_PX / max(height, width))
    size = (max(2, round(width * scale) // 2 * 2), max(2, round(height * scale) // 2 * 2))
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    return cv2.resize(bgr, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _sentence(event: Event) -> str:
    if isinstance(event, Cue):
        return event.message
    if isinstance(event, Rep) and not event.counted:
        return f"not counted: {event.reason}"
    return ""


def draw_skeleton(picture: RgbImage, pose: Pose) -> None:
    """Draw the visible limbs, left and right in different colours."""
    height, width = picture.shape[:2]
    thick = max(2, round(min(height, width) / 160))
    at = np.nan_to_num(pose.image[:, :2] * (width, height)).round().astype(int).tolist()
    seen = (pose.image[:, 3] >= SEEN).tolist()
    limbs = [(a, b) for a, b in EDGES if seen[a] and seen[b]]
    for wider, colours in ((2, False), (0, True)):
        for a, b in limbs:
            colour = LIMBS[side_of(a, b)] if colours else DARK
            cv2.line(picture, tuple(at[a]), tuple(at[b]), colour, thick + wider, cv2.LINE_AA)
    for joint in sorted({joint for limb in limbs for joint in limb}):
        cv2.circle(picture, tuple(at[joint]), thick + 1, INK, cv2.FILLED, cv2.LINE_AA)


def draw_state(picture: RgbImage, workout: Workout, said: str) -> None:
    """Draw the count or the seconds, the phase, the progress bar, and the sentence."""
    height, width = picture.shape[:2]
    unit = max(10, min(height, width) // 24)
    figure = str(workout.count) if workout.exercise.count else f"{workout.held_s:.1f} s"
    _shade(picture, 0, 0, unit * 8, unit * 5)
    _text(picture, figure, unit // 2, unit * 3, unit * 2.4, INK)
    _text(picture, f"{workout.exercise.title}: {WORDS[workout.phase]}", unit // 2, round(unit * 4.4), unit * 0.8, INK)
    _bar(picture, workout, unit)
    if said:
        _shade(picture, 0, height - 2 * unit, width, height)
        _text(picture, said, unit // 2, height - round(unit * 0.6), unit, INK)


def _bar(picture: RgbImage, workout: Workout, unit: int) -> None:
    """Draw the part of the way to the target, or of the time to hold; a line marks where it counts."""
    height, width = picture.shape[:2]
    left, right, top, bottom = width - 2 * unit, width - unit, 3 * unit, height - 3 * unit
    done, counts = workout.progress or 0.0, 1.0
    if workout.exercise.count is not None:
        counts = workout.exercise.count.enough
    elif workout.exercise.hold is not None:
        done /= workout.exercise.hold.target_s
    _shade(picture, left, top, right, bottom)
    filled = bottom - round(min(1.0, done) * (bottom - top))
    cv2.rectangle(picture, (left, filled), (right, bottom), GOOD if done >= counts else SHORT, cv2.FILLED)
    line = bottom - round(counts * (bottom - top))
    cv2.line(picture, (left - unit // 3, line), (right + unit // 3, line), INK, 2, cv2.LINE_AA)


def _shade(picture: RgbImage, left: int, top: int, right: int, bottom: int) -> None:
    part = picture[top:bottom, left:right]
    part[:] = part // 3


def _text(picture: RgbImage, text: str, x: int, y: int, height_px: float, colour: Colour) -> None:
    """Draw a line of text with base line y; it is made smaller if it would not fit."""
    scale = height_px / 22  # a capital of this font is 22 px high at scale 1
    (wide, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
    scale *= min(1.0, (picture.shape[1] - 2 * x) / max(1, wide))
    cv2.putText(picture, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, scale, colour, max(1, round(scale * 2)), cv2.LINE_AA)
