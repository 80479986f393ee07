"""Which engines a workout may choose from: what each lacks, what an exercise misses in it, and how quick it is here."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from webapp.errors import BackendUnavailable, JointsMissing, SettingsError, UnknownEngine
from webapp.motion.exercise import Exercise
from webapp.motion.needs import needed
from webapp.pose import speeds
from webapp.pose.backends import EngineRow, computed_in, engines, weights_of
from webapp.pose.choice import EngineChoice
from webapp.records import Estimate
from webapp.skeleton import JOINTS

LATEST = 300
"""Frames of an engine whose median stands for its speed where it was not measured by itself."""

_FACE = frozenset(range(JOINTS.index("mouth_right") + 1))
_SPOKEN = {
    "nose": "nose",
    "eye": "eyes",
    "eye_inner": "corners of the eyes",
    "eye_outer": "corners of the eyes",
    "ear": "ears",
    "mouth": "mouth",
    "shoulder": "shoulders",
    "elbow": "elbows",
    "wrist": "wrists",
    "pinky": "fingers",
    "index": "fingers",
    "thumb": "fingers",
    "hip": "hips",
    "knee": "knees",
    "ankle": "ankles",
    "heel": "heels",
    "foot_index": "toes",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One engine as a page offers it for an exercise.

    lacks: the parts of the body that it never finds. misses: those of them that the exercise needs; with any, the
    engine cannot be chosen. ms: milliseconds a frame on this machine, None where nobody knows yet.
    """

    name: str
    title: str
    lacks: str
    depth: bool
    misses: str
    ms: float | None


class Offers:
    """The engines that a server offers.

    usual: the one that it starts with. folder: has the figures of this machine. only: the names that it offers beside
    the usual one; None for every one. SettingsError for a name that no engine has.
    """

    def __init__(self, usual: EngineChoice, folder: Path, only: Collection[str] | None = None) -> None:
        unknown = sorted(set(only or ()) - set(engines()))
        if unknown:
            raise SettingsError(f"There is no engine {unknown[0]!r} to offer; there are {', '.join(engines())}.")
        self._usual = usual
        self._rows = {row.name: row for row in engines().values() if only is None or row.name in {*only, usual.backend}}
        self._folder = folder
        for row in self._rows.values():
            self._missing(row)  # the files are hashed once, now: later nobody waits for it
        self._seen_ms: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=LATEST))

    @property
    def usual(self) -> str:
        """The engine of a workout that names none."""
        return self._usual.backend

    def saw(self, engine: str, estimate: Estimate) -> None:
        """Remember how long an engine took for a frame."""
        self._seen_ms[engine].append(estimate.infer_ms)

    def offered(self, exercise: Exercise) -> Sequence[Offer]:
        """Return every engine that looks at pictures and whose weights are here, and the usual one in any case."""
        measured = speeds.read(self._folder)
        return [
            self._offer(row, exercise, measured)
            for row in self._rows.values()
            if row.name == self.usual or (row.input_px and self._missing(row) is None)
        ]

    def chosen(self, name: str, exercise: Exercise) -> str:
        """Return the engine of that name, or the usual one for no name.

        UnknownEngine, BackendUnavailable when its weights are missing, JointsMissing when the exercise needs more.
        """
        row = self._rows.get(name or self.usual)
        if row is None:
            raise UnknownEngine(f"There is no engine {name[:40]!r} here; there are {', '.join(self._rows)}.")
        missing = self._missing(row)
        if missing is not None:
            raise missing
        misses = _misses(row, exercise)
        if misses:
            raise JointsMissing(f"{exercise.title} needs the {misses}, which {row.title} does not find.")
        return row.name

    def _offer(self, row: EngineRow, exercise: Exercise, measured: Mapping[str, Mapping[str, float]]) -> Offer:
        seen_ms = self._seen_ms.get(row.name)
        figures = measured.get(computed_in(row.name, self._usual.precision), {})
        ms = figures.get(row.name) or (median(seen_ms) if seen_ms else None)
        lacks = spoken(joint for joint in range(len(JOINTS)) if joint not in row.joints)
        return Offer(row.name, row.title, lacks, row.world, _misses(row, exercise), ms)

    def _missing(self, row: EngineRow) -> BackendUnavailable | None:
        """Return why the engine cannot be opened, as far as that is known without opening it."""
        try:
            weights_of(row, self._usual.models)
        except BackendUnavailable as exc:
            return exc
        return None


def spoken(joints: Iterable[int]) -> str:
    """Name joints as the parts of the body that they belong to: eyes, fingers and toes."""
    numbers = set(joints)
    face = ["face"] if numbers >= _FACE else []
    rest = sorted(numbers - _FACE if face else numbers)
    parts = [*face, *dict.fromkeys(_SPOKEN[_one_of_a_pair(JOINTS[joint])] for joint in rest)]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _one_of_a_pair(joint: str) -> str:
    return "_".join(word for word in joint.split("_") if word not in ("left", "right"))


def _misses(row: EngineRow, exercise: Exercise) -> str:
    return spoken(needed(exercise) - set(row.joints))
