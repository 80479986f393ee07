"""Energy: a range from metabolic equivalents and the person's weight, for active time only. Pure.

One MET is 3.5 ml of oxygen a kilogram and minute, and a litre of oxygen is about 5 kcal: a minute takes MET x 3.5 x kg
/ 200 kcal. The exercises' values are the Compendium's (Ainsworth et al., Med Sci Sports Exerc 43, 2011, 1575; Herrmann
et al., J Sport Health Sci 13, 2024, 6). They are means over people and efforts, hence a range, and no energy for a
single repetition.
"""

from collections import defaultdict
from collections.abc import Mapping

from webapp.motion.exercise import Exercise
from webapp.records import Hold, Rep, Summary, active_s

Range = tuple[float, float]

WEIGHTS_KG = (20, 400)
"""Weights accepted, in kg, inclusive."""


def energy_kcal(met: Range, active_s: float, body_kg: float) -> Range:
    """Return the lower and upper energy of an activity, in kcal."""
    low, high = (one * 3.5 * body_kg / 200 * active_s / 60 for one in met)
    return low, high


def workout_kcal(summary: Summary, library: Mapping[str, Exercise], body_kg: float | None) -> Range | None:
    """Return the energy of a workout in kcal, each set with its exercise's `met`.

    None without a weight, without anything done, or if an exercise has no `met`.
    """
    by_exercise = _active_s(summary)
    mets = {name: library[name].met for name in by_exercise if name in library}
    known = {name: met for name, met in mets.items() if met is not None}
    if body_kg is None or not by_exercise or len(known) < len(by_exercise):
        return None
    parts = [energy_kcal(known[name], seconds, body_kg) for name, seconds in by_exercise.items()]
    return sum(low for low, _ in parts), sum(high for _, high in parts)


def _active_s(summary: Summary) -> dict[str, float]:
    """Return active seconds by exercise; without sets all belong to the workout's own exercise."""
    reps, holds = defaultdict[str, list[Rep]](list), defaultdict[str, list[Hold]](list)
    for rep in summary.reps:
        reps[summary.exercise_of(rep.set)].append(rep)
    for hold in summary.holds:
        holds[summary.exercise_of(hold.set)].append(hold)
    return {name: active_s(reps[name], holds[name]) for name in (*reps, *holds)}
