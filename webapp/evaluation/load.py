"""Many people on one server at once: how many of their frames are answered, and how old the answers are.

A frame's age counts from when a client takes its picture to when the answer is read. A picture that is due while two
are unanswered is not taken and counts as held back, so that waiting clients cannot hide a slow server.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from webapp.errors import SettingsError
from webapp.evaluation.light_browser import BINARY, LightBrowser, client_frame
from webapp.pose.picture import encode
from webapp.pose.video import read_video

WARM_UP_S = 2.0
LONGEST_PX, QUALITY = 640, 80  # as the page sends them under good conditions
CLIP_FRAMES = 150

_LAST_ANSWERS_S = 2.0


@dataclass(frozen=True, slots=True)
class Plan:
    """The load: how many people, frames a second of each, duration, exercise."""

    clients: int
    fps: float
    seconds: float
    exercise: str = "squat"


@dataclass(slots=True)
class Tally:
    """The result of one person's frames that were due within the measured time.

    answers: when each answered picture was taken, in seconds of the measured time, and the age of its answer in ms.
    dropped: sent, and skipped for a newer one or refused. held_back: not sent, because two were unanswered. refused:
    the code of the error that `start` got; empty if it was accepted.
    """

    sent: int = 0
    dropped: int = 0
    held_back: int = 0
    refused: str = ""
    answers: list[tuple[float, float]] = field(default_factory=list)


def pictures_of(clip: Path, fps: float) -> list[bytes]:
    """Return the clip's first frames forwards and backwards, so that there is no jump, as JPEGs in WebSocket frames."""
    shown = []
    for _, picture in read_video(clip, fps):
        scale = min(1.0, LONGEST_PX / max(picture.shape[:2]))
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        shown.append(client_frame(encode(small.astype(np.uint8, copy=False), QUALITY), BINARY))
        if len(shown) == CLIP_FRAMES:
            break
    if not shown:
        raise SettingsError(f"{clip} contains no picture")
    return shown + shown[-2:0:-1]


def run(plan: Plan, port: int, pictures: Sequence[bytes], sample: Callable[[], None]) -> list[Tally]:
    """Load a server on this machine; `sample` is called at the start and the end of the measured time."""
    return asyncio.run(_run(plan, port, pictures, sample))


async def _run(plan: Plan, port: int, pictures: Sequence[bytes], sample: Callable[[], None]) -> list[Tally]:
    people = [_Person(plan, pictures, number) for number in range(plan.clients)]
    for person in people:
        await person.come(port)
    begin_s = time.monotonic() + WARM_UP_S
    async with asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(person.work_out(begin_s))
        await _until(begin_s)
        sample()
        await _until(begin_s + plan.seconds)
        sample()
    return [person.tally for person in people]


async def _until(moment_s: float) -> None:
    await asyncio.sleep(max(0.0, moment_s - time.monotonic()))


class _Person:
    """One person in front of the camera, from the first frame of the warm-up to the last answer."""

    def __init__(self, plan: Plan, pictures: Sequence[bytes], number: int) -> None:
        self.tally = Tally()
        self._plan = plan
        self._pictures = pictures
        self._number = number
        self._unanswered: dict[int, float] = {}  # seq -> when its picture was taken
        self._in_flight = 0

    async def come(self, port: int) -> None:
        self._browser = await LightBrowser.connect("localhost", port)
        self._browser.say("start", {"v": 1, "exercise": self._plan.exercise})
        event, (answer, *_) = await self._browser.hear()
        if event == "ready":
            self._in_flight = answer["in_flight"]
            self._browser.say("go", {})
        else:
            self.tally.refused = answer["code"]

    async def work_out(self, begin_s: float) -> None:
        listening = asyncio.create_task(self._listen(begin_s))
        if not self.tally.refused:
            await self._send_frames(begin_s)
            await self._last_answers()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await self._browser.close()

    async def _send_frames(self, begin_s: float) -> None:
        plan = self._plan
        first_s = begin_s - WARM_UP_S + self._number / (plan.clients * plan.fps)  # people are not in step
        for seq in range(round((WARM_UP_S + plan.seconds) * plan.fps)):
            await _until(first_s + seq / plan.fps)
            taken_s = time.monotonic()
            measured = taken_s >= begin_s
            if len(self._unanswered) >= self._in_flight:
                if measured:
                    self.tally.held_back += 1
                continue
            self._unanswered[seq] = taken_s
            picture = self._pictures[(seq + 7 * self._number) % len(self._pictures)]
            self._browser.say_frame(seq, time.time() * 1000, picture)
            if measured:
                self.tally.sent += 1

    async def _last_answers(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_ANSWERS_S):
                while self._unanswered:
                    await asyncio.sleep(0.01)
        self.tally.dropped += len(self._unanswered)

    async def _listen(self, begin_s: float) -> None:
        while True:
            event, arguments = await self._browser.hear()
            if event == "pose":
                self._acknowledged(arguments[0], begin_s, answered=True)
            elif event == "error" and "seq" in arguments[0]:
                self._acknowledged(arguments[0]["seq"], begin_s, answered=False)

    def _acknowledged(self, seq: int, begin_s: float, *, answered: bool) -> None:
        now_s = time.monotonic()
        for one in [one for one in self._unanswered if one <= seq]:
            taken_s = self._unanswered.pop(one)
            if taken_s < begin_s:
                continue
            if answered and one == seq:
                self.tally.answers.append((taken_s - begin_s, (now_s - taken_s) * 1000))
            else:
                self.tally.dropped += 1


def figures(plan: Plan, tallies: Sequence[Tally]) -> dict[str, Any]:
    """Return the clients' figures; ages are in milliseconds."""
    let_in = [tally for tally in tallies if not tally.refused]
    answers = np.array([answer for tally in let_in for answer in tally.answers]).reshape(-1, 2)
    each_fps = [len(tally.answers) / plan.seconds for tally in let_in] or [0.0]
    taken_s, age_ms = answers.T
    minute_s = min(60.0, plan.seconds)
    return {
        "clients": plan.clients,
        "refused_full": sum(tally.refused == "server_full" for tally in tallies),
        "sent": sum(tally.sent for tally in let_in),
        "answered": len(answers),
        "dropped": sum(tally.dropped for tally in let_in),
        "held_back": sum(tally.held_back for tally in let_in),
        "answered_fps": round(len(answers) / plan.seconds, 1),
        "client_fps": {"mean": round(float(np.mean(each_fps)), 2), "slowest": round(min(each_fps), 2)},
        "age_ms": {f"p{part}": _percentile(age_ms, part) for part in (50, 95, 99)},
        "p95_first_minute_ms": _percentile(age_ms[taken_s < minute_s], 95),
        "p95_last_minute_ms": _percentile(age_ms[taken_s >= plan.seconds - minute_s], 95),
        "p95_each_minute_ms": [
            _percentile(age_ms[(taken_s >= begin_s) & (taken_s < begin_s + minute_s)], 95)
            for begin_s in np.arange(0, plan.seconds - minute_s / 2, minute_s)
        ],
    }


def _percentile(values: Any, part: int) -> float | None:  # noqa: ANN401 - any array of numbers
    return round(float(np.percentile(values, part)), 2) if len(values) else None
