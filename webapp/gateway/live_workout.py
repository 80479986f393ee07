"""A workout under way in this process, and whoever holds it."""

import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Protocol

from webapp.errors import NotKeptYet
from webapp.gateway.recorder import Recorder
from webapp.motion.exercise import Exercise
from webapp.workout import Workout


class Holder(Protocol):
    """Whoever has a workout now."""

    def taken_over(self) -> None:
        """Another browser has taken the workout up."""
        ...

    def forgotten(self) -> None:
        """The workout was deleted."""
        ...

    def not_kept(self, problem: NotKeptYet) -> None:
        """Something of the workout cannot be kept for now."""
        ...

    def kept(self) -> None:
        """All of the workout is kept that was not for a while."""
        ...


@dataclass(slots=True, eq=False)
class LiveWorkout:
    """A workout that is under way.

    claim: the holder under whose name the store has it. person: whose it is, if we know it. last_t_s: the time of the
    newest frame that was accepted. waits: whether the store has failed to take something of it. recorder: None where
    what is seen is not kept. ended: nobody takes it up again. left_at_s: when the last browser was lost, on the
    server's monotonic clock.
    """

    id: str
    secret: str
    motion: Workout
    claim: str = ""
    person: str | None = None
    last_t_s: float = 0.0
    waits: bool = False
    recorder: Recorder | None = None
    ended: bool = False
    holder: Holder | None = None
    left_at_s: float = field(default_factory=time.monotonic)

    @property
    def exercise(self) -> Exercise:
        """What is done now; the exercise may change within a workout."""
        return self.motion.exercise


def nobody() -> str:
    """Return a name that no holder has."""
    return secrets.token_hex(8)


def secret_hash(secret: str) -> str:
    """Return what the store keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
