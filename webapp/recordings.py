"""A recording played through a workout, as if its estimates came live."""

from collections.abc import Iterable

from webapp.motion.exercise import Exercise
from webapp.records import Estimate, Summary
from webapp.workout import Workout

MUCH_MORE = 1.5
"""A flow must fill this many times as much as one pose: standing before and after a pose does not make it a flow."""

HELD_FROM_S = 2.0
"""A shorter hold proves nothing: anyone who stands still for a moment is in mountain pose."""


def play(exercise: Exercise, estimates: Iterable[Estimate]) -> Summary:
    """Run a whole recording through a workout that counts from the first picture on."""
    workout = Workout(exercise)
    workout.go()
    for estimate in estimates:
        workout.observe(estimate)
    return workout.finish()


def likeliest(summaries: Iterable[Summary]) -> Summary:
    """Of several exercises' summaries of one recording, return the one that fills most of it.

    Counted repetitions win over holds, holds over nothing counted, and a flow must fill `MUCH_MORE`
    times as much as one pose. Even the likeliest may not be recognised: see `recognised`.
    """
    return max(summaries, key=_likelihood)


def recognised(summary: Summary) -> bool:
    """Whether anything of the exercise was completed; a partial movement could be part of any exercise."""
    return summary.count > 0 or summary.held_s >= HELD_FROM_S


def _likelihood(summary: Summary) -> tuple[bool, bool, float]:
    return summary.count > 0, recognised(summary), summary.active_s / _asked(summary)


def _asked(summary: Summary) -> float:
    """Return how many times as much as another exercise this one must fill to be as likely."""
    return MUCH_MORE if any(hold.pose != summary.exercise for hold in summary.holds) else 1.0
