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

    One that is repeated goes before one that is held, and a flow must fill much more than one of its poses.
    Where nothing was done, `active_s` is 0.
    """
    return max(summaries, key=lambda summary: (summary.count > 0, summary.active_s / _asked(summary)))


def _asked(summary: Summary) -> float:
    """Return how many times as much as another exercise this must fill to be as likely."""
    return MUCH_MORE if any(hold.pose != summary.exercise for hold in summary.holds) else 1.0
