"""The frozen records passed between the layers, validated at construction.

Times (`t_s`, `start_s`, `end_s`) are seconds on the clock of the frames' source: the browser's epoch time when live,
seconds from the start of the file for a recording. No record reads a clock.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from webapp.skeleton import JOINTS

JOINT_COUNT = len(JOINTS)

FloatArray = npt.NDArray[np.float32]

Side = Literal["left", "right", "both"]
HoldState = Literal["started", "running", "broken", "reached", "ended"]
SetState = Literal["started", "reached", "resting", "ended"]


@dataclass(frozen=True, slots=True)
class Frame:
    """One JPEG picture of a stream: `seq` increases within the stream, `t_s` is the capture time."""

    stream: str
    seq: int
    t_s: float
    jpeg: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One person's landmarks in one frame.

    image: (33, 4) float32, read-only: x and y in [0, 1] of the unmirrored frame (beyond it for a joint outside), z in
        units of the frame's width with mid-hip as origin and negative towards the camera, visibility in [0, 1]. A joint
        that the engine lacks: NaN, NaN, NaN, 0.
    world: (33, 3) float32, read-only: metres from mid-hip; x to the picture's right, y down, z away from the camera.
        NaN where unknown to the engine.
    aspect: width / height of the frame. Angles are correct only in (x * aspect, y).
    """

    image: FloatArray
    world: FloatArray
    aspect: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "image", _frozen(self.image, (JOINT_COUNT, 4), "image"))
        object.__setattr__(self, "world", _frozen(self.world, (JOINT_COUNT, 3), "world"))
        if not 0 < self.aspect < math.inf:
            raise ValueError(f"aspect must be a positive number, not {self.aspect}")


def _frozen(array: FloatArray, shape: tuple[int, ...], name: str) -> FloatArray:
    if array.shape != shape or array.dtype != np.float32:
        raise ValueError(f"{name} must be {shape} float32, not {array.shape} {array.dtype}")
    if not array.flags.writeable:
        return array
    frozen = array.copy()
    frozen.flags.writeable = False
    return frozen


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """An engine's result for a frame; nobody in view (`pose` None) is a fact, not an error.

    others: how many further people are in view, as far as the engine checked.
    infer_ms: the worker's time from JPEG bytes to pose.
    """

    seq: int
    t_s: float
    pose: Pose | None
    infer_ms: float = 0.0
    others: int = 0


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition, whole or partial.

    number: 1, 2, 3 ... among the counted ones; 0 for a partial one, whose `reason` says what was missing.
    depth: part of the exercise's target range reached; 1 is the target.
    rom_deg: range of motion; None if the signal is not an angle.
    eccentric_s, pause_s, concentric_s: lowering, rest at the far end, lifting, whichever of the two comes first.
    difference_deg: left minus right at the far end; None if only one side was seen.
    faults: names of the form rules broken.
    set: the number of the set it belongs to.
    """

    number: int
    start_s: float
    end_s: float
    depth: float
    rom_deg: float | None = None
    eccentric_s: float = 0.0
    pause_s: float = 0.0
    concentric_s: float = 0.0
    side: Side = "both"
    difference_deg: float | None = None
    faults: tuple[str, ...] = ()
    reason: str = ""
    set: int = 1

    @property
    def counted(self) -> bool:
        """Whether it counts; partial repetitions do not."""
        return self.number > 0


@dataclass(frozen=True, slots=True)
class Hold:
    """A held pose: one record at its start, every two seconds, at its target, when it breaks, and at its end.

    number: 1, 2, 3 ... among the workout's holds; the same in every record of a hold. pose: the exercise's name.
    held_s: seconds in the pose so far; losses within the grace time count, longer ones end the hold.
    breaks: how often it was lost within the grace time.
    set: the number of the set it belongs to.
    told_s: when it was first told, which identifies it in the store: `start_s` moves on while the body settles.
    """

    number: int
    pose: str
    start_s: float
    end_s: float
    held_s: float
    state: HoldState
    side: Side = "both"
    breaks: int = 0
    set: int = 1
    told_s: float | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The target of each set of a workout.

    amount: repetitions, or seconds held, by the exercise's kind. rest_s: rest between two sets.
    sets: number of sets; None for open-ended.
    """

    amount: float
    rest_s: float = 60.0
    sets: int | None = None


