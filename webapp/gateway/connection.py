"""One browser's connection: its workout, its stream of poses, and the order of its frames."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from webapp import request_id
from webapp.errors import AppError, BadMessage, NotKeptYet, NoWorkout, TakenOver
from webapp.gateway import wire
from webapp.gateway.frame_metrics import FrameMetrics
from webapp.gateway.live_workout import LiveWorkout
from webapp.gateway.under_way import UnderWay
from webapp.gateway.wire import Picture, Start
from webapp.metrics import Metrics
from webapp.motion.exercise import Exercise
from webapp.pose.offers import Offers
from webapp.pose.pool import PosePool
from webapp.records import Estimate, Event, Frame, Setup

_STEP_S = 1 / 15
"""Assumed time from a workout's last frame to the next if the browser's clock went back."""

_ON_THEIR_WAY_S = 10.0
"""For this long after a workout's end, frames that the browser sent before it knew may still arrive."""

_log = logging.getLogger(__name__)

Send = Callable[..., None]
"""`send(event, *arguments)` sends to this browser."""


def unexpected(cause: Exception) -> AppError:
    """Return the error that a browser gets for a bug of ours; the log has the cause."""
    error = AppError("Something went wrong on the server; the workout continues.")
    error.__cause__ = cause
    return error


class Connection:
    """What one browser may do, in which order, and the answers to it. Anything else raises `AppError`.

    name: of the browser in the log, and of its workout's holder in the store. person: the browser's user, if known.
    offers: the pose engines to choose from.
    """

    def __init__(
        self,
        name: str,
        person: str | None,
        send: Send,
        under_way: UnderWay,
        pool: PosePool,
        offers: Offers,
        metrics: Metrics,
    ) -> None:
        self._name = name
        self._request = request_id.current()
        self._person = person
        self._send = send
        self._under_way = under_way
        self._pool = pool
        self._offers = offers
        self._engine = offers.usual
        self._frames = FrameMetrics(metrics)
        self._live: LiveWorkout | None = None
        self._stream = ""
        self._last_seq = -1
        self._behind_s = 0.0
        self._gone = False
        self._refused: set[str] = set()
        self._stopped_s = float("-inf")

    def start(self, message: Start) -> None:
        """Begin a workout, resume one, or continue the current one, and answer `ready`.

        A workout may continue on another engine, with another exercise, or with another target.
        """
        if self._live is not None and message.resume != self._live.secret:
            raise BadMessage("A workout is already in progress here; stop it first.")
        live = self._under_way.resume(message.resume, self._person, holder=self._name) if message.resume else None
        exercise = live.exercise if live and not message.exercise else self._under_way.exercise(message.exercise)
        self._engine = self._offers.chosen(message.engine, exercise)
        if live is not None:
            self._take_from_holder(live)
        self._stream = self._pool.open(self._on_estimate, self._on_error, self._engine)
        try:
            live = live or self._begin(exercise, message)
        except Exception:
            self._release()
            raise
        live.holder = self
        self._continue_with(live, exercise, message)
        if live.holder is not self:  # resumed by another browser during the store's calls, and this one was notified
            return
        live.motion.report_setup_again()
        self._live, self._last_seq = live, -1
        if self._gone or not self._stream:  # the browser or its engine was lost during the store's calls
            self._let_wait()
            return
        self._send("ready", self._ready(live))
        if (trouble := self._under_way.trouble(live)) is not None:
            self.not_kept(trouble)

    def go(self) -> None:
        """Count from the next estimate on, even if its frame is already being processed."""
        self._required().motion.go()

    def pause(self) -> None:
        """Stop counting until the next `go`."""
        live = self._required()
        for event in live.motion.pause():
            self._publish(live, event)
        if live.recorder is not None:
            live.recorder.rest()

    def frame(self, picture: Picture) -> None:
        """Submit a frame. Raises BadMessage if its number or time does not increase."""
        live = self._required()
        if picture.seq <= self._last_seq:
            raise BadMessage(f"Frame {picture.seq} came after frame {self._last_seq}.")
        if self._last_seq < 0:
            self._behind_s = _behind_s(picture.t_s, live.last_t_s)
        t_s = picture.t_s + self._behind_s
        if t_s <= live.last_t_s:
            raise BadMessage(f"The time of frame {picture.seq} is not later than the one before.")
        self._last_seq, live.last_t_s = picture.seq, t_s
        self._frames.came(picture.seq)
        self._pool.submit(Frame(self._stream, picture.seq, t_s, picture.jpeg))

    def stop(self) -> None:
        """End the workout and answer with its summary."""
        live = self._required()
        self._release()
        self._stopped_s = time.monotonic()
        self._send(*wire.record(self._under_way.finish(live)))

    def lost(self) -> None:
        """The browser is gone; its workout waits to be resumed."""
        self._gone = True
        self._let_wait()

    def taken_over(self) -> None:
        """Another browser has resumed this workout."""
        self._release()
        self.refuse(TakenOver())

    def forgotten(self) -> None:
        """The person has deleted all their data, including this workout."""
        self._release()
        self.refuse(NoWorkout("This workout was deleted."))

    def not_kept(self, problem: NotKeptYet) -> None:
        """Events wait for the store; the browser is notified once."""
        self._send("error", wire.error(problem))

    def kept(self) -> None:
        """Everything that waited for the store is stored."""
        self._send("saved", {})

    def refuse(self, problem: AppError, seq: int | None = None) -> None:
        """Send the browser an error, with the number of the frame that it is about, if any.

        Each kind of problem is logged once per connection, later ones at level debug only, as are frames that were in
        flight when the workout ended.
        """
        late = isinstance(problem, NoWorkout) and time.monotonic() - self._stopped_s < _ON_THEIR_WAY_S
        level = logging.DEBUG if late or problem.code in self._refused else logging.WARNING
        if not late:
            self._refused.add(problem.code)
        what = f"{problem.code}: {problem}"
        asked = {"request": self._request}
        _log.log(level, "sent %s the error %s", self._name, what, exc_info=problem.__cause__, extra=asked)
        self._frames.refused(problem, seq)
        self._send("error", wire.error(problem, seq))

    def _begin(self, exercise: Exercise, message: Start) -> LiveWorkout:
        return self._under_way.begin(exercise.name, self._person, message.target, message.body_kg, holder=self._name)

    def _take_from_holder(self, live: LiveWorkout) -> None:
        """Make the current holder give up the workout and its place in the pool."""
        if self._live is not None:  # this connection's own place, whatever happened to the workout meanwhile
            self._release()
        elif live.holder is not None:
            live.holder.taken_over()
        self._under_way.leave(live)

    def _continue_with(self, live: LiveWorkout, exercise: Exercise, message: Start) -> None:
        """Continue a workout with this exercise and target; what this ends is stored and sent."""
        events: Iterable[Event] = ()
        if exercise.name != live.exercise.name:
            events = live.motion.change(exercise, message.target)
        elif message.target is not None or message.clears_target:
            events = live.motion.set_target(message.target)
        for event in events:
            self._publish(live, event)

    def _required(self) -> LiveWorkout:
        if self._live is None:
            raise NoWorkout("No workout is in progress here; send start first.")
        return self._live

    def _let_wait(self) -> None:
        live = self._live
        self._release()
        if live is not None:
            self._under_way.leave(live)

    def _release(self) -> None:
        self._pool.close(self._stream)
        self._frames.ended()
        self._live, self._stream = None, ""

    def _on_estimate(self, estimate: Estimate) -> None:
        live = self._live
        if live is None:
            return
        try:
            events = live.motion.observe(estimate)  # before the answer, whose progress is of this frame
        except Exception as exc:
            self.refuse(unexpected(exc), estimate.seq)
            return
        self._frames.answered(estimate)
        self._offers.saw(self._engine, estimate)
        self._send("pose", *wire.pose(estimate, live.motion.progress))
        if live.recorder is not None and live.motion.counting:
            live.recorder.take(estimate)
        for event in events:
            self._publish(live, event)

    def _publish(self, live: LiveWorkout, event: Event) -> None:
        if not isinstance(event, Setup):
            self._under_way.keep(live, event)  # first, so that what a browser was sent survives this process
        self._send(*wire.record(event))

    def _on_error(self, seq: int | None, problem: AppError) -> None:
        if seq is None:
            self._let_wait()  # no frame will be answered: the workout waits to be resumed on another engine
        self.refuse(problem, seq)

    def _ready(self, live: LiveWorkout) -> dict[str, Any]:
        return {
            "v": wire.VERSION,
            "workout": live.id,
            "resume": live.secret,
            "skeleton": wire.skeleton(),
            "exercise": wire.exercise(live.exercise),
            "in_flight": wire.IN_FLIGHT,
            "count": live.motion.count,
            "counting": live.motion.counting,
            "held_s": live.motion.held_s,
            "engine": self._engine,
            "sets": wire.plain(live.motion.sets),
            "target": wire.plain(live.motion.target),
        }


def _behind_s(first_s: float, last_s: float) -> float:
    """Return what to add to a connection's times, so that the workout's time increases even if the clock went back."""
    return 0.0 if first_s > last_s else last_s + _STEP_S - first_s


Connect = Callable[[str, dict[str, Any], Send], Connection]
"""`connect(name, environ, send)` is called for each new browser, with the WSGI environment of its first request."""
