"""Form: judges an exercise's rules while they apply, and gives one cue at a time."""

from collections import deque

from webapp.motion.exercise import Exercise, Rule
from webapp.motion.measures import Body, View, joints_of, mirrored
from webapp.records import Cue, Side

QUIET_S = 4.0
"""At most one cue is given in this time."""
REMEMBERED_S = 60.0
"""How long a broken rule is remembered: no repetition lasts longer, but it may be reported late."""
LOST_S = 0.5
"""After a gap this long rules are judged afresh: what happened meanwhile is unknown."""


class FormCoach:
    """Judges the rules of one exercise."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._since_s: dict[str, float] = {}
        self._seen_s = self._spoke_s = float("-inf")
        self._broken_at: deque[tuple[float, str]] = deque()

    def switch_to(self, exercise: Exercise) -> None:
        """Judge the rules of this exercise from now on."""
        if exercise is not self._exercise:
            self._exercise = exercise
            self._since_s.clear()

    def faults(self, start_s: float, end_s: float) -> tuple[str, ...]:
        """Return the names of the rules broken between two capture times, ends included; each once, in order."""
        return tuple(dict.fromkeys(name for t_s, name in self._broken_at if start_s <= t_s <= end_s))

    def observe(self, body: Body, view: View, phase: str, side: Side, t_s: float) -> Cue | None:
        """Take one pose; return the cue of the gravest broken rule, unless the last cue was less than QUIET_S ago."""
        if t_s - self._seen_s > LOST_S:
            self._since_s.clear()
        self._seen_s = t_s
        while self._broken_at and t_s - self._broken_at[0][0] > REMEMBERED_S:
            self._broken_at.popleft()
        due: list[tuple[Rule, str]] = []
        for rule in self._exercise.rules:
            measure = mirrored(rule.measure) if self._exercise.one_sided and side == "right" else rule.measure
            if self._broken(rule, measure, body, view, phase, t_s):
                self._broken_at.append((t_s, rule.name))
                due.append((rule, measure))
        if not due or t_s - self._spoke_s < QUIET_S:
            return None
        rule, measure = max(due, key=lambda one: one[0].severity)
        self._spoke_s = t_s
        self._since_s.pop(rule.name, None)
        return Cue(t_s, rule.name, rule.message, rule.severity, joints_of(measure))

    def _broken(self, rule: Rule, measure: str, body: Body, view: View, phase: str, t_s: float) -> bool:
        applies = rule.phase in ("any", phase) and rule.view in ("any", view)
        value = body.measure(measure) if applies else None
        if value is None or rule.low <= value <= rule.high:
            self._since_s.pop(rule.name, None)
            return False
        return t_s - self._since_s.setdefault(rule.name, t_s) >= rule.lasts_s
