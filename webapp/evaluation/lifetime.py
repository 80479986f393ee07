"""Generated workouts of a person who has trained for years, for benchmarks of the store and the history."""

import hashlib
import math
import random
from collections.abc import Iterator, Sequence

import numpy as np

from webapp.records import JOINT_COUNT, Estimate, Hold, Pose, Rep, Set, Summary
from webapp.store.benchmark import Whole

DAY_S = 86400.0
A_DAY = 3
"""Workouts on a training day: one an exercise."""

REST_DAYS, PAUSES = 0.35, 0.01
"""Share of days without any workout, and of days after a break of one to three weeks."""

EXERCISES: Sequence[tuple[str, float | None]] = (
    ("squat", 95.0),
    ("push_up", 80.0),
    ("lunge", 85.0),
    ("shoulder_press", 100.0),
    ("bicep_curl", 115.0),
    ("jumping_jack", None),
    ("sit_up", 60.0),
    ("plank", None),
    ("wall_sit", None),
    ("tree", None),
)
"""Exercises, with their range in degrees if it is an angle."""

TIMED = frozenset({"plank", "wall_sit", "tree"})
REP_S, REST_S = 2.8, 45.0
PICTURES_HZ = 30
TREMBLING = 0.0006
"""Jitter of a joint at rest between frames, in parts of the frame."""


def workouts(count: int, end_s: float, person: str = "") -> Iterator[Whole]:
    """Yield so many workouts of a person up to a time, the newest first; reproducible for each person."""
    chance = random.Random(person)  # noqa: S311 - made-up figures, no secrets
    day_s, made = end_s - end_s % DAY_S + 17 * 3600.0, 0
    while made < count:
        day_s -= DAY_S * (chance.randint(7, 20) if chance.random() < PAUSES else 1)
        if chance.random() < REST_DAYS and count > 1:
            continue
        for nth in range(min(A_DAY, count - made)):
            skill = 1.0 - 0.35 * made / max(count, 200)
            yield _workout(chance, f"{person} {made}", day_s + nth * 900 + chance.uniform(0, 300), skill)
            made += 1


def estimates(start_s: float, length_s: float) -> Iterator[Estimate]:
    """Yield what a camera at 30 frames a second sees of a person moving up and down, with an engine's jitter."""
    chance = np.random.default_rng(1)
    body = chance.uniform(0.2, 0.8, (JOINT_COUNT, 2))
    depth = chance.uniform(-0.3, 0.3, JOINT_COUNT)
    sway = chance.normal(0, 1, (JOINT_COUNT, 2)) * 0.02
    for seq in range(int(length_s * PICTURES_HZ)):
        t_s = seq / PICTURES_HZ
        moved = math.sin(2 * math.pi * t_s / REP_S)
        image = np.empty((JOINT_COUNT, 4), np.float32)
        image[:, :2] = body + sway * moved + chance.normal(0, TREMBLING, (JOINT_COUNT, 2))
        image[:, 2] = depth + chance.normal(0, 10 * TREMBLING, JOINT_COUNT)
        image[:, 3] = chance.normal(0.93, 0.02, JOINT_COUNT).clip(0, 1)
        world = np.column_stack((image[:, :2] * 1.8 - 0.9, image[:, 2])).astype(np.float32)
        yield Estimate(seq, start_s + t_s, Pose(image, world, 16 / 9))


def _workout(chance: random.Random, name: str, started_at_s: float, skill: float) -> Whole:
    exercise, rom_deg = chance.choice(EXERCISES)
    reps: list[Rep] = []
    holds: list[Hold] = []
    sets: list[Set] = []
    at_s = started_at_s + 8.0
    for number in range(1, chance.randint(2, 4) + 1):
        if exercise in TIMED:
            holds.append(_hold(chance, exercise, len(holds) + 1, at_s, skill, number))
            end_s, count, held_s = holds[-1].end_s, 0, holds[-1].held_s
        else:
            own = _reps(chance, len([rep for rep in reps if rep.counted]), at_s, skill, rom_deg, number)
            reps += own
            end_s, count, held_s = own[-1].end_s, sum(rep.counted for rep in own), 0.0
        sets.append(Set(number, exercise, at_s, end_s, count, held_s, "ended"))
        at_s = end_s + chance.gauss(REST_S, 8.0)
    summary = Summary(
        exercise,
        "hold" if exercise in TIMED else "reps",
        start_s=sets[0].start_s,
        duration_s=sets[-1].end_s - sets[0].start_s,
        active_s=sum(rep.end_s - rep.start_s for rep in reps) + sum(hold.held_s for hold in holds),
        reps=tuple(reps),
        holds=tuple(holds),
        cues={"depth": 2},
        sets=tuple(sets),
    )
    return Whole(hashlib.sha256(name.encode()).hexdigest()[:16], exercise, started_at_s, summary)


def _reps(
    chance: random.Random, before: int, at_s: float, skill: float, rom_deg: float | None, number: int
) -> list[Rep]:
    reps, counted = [], before
    for _ in range(round(chance.gauss(14 * skill, 1.5))):
        depth = chance.gauss(1.02 * skill**0.3, 0.06)
        whole = depth > 0.85
        counted += whole
        reps.append(
            Rep(
                number=counted if whole else 0,
                start_s=at_s,
                end_s=at_s + chance.gauss(REP_S, 0.25),
                depth=depth,
                rom_deg=None if rom_deg is None else rom_deg * depth,
                eccentric_s=chance.gauss(1.3, 0.2),
                pause_s=abs(chance.gauss(0.2, 0.1)),
                concentric_s=chance.gauss(1.1, 0.2),
                difference_deg=chance.gauss(0.0, 3.0),
                faults=("depth",) if whole and depth < 0.95 else (),
                reason="" if whole else "not deep enough",
                set=number,
            )
        )
        at_s = reps[-1].end_s + 0.2
    return reps


def _hold(chance: random.Random, pose: str, nth: int, at_s: float, skill: float, number: int) -> Hold:
    held_s = max(5.0, chance.gauss(60 * skill, 8.0))
    return Hold(nth, pose, at_s, at_s + held_s + 1.0, held_s, "ended", "both", chance.randint(0, 1), set=number)
