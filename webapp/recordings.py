"""A recording as the workout that it shows: what an engine saw in it, taken as if it came live."""

from collections.abc import Iterable

from webapp.motion.exercise import Exercise
from webapp.records import Estimate, Summary
from webapp.workout import Workout

MUCH_MORE = 1.5
"""Whoever comes into a pose and out of it stands for a while before and after: that makes no flow of it."""


def play(exercise: Exercise, estimates: Iterable[Estimate]) -> Summary:
    """Run a whole recording through a workout that counts from the first picture on."""
    workout = Workout(exercise)
    workout.go()
    for estimate in estimates:
        for _ in workout.observe(estimate):
            pass
    return workout.finish()


def likeliest(summaries: Iterable[Summary]) -> Summary:
    """Return, of what each exercise made of one recording, the one that fills most of it.

    One that is repeated goes before one that is held, one that is held before one of which nothing counted, and a flow
    must fill much more than one of its poses. The likeliest may still be none of them: see `recognised`.
    """
    return max(summaries, key=_likelihood)


def recognised(summary: Summary) -> bool:
    """Whether anything was done of the exercise; half of a movement may be half of any."""
    return summary.count > 0 or summary.held_s > 0


def _likelihood(summary: Summary) -> tuple[bool, bool, float]:
    return summary.count > 0, recognised(summary), summary.active_s / _asked(summary)


def _asked(summary: Summary) -> float:
    """Return how many times as much as another exercise this must fill to be as likely."""
    return MUCH_MORE if any(hold.pose != summary.exercise for hold in summary.holds) else 1.0
