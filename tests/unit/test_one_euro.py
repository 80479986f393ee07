import math

import numpy as np
import pytest

from webapp.pose.one_euro import Cutoffs, LowPass, OneEuro


def filtered_plainly(values, times, min_hz, beta, size):
    def weight(cutoff_hz, period_s):
        return 1 / (1 + 1 / (2 * math.pi * cutoff_hz) / period_s)

    out, speed = [values[0]], 0.0
    for index in range(1, len(values)):
        period_s = times[index] - times[index - 1]
        raw_speed = (values[index] - values[index - 1]) / size / period_s
        speed += weight(1.0, period_s) * (raw_speed - speed)
        out.append(out[-1] + weight(min_hz + beta * abs(speed), period_s) * (values[index] - out[-1]))
    return out


def test_arrays_are_filtered_as_each_number_alone_would_be():
    rng = np.random.default_rng(5)
    values, times = rng.normal(0, 20, (30, 4)), np.cumsum(rng.uniform(0.02, 0.2, 30))
    smooth = OneEuro(Cutoffs(min_hz=0.05, beta=80.0))
    got = np.array([smooth(row, t_s, size=300.0) for row, t_s in zip(values, times, strict=True)])
    for column in range(4):
        np.testing.assert_allclose(got[:, column], filtered_plainly(values[:, column], times, 0.05, 80.0, 300.0))


def test_time_zero_is_a_time():
    smooth = OneEuro(Cutoffs(min_hz=1.0, beta=0.0))
    smooth(np.array([0.0]), 0.0)
    assert 0 < smooth(np.array([1.0]), 0.1)[0] < 1


def test_jitter_is_smoothed_and_motion_is_followed():
    smooth = OneEuro(Cutoffs(min_hz=0.05, beta=80.0))
    tremble = [float(smooth(np.array([100.0 + (-1) ** n * 0.5]), n / 15, 400.0)[0]) for n in range(60)]
    assert np.ptp(tremble[30:]) < 0.5, "as much as the raw signal"
    last = [float(smooth(np.array([100.0 + 40 * n]), 4 + n / 15, 400.0)[0]) for n in range(30)][-1]
    assert last == pytest.approx(100 + 40 * 29, abs=5)


def test_a_low_pass_starts_at_its_first_value_and_weighs_the_new_one():
    smooth = LowPass(0.1)
    assert smooth(np.array([0.5]))[0] == 0.5
    assert smooth(np.array([1.0]))[0] == pytest.approx(0.55)
