"""Made-up workouts of somebody who has trained for years: what the store and the history are measured with."""

import hashlib
import random
from collections.abc import Iterator, Sequence

from webapp.records import Hold, Rep, Set, Summary
from webapp.store.filling import Whole

DAY_S = 86400.0
A_DAY = 3
"""Workouts on a day of training: one an exercise."""

REST_DAYS, PAUSES = 0.35, 0.01
"""The part of days without any, and of those before which there was none for one to three weeks."""

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
"""What is done, with the range in degrees where an angle is moved."""

TIMED = frozenset({"plank", "wall_sit", "tree"})
REP_S, REST_S = 2.8, 45.0


def workouts(count: int, end_s: float, seed: int = 1) -> Iterator[Whole]:
    """Yield so many workouts up to a time, the newest first; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  # made-up figures, no secrets
    day_s, made = end_s - end_s % DAY_S + 17 * 3600.0, 0
    while made < count:
        day_s -= DAY_S * (chance.randint(7, 20) if chance.random() < PAUSES else 1)
        if chance.random() < REST_DAYS and count > 1:
            continue
        for nth in range(min(A_DAY, count - made)):
            skill = 1.0 - 0.35 * made / max(count, 200)
            yield _workout(chance, f"{seed}-{made}", day_s + nth * 900 + chance.uniform(0, 300), skill)
            made += 1


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
    kind = "hold" if exercise in TIMED else "reps"
    active_s = sum(one.end_s - one.start_s for one in (*reps, *holds))
    length_s = sets[-1].end_s - sets[0].start_s
    summary = Summary(
        exercise, kind, sets[0].start_s, length_s, active_s, tuple(reps), tuple(holds), {"depth": 2}, tuple(sets)
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
