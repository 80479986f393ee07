"""Picks the next frame for a worker. Pure.

A stream has one place for a waiting frame, and the newest frame takes it, even while its engine is being opened.
Streams take turns. A stream has at most one frame in the worker, because tracking needs them in order; the worker has
at most two frames: the one in progress and the next.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.records import Frame

AT_WORK = 2
TRIES = 2
"""A stream is given up after this many workers have died opening it."""


@dataclass(slots=True)
class _Box:
    engine: str
    is_open: bool = False
    tries: int = 0
    waiting: Frame | None = None
    at_work: Frame | None = None
    lost: Frame | None = None  # the frame on which a worker has already died, if any


class Mailboxes:
    """The frames of all streams of one worker."""

    def __init__(self) -> None:
        self._boxes: dict[str, _Box] = {}
        self._turns: deque[str] = deque()
        self._order: deque[str] = deque()  # streams with a frame at work, the one sent first at the front

    def __len__(self) -> int:
        return len(self._boxes)

    @property
    def engines(self) -> Mapping[str, str]:
        """The engine of every stream, by the stream's name."""
        return {stream: box.engine for stream, box in self._boxes.items()}

    def open(self, stream: str, engine: str) -> None:
        """Add a stream; its frames wait until it is `opened`."""
        self._boxes[stream] = _Box(engine)

    def opened(self, stream: str) -> None:
        """The worker has opened the stream."""
        if stream in self._boxes:
            self._boxes[stream].is_open = True

    def close(self, stream: str) -> None:
        """Forget a stream; answers that still come for it are ignored."""
        self._boxes.pop(stream, None)
        if stream in self._turns:
            self._turns.remove(stream)

    def put(self, frame: Frame) -> None:
        """Let a frame wait, replacing an older waiting one of its stream."""
        box = self._boxes.get(frame.stream)
        if box is None:
            return
        box.waiting = frame
        if frame.stream not in self._turns:
            self._turns.append(frame.stream)

    @property
    def at_work(self) -> bool:
        """Whether the worker has a frame of any stream."""
        return bool(self._order)

    def take(self) -> Frame | None:
        """Return the frame to send to the worker now, or None if there is none."""
        if len(self._order) >= AT_WORK:
            return None
        for stream in self._turns:
            box = self._boxes[stream]
            if box.is_open and box.at_work is None:
                self._turns.remove(stream)
                self._order.append(stream)
                box.at_work, box.waiting = box.waiting, None
                return box.at_work
        return None

    def answered(self, stream: str) -> bool:
        """The worker is done with the stream's frame; return whether the stream is still open."""
        if stream in self._order:
            self._order.remove(stream)
        box = self._boxes.get(stream)
        if box is None:
            return False
        box.at_work = box.lost = None
        return True

    def not_opened(self) -> tuple[str, ...]:
        """After the death of a worker: forget and return the streams that too many workers died opening."""
        for box in self._boxes.values():
            box.tries = 0 if box.is_open else box.tries + 1
            box.is_open = False
        given_up = tuple(stream for stream, box in self._boxes.items() if box.tries >= TRIES)
        for stream in given_up:
            self.close(stream)
        return given_up

    def worker_lost(self) -> Frame | None:
        """The worker died: return the frame that is given up because a second worker died on it, if any.

        The frame in progress may be the cause and is tried once more; the next one cannot be. A frame with a newer one
        waiting is not repeated: the answer to the newer one acknowledges both.
        """
        given_up: Frame | None = None
        for place, stream in reversed(tuple(enumerate(self._order))):  # so that the first gets its turn first
            box = self._boxes.get(stream)
            if box is None or box.at_work is None:
                continue
            frame, box.at_work = box.at_work, None
            if place == 0 and box.lost is frame:
                given_up, box.lost = frame, None
            else:
                box.lost = frame if place == 0 else box.lost
                self._wait_again(box, frame)
        self._order.clear()
        return given_up

    def _wait_again(self, box: _Box, frame: Frame) -> None:
        if box.waiting is None:
            box.waiting = frame
            self._turns.appendleft(frame.stream)