TARGET_AMOUNT, TARGET_REST_S, TARGET_SETS = (1, 1000), (0, 3600), (1, 100)
"""What a target may be, inclusive."""


@dataclass(frozen=True, slots=True)
class Set:
    """What is done of one exercise between two rests: one record at its start, target, rest and end.

    It begins with its first repetition or hold; the first that counts after its target, or after a rest, begins the
    next set. Partial repetitions before that already have the next set's number.

    number: 1, 2, 3 ... within the workout; the same in every record of a set. exercise: its name in the library.
    start_s, end_s: from the beginning of its first repetition or hold to the end of its last so far.
    count: counted repetitions so far. held_s: seconds held so far.
    target: repetitions or seconds; None if there is none.
    """

    number: int
    exercise: str
    start_s: float
    end_s: float
    count: int
    held_s: float
    state: SetState
    target: float | None = None


def active_s(reps: Iterable[Rep], holds: Iterable[Hold]) -> float:
    """Return the seconds within repetitions and holds; what two sides do at the same time is counted once."""
    lasted_s, until_s = 0.0, -math.inf
    for rep in sorted(reps, key=lambda rep: rep.start_s):
        lasted_s += max(0.0, rep.end_s - max(rep.start_s, until_s))
        until_s = max(until_s, rep.end_s)
    return lasted_s + sum(hold.held_s for hold in holds)


@dataclass(frozen=True, slots=True)
class Cue:
    """One short sentence of coaching.

    rule: the form rule's name. severity: 1 to 3, 3 is the most severe. joints: numbers of the joints to mark.
    """

    t_s: float
    rule: str
    message: str
    severity: int = 1
    joints: tuple[int, ...] = ()

    @property
    def start_s(self) -> float:
        """A cue is a moment: it starts and ends when it is given."""
        return self.t_s

    @property
    def end_s(self) -> float:
        """See `start_s`."""
        return self.t_s


@dataclass(frozen=True, slots=True)
class Check:
    """One precondition of counting.

    message: what to do while it is not met; or, although it is met, what cannot be judged.
    """

    name: Literal["body", "distance", "view", "alone"]
    done: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class Setup:
    """How the person stands towards the camera; sent on changes, before and during the workout."""

    t_s: float
    checks: tuple[Check, ...]

    @property
    def ready(self) -> bool:
        """Whether every check is done."""
        return all(check.done for check in self.checks)


Event = Rep | Hold | Set | Cue | Setup


@dataclass(frozen=True, slots=True)
class Summary:
    """A finished workout.

    duration_s: from the first to the last counted frame; active_s: time within repetitions and holds.
    holds: the last record of each hold. cues: how often each rule's message was given, by rule.
    sets: the last record of each set.
    """

    exercise: str
    kind: Literal["reps", "hold"]
    start_s: float
    duration_s: float
    active_s: float
    reps: tuple[Rep, ...] = ()
    holds: tuple[Hold, ...] = ()
    cues: Mapping[str, int] = field(default_factory=dict)
    sets: tuple[Set, ...] = ()

    @property
    def count(self) -> int:
        """The number of counted repetitions."""
        return sum(rep.counted for rep in self.reps)

    @property
    def held_s(self) -> float:
        """Seconds held, over all holds."""
        return sum(hold.held_s for hold in self.holds)

    def exercise_of(self, set_number: int) -> str:
        """Return the exercise of a set; without such a set, as in a workout that predates sets, the workout's own."""
        return next((one.exercise for one in self.sets if one.number == set_number), self.exercise)
