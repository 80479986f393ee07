"""Which joints an exercise cannot do without, whatever else it would like to see. Pure."""

from webapp.motion.exercise import Exercise
from webapp.motion.measures import joints_of


def needed(exercise: Exercise) -> frozenset[int]:
    """Return the joints that must be in view, that are counted by, and that conditions must see.

    An engine that lacks one of them can never follow the exercise.
    """
    measures = [condition.measure for condition in exercise.conditions if condition.must_see]
    if exercise.count is not None:
        measures += [signal.measure for signal in exercise.count.signals]
    return frozenset(exercise.joints).union(*map(joints_of, measures))
