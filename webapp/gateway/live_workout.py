"""A workout in progress in this process, and its holder."""

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
    """The connection that has a workout now."""

    def taken_over(self) -> None:
        """Another browser has resumed the workout."""
        ...

    def forgotten(self) -> None:
        """The workout was deleted."""
        ...

    def not_kept(self, problem: NotKeptYet) -> None:
        """Some of the workout cannot be stored for now."""
        ...

    def kept(self) -> None:
        """Everything that could not be stored for a while is stored."""
        ...


@dataclass(slots=True, eq=False)
class LiveWorkout:
    """A workout in progress.

    claim: its holder's name in the store. person: its owner, if known. last_t_s: the time of the newest accepted frame.
    late: whether the store has failed to accept some of it, and not everything is stored since. recorder: None if
    landmarks are not stored. ended: it cannot be resumed. claiming: the name under which it was last claimed here, of
    which the store may know already or not yet. shared: another process has resumed it while a browser had it here, so
    that both may have counted the same. left_at_s: when the last browser was lost, on the server's monotonic clock.
    """

    id: str
    secret: str
    motion: Workout
    claim: str = ""
    person: str | None = None
    last_t_s: float = 0.0
    late: bool = False
    recorder: Recorder | None = None
    ended: bool = False
    claiming: str = ""
    shared: bool = False
    holder: Holder | None = None
    left_at_s: float = field(default_factory=time.monotonic)

    @property
    def exercise(self) -> Exercise:
        """The current exercise; it may change within a workout."""
        return self.motion.exercise


def nobody() -> str:
    """Return a holder's name that nobody else has."""
    return secrets.token_hex(8)


def secret_hash(secret: str) -> str:
    """Return the SHA-256 of a secret, which is all that the store has of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
