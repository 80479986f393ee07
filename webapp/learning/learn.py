"""An exercise learned from one recording, which it counts right, or a sentence on why it cannot be."""

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
    "Record it with all of you in view, at rest at the beginning and the end, and nothing else in between; "
    "or cut the recording to that."
)


def learn(estimates: Sequence[Estimate], reps: int, title: str, source: str, view: View | None = None) -> Draft:
    """Return the best draft that counts the recording right; SettingsError says what to do when there is none.

    source: the recording's name, for whoever reads the draft. view: how to stand; None: as in the recording.
    """
    recording = Recording(estimates)
    if not recording.bodies:
        raise SettingsError(f"Nobody is seen in {source}. {ADVICE}")
    for draft in drafts(recording, reps, title, source, view):
        if count(exercise_of(draft), estimates) == reps:
            return draft
    raise SettingsError(f"{_why(recording, reps, source)} {ADVICE}")


def count(exercise: Exercise, estimates: Sequence[Estimate]) -> int:
    """Return how many repetitions an exercise counts in a recording, from its first picture on."""
    counter = RepCounter(exercise)
    bodies = ((Body(one.pose) if one.pose is not None else None, one.t_s) for one in estimates)
    return sum(rep.counted for body, t_s in bodies for rep in counter.observe(body, t_s))


def _why(recording: Recording, reps: int, source: str) -> str:
    moves = repeats(recording)
    if moves is None:
        return f"No joint in {source} moves enough to be counted."
    joint, times = moves
    if times == reps:
        return f"The {joint} in {source} moves {times} times, but not so that a counter can be sure of it."
    return f"{source} does not show {reps}: the {joint} moves {times} times. Say --reps {times} if that is right."
