"""Phases of a movement, from nothing but its progress."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.motion.phase import Cycle, PhaseMachine
from webapp.motion.smooth import OneEuro


def cycles_of(samples: list[tuple[float, float]]) -> list[Cycle]:
    machine, smooth = PhaseMachine(), OneEuro()
    seen = [machine.observe(smooth(part, t_s), t_s) for t_s, part in samples]
    return [cycle for cycle in seen if cycle is not None]


def waves(count: int, tempo_s: float, depth: float = 1.0, fps: float = 20.0) -> list[tuple[float, float]]:
    samples = []
    for index in range(int((count * tempo_s + 1.0) * fps)):
        t_s = index / fps
        turn = min(max(t_s - 0.5, 0.0), count * tempo_s) / tempo_s
        samples.append((t_s, depth * (1 - math.cos(2 * math.pi * turn)) / 2))
    return samples


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 8),
    tempo_s=st.floats(0.5, 10.0),
    depth=st.floats(0.8, 1.4),
    fps=st.sampled_from([12.0, 15.0, 30.0]),
    lost=st.floats(0.0, 0.2),
    seed=st.integers(0, 1000),
)
def test_as_many_cycles_are_found_as_were_made(count, tempo_s, depth, fps, lost, seed):
    chance = random.Random(seed)
    samples = [
        (t_s + chance.uniform(0, 0.3 / fps), part + chance.gauss(0, 0.03))
        for t_s, part in waves(count, tempo_s, depth, fps)
        if tempo_s < 1.0 or chance.random() >= lost
    ]
    assert len([cycle for cycle in cycles_of(samples) if cycle.peak >= 0.5]) == count


@pytest.mark.parametrize("lost_at_s", [2.3, 2.6, 2.9])
def test_a_body_that_the_engine_loses_for_a_moment_at_the_far_end_makes_one_movement(lost_at_s):
    samples = [(t_s, 0.2 if lost_at_s < t_s < lost_at_s + 0.12 else part) for t_s, part in waves(1, 4.0)]
    (cycle,) = cycles_of(samples)
    assert cycle.end_s > 3.5


def test_a_cycle_says_when_each_part_of_it_was():
    (cycle,) = cycles_of(waves(1, 4.0))
    assert abs(cycle.start_s - 0.9) < 0.2
    assert abs((cycle.far_from_s + cycle.far_until_s) / 2 - 2.5) < 0.15
    assert abs(cycle.end_s - 4.0) < 0.25
    assert cycle.start_s < cycle.far_from_s < cycle.far_until_s < cycle.end_s


def test_a_tremble_is_no_movement():
    chance = random.Random(1)
    assert cycles_of([(index / 15, chance.gauss(0, 0.05)) for index in range(900)]) == []


def test_arms_that_never_quite_straighten_are_counted_by_their_own_range():
    samples = [(index / 15, 0.7 - 0.4 * math.cos(2 * math.pi * index / 30)) for index in range(30 * 4)]
    assert len(cycles_of([(-0.5, 0.0), *samples])) == 4


def test_somebody_who_settles_into_another_stance_starts_from_there():
    settled = [(index / 15, 0.15 + 0.0 * index) for index in range(200)]
    moved = [(t_s + 200 / 15, 0.15 + part) for t_s, part in waves(1, 2.0)]
    (cycle,) = cycles_of([(-0.1, 0.0), *settled, *moved])
    assert cycle.start_s > 200 / 15


def stopping_at(part: float) -> list[tuple[float, float]]:
    """There and back in two seconds, but only back to this part of the way, and six seconds of staying there."""
    wave = waves(1, 2.0)
    on_the_way_back = [(t_s, max(value, part)) if t_s > 1.5 else (t_s, value) for t_s, value in wave if t_s <= 2.5]
    return on_the_way_back + [(2.5 + index / 20, part) for index in range(1, 120)]


@pytest.mark.parametrize("part", [0.25, 0.4])
def test_a_movement_that_rests_before_it_is_quite_back_ends_where_the_rest_begins(part):
    (cycle,) = cycles_of(stopping_at(part))
    assert 1.8 < cycle.end_s < 2.4


def test_a_movement_that_stops_before_half_of_the_way_back_is_not_complete():
    assert cycles_of(stopping_at(0.6)) == []


@pytest.mark.parametrize(("until_s", "complete"), [(1.9, False), (2.15, True)])
def test_a_movement_that_has_come_half_back_is_complete_if_nothing_follows(until_s, complete):
    machine = PhaseMachine()
    assert not [one for t_s, part in waves(1, 2.0) if t_s < until_s and (one := machine.observe(part, t_s))]
    assert (machine.finish() is not None) == complete
    assert machine.finish() is None
