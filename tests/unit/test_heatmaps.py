import numpy as np
import pytest

from webapp.pose.heatmaps import UPSAMPLING, local_peaks, peaks, upsampling


def bump(x, y, size=28, width=1.4, height=0.8):
    rows, columns = np.mgrid[:size, :size] + 0.5
    return (height * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * width**2))).astype(np.float32)


def enlarged(heatmap):
    by = upsampling(len(heatmap))
    return by @ heatmap @ by.T


def test_a_peak_is_found_within_a_tenth_of_a_cell():
    places = np.random.default_rng(1).uniform(2, 26, (50, 2))
    found = peaks(np.stack([bump(x, y) for x, y in places]))
    assert np.abs(found[:, :2] - places).max() < 0.1


def test_a_peaks_height_is_the_enlarged_maps_height():
    heatmap = bump(11.3, 7.9)
    assert peaks(heatmap[None])[0, 2] == pytest.approx(enlarged(heatmap).max(), abs=1e-6)


@pytest.mark.parametrize("place", [(0.2, 0.4), (27.9, 13.0), (27.6, 27.8), (14.0, 0.0), (0.5, 27.5)])
def test_at_the_border_the_peak_is_the_one_of_the_whole_map_enlarged(place):
    heatmap = bump(*place)
    y, x = np.unravel_index(enlarged(heatmap).argmax(), (28 * UPSAMPLING, 28 * UPSAMPLING))
    assert np.abs(peaks(heatmap[None])[0, :2] * UPSAMPLING - (x + 0.5, y + 0.5)).max() <= 0.5


def test_the_higher_of_two_peaks_wins():
    heatmap = bump(6.2, 20.1, height=0.5) + bump(21.7, 5.4, height=0.6)
    assert np.abs(peaks(heatmap[None])[0, :2] - (21.7, 5.4)).max() < 0.1


def test_a_broad_peak_overtakes_a_slim_one_that_is_higher_in_one_cell():
    heatmap = bump(20.5, 20.5, width=1.8, height=0.5)
    heatmap[6, 6] = 0.55
    assert heatmap.argmax() == 6 * 28 + 6
    assert np.abs(peaks(heatmap[None])[0, :2] - (20.5, 20.5)).max() < 0.1


def test_enlarging_keeps_an_even_map_even_inside():
    assert np.allclose(upsampling(20).sum(axis=1)[UPSAMPLING:-UPSAMPLING], 1)


def test_maps_need_not_be_square():
    found = peaks(bump(20.25, 8.75)[None, :16])
    assert np.abs(found[0, :2] - (20.25, 8.75)).max() < 0.1


def test_every_person_has_a_peak_of_each_joint():
    maps = np.stack([bump(5.2, 6.6) + bump(20.7, 9.1, height=0.5), bump(14, 14)])
    joint, found = local_peaks(maps, 0.1)
    assert joint.tolist() == [0, 0, 1]
    assert np.abs(found[:, :2] - [(5.2, 6.6), (20.7, 9.1), (14, 14)]).max() < 0.15


def test_a_maximum_below_the_threshold_is_no_peak():
    joint, found = local_peaks(bump(5, 6, height=0.09)[None], 0.1)
    assert joint.size == 0
    assert found.shape == (0, 3)


def test_a_plateau_is_one_peak():
    heatmap = np.zeros((1, 9, 9), np.float32)
    heatmap[0, 3:6, 3:6] = 1
    joint, _ = local_peaks(heatmap, 0.1)
    assert joint.tolist() == [0]


def test_a_peak_in_the_corner_counts():
    heatmap = np.zeros((1, 6, 6), np.float32)
    heatmap[0, 5, 5] = 1
    _, found = local_peaks(heatmap, 0.1)
    assert found[0].tolist() == [5.5, 5.5, 1.0]
