"""Whether what is seen can be this exercise at all: conditions, judged with three answers."""

from collections.abc import Iterable

from webapp.motion.exercise import Condition
from webapp.motion.measures import Body


def fits(body: Body, conditions: Iterable[Condition]) -> bool | None:
    """Return whether all conditions are met; None when one cannot be seen and no other is broken."""
    answer: bool | None = True
    for condition in conditions:
        value = body.measure(condition.measure)
        if value is None:
            answer = None
        elif not condition.low <= value <= condition.high:
            return False
    return answer


def broken(body: Body, conditions: Iterable[Condition]) -> Condition | None:
    """Return the first condition that is seen to be broken."""
    for condition in conditions:
        value = body.measure(condition.measure)
        if value is not None and not condition.low <= value <= condition.high:
            return condition
    return None
