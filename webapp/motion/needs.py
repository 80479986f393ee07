"""The joints that an exercise cannot do without. Pure."""

from webapp.motion.exercise import Exercise
from webapp.motion.measures import joints_of


def needed(exercise: Exercise) -> frozenset[int]:
    """Return the exercise's `joints`, those of its signals, and those of its must-see conditions.

    An engine that lacks one of them cannot follow the exercise.
    """
    measures = [condition.measure for condition in exercise.conditions if condition.must_see]
    if exercise.count is not None:
        measures += [signal.measure for signal in exercise.count.signals]
    return frozenset(exercise.joints).union(*map(joints_of, measures))
