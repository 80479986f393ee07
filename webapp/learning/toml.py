"""A draft as TOML that the library can read, with the measured value beside each figure."""

import json
import tomllib
from collections.abc import Iterator

from webapp.learning.draft import Draft
from webapp.learning.limits import Limit
from webapp.learning.movement import Movement
from webapp.motion.exercise import Exercise
from webapp.motion.measures import is_angle, joints_of
from webapp.motion.parser import parse_exercise
from webapp.skeleton import JOINTS

REST_MARGIN = 0.1
TARGET_MARGIN = 0.2
"""Parts of the measured range by which rest and target are moved towards each other, for people who move less."""
TRUNK = ("shoulder", "hip")


def toml_of(draft: Draft) -> str:
    """Return the file's text."""
    return "\n".join((*_head(draft), *_count(draft), *(line for limit in draft.limits for line in _condition(limit))))


def exercise_of(draft: Draft) -> Exercise:
    """Return the exercise described by the file."""
    return parse_exercise("draft", tomllib.loads(toml_of(draft)), f"the draft from {draft.source}")


def _head(draft: Draft) -> Iterator[str]:
    times = "repetition" if draft.reps == 1 else "repetitions"
    yield f"# Learned from {_one_line(draft.source)}: {draft.reps} {times}, one every {draft.lasts_s:.1f} s."
    yield "# A proposal based on one person in one recording. Edit any figure; docs/exercises.md explains the keys."
    yield f"title = {_text(draft.title)}"
    yield 'kind = "reps"'
    yield 'group = "strength"  # or cardio'
    yield f"about = {_text(f'{draft.title}, as it was recorded.')}"
    yield f'view = "{draft.view}"  # camera view: front or side as in the recording, or any'
    yield f"joints = [{', '.join(_text(joint) for joint in _joints(draft))}]  # what must be in view"
    yield ""


def _joints(draft: Draft) -> list[str]:
    needed = {number for one in draft.movements for number in joints_of(one.row)}
    names = {JOINTS[number].removeprefix("left_").removeprefix("right_") for number in needed}
    return sorted(names | set(TRUNK), key=lambda name: JOINTS.index(f"left_{name}"))


def _count(draft: Draft) -> Iterator[str]:
    yield "[count]"
    if draft.movements[0].sides == "together":
        yield 'sides = "together"  # each side is counted, both at once as one'
    up = "true" if draft.lifts_first else "false"
    yield f"lifts_first = {up}  # whether the way to the target is the lifting one, as in a curl"
    yield f"shortest_s = {draft.shortest_s}  # faster movements are ignored"
    yield ""
    for movement in draft.movements:
        yield from _signal(movement)
    if draft.also:
        yield "# What follows moved as often. Remove the # before its four lines to count by it as well, and delete the"
        yield "# signals above to count by it alone."
        yield ""
    for movement in draft.also:
        yield from (f"# {line}" if line and not line.startswith("#") else line for line in _signal(movement))


def _signal(movement: Movement) -> Iterator[str]:
    digits, unit = (0, " degrees") if is_angle(movement.measure) else (2, " torsos")
    way = movement.far - movement.rest
    yield (
        f"# Measured {movement.rest:.{digits}f} at rest and {movement.far:.{digits}f} at the far end (medians); "
        f"the smallest repetition went {movement.weakest:.{digits}f}{unit}."
    )
    yield "[[count.signal]]"
    yield f'measure = "{movement.measure}"'
    yield f"rest = {movement.rest + REST_MARGIN * way:.{digits}f}"
    yield f"target = {movement.far - TARGET_MARGIN * way:.{digits}f}"
    yield ""


def _condition(limit: Limit) -> Iterator[str]:
    yield f"# {limit.measured}"
    yield "[[condition]]"
    yield f'measure = "{limit.measure}"'
    if limit.when != "always":
        yield f'when = "{limit.when}"'
    if limit.low is not None:
        yield f"min = {limit.low:g}"
    if limit.high is not None:
        yield f"max = {limit.high:g}"
    yield ""


def _text(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are valid TOML, except for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text)
