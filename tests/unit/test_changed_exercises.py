"""The library's files with mistakes: each is named, or the file still counts, times and corrects."""

import copy
import math
import tomllib
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.figures import pose, squatting
from webapp.errors import ExerciseError
from webapp.exercises import OWN_FOLDER
from webapp.motion.exercise import Exercise, Rule
from webapp.motion.form import FormCoach
from webapp.motion.hold import HoldTimer
from webapp.motion.measures import MEASURES, Body
from webapp.motion.parser import parse_exercise
from webapp.motion.reps import RepCounter

FILES = {path.stem: tomllib.loads(path.read_text()) for path in sorted(OWN_FOLDER.glob("*.toml"))}
STANDING = pose(squatting(170))
STEP_S = 0.05
WORDS = ("reps", "hold", "yoga", "always", "rest", "far", "still", "change", "held", "any", "each", "together", "side")
VALUES = (
    st.sampled_from((*WORDS, *sorted(MEASURES), "left_knee", "right_hip", "uneven_arm", "left_facing", "", " ", "\0"))
    | st.sampled_from((True, False, math.nan, math.inf, -math.inf, 16**5000, [], {}, [[]], [{}], [1, 2], "x" * 1000))
    | st.integers(-400, 400)
    | st.floats(-3, 3)
)


class Told(Body):
    """A body whose measures are given; it stands, in full view."""

    __slots__ = ("_told",)

    def __init__(self, told: dict[str, float]) -> None:
        super().__init__(STANDING)
        self._told = told

    def measure(self, name: str) -> float | None:
        return self._told.get(name)

    def is_sure(self, name: str) -> bool:
        return name in self._told


def tables(content: object) -> list[dict[str, object]]:
    """Return a file's tables, at every depth."""
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return [*([content] if isinstance(content, dict) else []), *(one for value in inner for one in tables(value))]


@st.composite
def changed(draw):
    """Return a name and its file's content with one to three changes."""
    name = draw(st.sampled_from(sorted(FILES)))
    content = copy.deepcopy(FILES[name])
    for _ in range(draw(st.integers(1, 3))):
        table = draw(st.sampled_from(tables(content)))
        known = sorted({key for one in FILES.values() for row in tables(one) for key in row} | {"colour"})
        key = draw(st.sampled_from(sorted(table) or known) | st.sampled_from(known))
        how = draw(st.sampled_from(("change", "change", "remove", "repeat")))
        if how == "change":
            table[key] = copy.deepcopy(draw(VALUES))
        elif how == "remove":
            table.pop(key, None)
        elif isinstance(table.get(key), list) and table[key]:
            table[key] = [*table[key], copy.deepcopy(draw(st.sampled_from(table[key])))]
    return name, content


def parsed(name: str, content: dict[str, object]) -> Exercise | str:
    """Return the exercise, or what is said of its mistake."""
    try:
        return parse_exercise(name, content, "mine.toml")
    except ExerciseError as mistake:
        return str(mistake)


@settings(deadline=None, max_examples=400)
@given(changed())
def test_a_changed_file_counts_or_its_mistake_is_named(case):
    exercise = parsed(*case)
    if isinstance(exercise, str):
        assert exercise.startswith("mine.toml: ")
        assert len(exercise) < 1000
        return
    if exercise.count is not None:
        assert_counts(exercise)
    elif exercise.hold is not None and not exercise.hold.flow:
        assert_holds(exercise)
    for rule in exercise.rules:
        assert_corrects(exercise, rule)


def assert_counts(exercise: Exercise) -> None:
    """Move the signals to beyond the target and back: this is one repetition, as far as conditions do not forbid it."""
    plan = exercise.count
    lasts_s = max(2.0, 1.5 * plan.shortest_s)  # the ends of the way, a quarter of the time, are not counted in
    if lasts_s > 0.8 * plan.longest_s:
        return
    counter = RepCounter(replace(exercise, conditions=()))
    deepest = 1.2 * max(1.0, plan.enough)
    reps = []
    for step in range(round((lasts_s + 2) / STEP_S)):
        t_s = step * STEP_S
        moving = 0 < t_s - 1 < lasts_s
        part = deepest * (1 - math.cos(2 * math.pi * (t_s - 1) / lasts_s)) / 2 if moving else 0.0
        body = Told({one.measure: one.rest + (part - 0.01) * (one.target - one.rest) for one in plan.signals})
        reps += counter.observe(body, t_s)
    assert [rep.number for rep in [*reps, *counter.finish()]] == [1]


def assert_holds(exercise: Exercise) -> None:
    """Take the pose that the conditions describe: it is held."""
    told = {}
    for measure in {one.measure for one in exercise.conditions}:
        own = [one for one in exercise.conditions if one.measure == measure]
        told[measure] = (max(-180, *(one.low for one in own)) + min(180, *(one.high for one in own))) / 2
    timer = HoldTimer(exercise)
    held = [event for step in range(40) for event in timer.observe(Told(told), step * STEP_S)]
    assert held[0].state == "started"


def assert_corrects(exercise: Exercise, rule: Rule) -> None:
    """Leave the range of a rule in each phase that its kind has: it is corrected in one of them."""
    wrong = rule.low - 1 if rule.low > -180 else rule.high + 1
    view = "front" if rule.view == "any" else rule.view
    phases = ("rest", "going", "far", "coming") if exercise.kind == "reps" else ("rest", "held")
    coaches = [(FormCoach(replace(exercise, rules=(rule,))), phase) for phase in phases]
    cues = [
        coach.observe(Told({rule.measure: wrong}), view, phase, "both", step / 4)
        for coach, phase in coaches
        for step in range(45)
    ]
    assert any(cues)
