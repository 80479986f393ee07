"""The engines that a workout can choose from: the joints they lack, those an exercise needs, their speed here."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from webapp.errors import BackendUnavailable, JointsMissing, SettingsError, UnknownEngine
from webapp.motion.exercise import Exercise
from webapp.motion.needs import needed
from webapp.pose import speeds
from webapp.pose.backends import EngineRow, check_usable, computed_in, engines, unknown
from webapp.pose.choice import EngineChoice
from webapp.records import Estimate
from webapp.skeleton import JOINTS

LATEST = 300
"""Number of recent frames whose median time is used for an engine that was not measured separately."""

_FACE = frozenset(range(JOINTS.index("mouth_right") + 1))
_PART_NAMES = {
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

    lacks: the parts of the body that it never finds. misses: those of them that the exercise needs; if any, the engine
    cannot be chosen. ms: milliseconds a frame on this machine, None if not known yet.
    """

    name: str
    title: str
    lacks: str
    depth: bool
    misses: str
    ms: float | None


class Offers:
    """The engines that a server offers.

    usual: the default engine. folder: has this machine's measurements. only: the names to offer besides the usual one;
    None for all. Raises SettingsError for an unknown name.
    """

    def __init__(self, usual: EngineChoice, folder: Path, only: Collection[str] | None = None) -> None:
        for name in sorted(set(only or ()) - set(engines())):
            raise SettingsError(f"--engines: {unknown(name, usual.models)}")
        self._usual = usual
        self._rows = {row.name: row for row in engines().values() if only is None or row.name in {*only, usual.backend}}
        self._folder = folder
        for row in self._rows.values():
            self._missing(row)  # hashes the files once, now, so that nobody waits for it later
        self._seen_ms: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=LATEST))

    @property
    def usual(self) -> str:
        """The default engine's name."""
        return self._usual.backend

    def saw(self, engine: str, estimate: Estimate) -> None:
        """Record the time that an engine took for a frame."""
        self._seen_ms[engine].append(estimate.infer_ms)

    def offered(self, exercise: Exercise) -> Sequence[Offer]:
        """Return the engines that have a network and can be opened here, and the usual one in any case."""
        measured = speeds.read(self._folder)
        return [
            self._offer(row, exercise, measured)
            for row in self._rows.values()
            if row.name == self.usual or (row.input_px and self._missing(row) is None)
        ]

    def chosen(self, name: str, exercise: Exercise) -> str:
        """Return the engine of that name, or the usual one if it is empty.

        Raises UnknownEngine, BackendUnavailable if something is missing, JointsMissing if the exercise needs more.
        """
        row = self._rows.get(name or self.usual)
        if row is None:
            here = ", ".join(one.name for one in self.offered(exercise))
            raise UnknownEngine(f"There is no engine {name[:40]!r} here; choose from {here}.")
        missing = self._missing(row)
        if missing is not None:
            raise missing
        check_joints(row, exercise)
        return row.name

    def _offer(self, row: EngineRow, exercise: Exercise, measured: Mapping[str, Mapping[str, float]]) -> Offer:
        seen_ms = self._seen_ms.get(row.name)
        figures = measured.get(computed_in(row.name, self._usual.precision), {})
        ms = figures.get(row.name) or (median(seen_ms) if seen_ms else None)
        lacks = spoken(joint for joint in range(len(JOINTS)) if joint not in row.joints)
        return Offer(row.name, row.title, lacks, row.has_depth, misses(row, exercise), ms)

    def _missing(self, row: EngineRow) -> BackendUnavailable | None:
        """Return why the engine cannot be opened, as far as known without opening it; None if nothing is missing."""
        try:
            check_usable(row, self._usual.models, self._usual.precision)
        except BackendUnavailable as exc:
            return exc
        return None


def check_joints(row: EngineRow, exercise: Exercise) -> None:
    """Raise JointsMissing if the exercise needs a joint that the engine never finds."""
    missing = misses(row, exercise)
    if missing:
        raise JointsMissing(f"{exercise.title} needs the {missing}, which {row.title} does not find.")


def spoken(joints: Iterable[int]) -> str:
    """Name the parts of the body that the joints belong to, for example: eyes, fingers and toes."""
    numbers = set(joints)
    face = ["face"] if numbers >= _FACE else []
    rest = sorted(numbers - _FACE if face else numbers)
    parts = [*face, *dict.fromkeys(_PART_NAMES[_without_side(JOINTS[joint])] for joint in rest)]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _without_side(joint: str) -> str:
    return "_".join(word for word in joint.split("_") if word not in ("left", "right"))


def misses(row: EngineRow, exercise: Exercise) -> str:
    """Name the parts of the body that the exercise needs and the engine never finds; empty if there are none."""
    return spoken(needed(exercise) - set(row.joints))
