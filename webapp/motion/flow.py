"""Flows: a sequence of poses, each recognised as it comes and timed as its own hold."""

from dataclasses import replace

from webapp.motion.exercise import Exercise
from webapp.motion.hold import HoldTimer
from webapp.motion.measures import Body
from webapp.motion.recognise import Recogniser
from webapp.records import Hold, Side


class FlowTimer:
    """Times the poses of a flow, one after the other; `past` is the number of earlier holds."""

    def __init__(self, exercise: Exercise, past: int = 0) -> None:
        self._flow = exercise
        self._recogniser = Recogniser(exercise.poses)
        self._timers = {pose.name: HoldTimer(replace(pose, hold=exercise.hold)) for pose in exercise.poses}
        self._now: HoldTimer | None = None
        self._number = past

    @property
    def exercise(self) -> Exercise:
        """The current pose, else the last; the flow itself before the first."""
        return self._now.exercise if self._now is not None else self._flow

    @property
    def progress(self) -> float:
        """Seconds for which this pose has been held."""
        return self._now.progress if self._now is not None else 0.0

    @property
    def running(self) -> Hold | None:
        """The hold in progress, up to now."""
        hold = self._now.running if self._now is not None else None
        return replace(hold, number=self._number) if hold is not None else None

    @property
    def phase(self) -> str:
        """`held` while a pose is kept, else `rest`."""
        return self._now.phase if self._now is not None else "rest"

    @property
    def side(self) -> Side:
        """The side on which the pose is taken."""
        return self._now.side if self._now is not None else "both"

    def observe(self, body: Body | None, t_s: float) -> list[Hold]:
        """Take one pose, None if nobody is in view; return what changed in the holds."""
        named = self._recogniser.recognise(body) if body is not None else None
        events: list[Hold] = []
        for name, timer in self._timers.items():
            is_named = named is not None and name == named[0]
            if timer.is_idle and not is_named:
                continue
            for event in timer.observe(body if is_named else None, t_s):
                events += self._handle(timer, event)
        return events

    def finish(self) -> list[Hold]:
        """End the hold in progress."""
        return self._numbered(self._now.finish()) if self._now is not None else []

    def _handle(self, timer: HoldTimer, event: Hold) -> list[Hold]:
        """Number an event; a pose that starts ends the previous one."""
        if event.state != "started":
            return self._numbered([event])
        before = self.finish() if timer is not self._now else []
        self._now = timer
        self._number += 1
        return [*before, *self._numbered([event])]

    def _numbered(self, events: list[Hold]) -> list[Hold]:
        return [replace(event, number=self._number) for event in events]
