"""Learns an exercise from one recording that it then counts correctly, or explains why it cannot."""

from collections.abc import Sequence

from webapp.errors import SettingsError
from webapp.learning.curves import Recording
from webapp.learning.draft import Draft, drafts
from webapp.learning.movement import repeats
from webapp.learning.toml import exercise_of
from webapp.motion.exercise import Exercise
from webapp.motion.measures import Body, View
from webapp.motion.reps import RepCounter
from webapp.records import Estimate

ADVICE = (
    "Record it with your whole body in view, at rest at the beginning and the end, and nothing else in between; "
    "or trim the recording to that."
)


def learn(estimates: Sequence[Estimate], reps: int, title: str, source: str, view: View | None = None) -> Draft:
    """Return the best draft that counts the recording correctly. Raises SettingsError with advice if there is none.

    source: the recording's name, written into the file. view: camera view; None: as in the recording.
    """
    recording = Recording(estimates)
    if not recording.bodies:
        raise SettingsError(f"Nobody can be seen in {source}. {ADVICE}")
    for draft in drafts(recording, reps, title, source, view):
        if count(exercise_of(draft), estimates) == reps:
            return draft
    raise SettingsError(f"{_why(recording, reps, source)} {ADVICE}")


def count(exercise: Exercise, estimates: Sequence[Estimate]) -> int:
    """Return how many repetitions an exercise counts in a recording."""
    counter = RepCounter(exercise)
    bodies = ((Body(one.pose) if one.pose is not None else None, one.t_s) for one in estimates)
    return sum(rep.counted for body, t_s in bodies for rep in counter.observe(body, t_s))


def _why(recording: Recording, reps: int, source: str) -> str:
    moves = repeats(recording)
    if moves is None:
        return f"No joint in {source} moves enough to count."
    joint, times = moves
    if times == reps:
        return f"The {joint} in {source} moves {times} times, but not clearly enough to count."
    return f"{source} does not show {reps}: the {joint} moves {times} times. Use --reps {times} if that is correct."
