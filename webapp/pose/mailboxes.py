"""Which frame of which stream a worker gets next; pure.

A stream has one place for a frame that waits, and the newest frame takes it. Streams take turns. A stream has at most
one frame in the worker (its tracking needs them one after the other), the worker at most two frames of any stream: one
that it works on, one that lies ready when it is done.
"""

from collections import deque
from dataclasses import dataclass

from webapp.records import Frame

AT_WORK = 2


@dataclass(slots=True)
class _Box:
    waiting: Frame | None = None
    at_work: Frame | None = None
    lost: Frame | None = None  # the frame that already took a worker with it, if it did


class Mailboxes:
    """The frames of all streams of one worker."""

    def __init__(self) -> None:
        self._boxes: dict[str, _Box] = {}
        self._turns: deque[str] = deque()
        self._order: deque[str] = deque()  # streams with a frame at work, the one sent first at the front

    def __len__(self) -> int:
        return len(self._boxes)

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of the open streams."""
        return tuple(self._boxes)

    def open(self, stream: str) -> None:
        """Make room for a stream."""
        self._boxes[stream] = _Box()

    def close(self, stream: str) -> None:
        """Forget a stream; an answer that still comes for it finds nobody."""
        self._boxes.pop(stream, None)
        if stream in self._turns:
            self._turns.remove(stream)

    def put(self, frame: Frame) -> None:
        """Let a frame wait, in place of an older one of its stream that still does."""
        box = self._boxes.get(frame.stream)
        if box is None:
            return
        box.waiting = frame
        if frame.stream not in self._turns:
            self._turns.append(frame.stream)

    def take(self) -> Frame | None:
        """Return the frame to be sent to the worker now, or None while there is none that may be."""
        if len(self._order) >= AT_WORK:
            return None
        for stream in self._turns:
            box = self._boxes[stream]
            if box.at_work is None:
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

    def worker_lost(self) -> Frame | None:
        """The worker died: return the frame that is given up because a second worker died on it.

        The frame it worked on may be to blame and is tried once more; the one behind it is not. A frame that has a
        newer one waiting is not tried again: the newer one answers for both.
        """
        given_up: Frame | None = None
        for place, stream in reversed(tuple(enumerate(self._order))):  # the first is to have its turn first
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
