"""The pure steps after BlazePose's two networks, compared with a plain scalar version."""

import numpy as np
import pytest

from webapp.pose import detection, landmarks
from webapp.pose.detection import Detection


def outputs_of_nobody():
    return np.zeros((2254, 12), np.float32), np.full((2254, 1), -50, np.float32)


def test_there_are_2254_anchors_two_in_every_cell_of_the_finest_layer():
    assert detection.ANCHORS.shape == (2254, 2)
    np.testing.assert_allclose(detection.ANCHORS[:3], np.array([[0.5, 0.5], [0.5, 0.5], [1.5, 0.5]]) / 28)
    np.testing.assert_allclose(detection.ANCHORS[-1], np.array([6.5, 6.5]) / 7)


def test_nobody_is_detected_where_no_anchor_is_sure():
    assert detection.people(*outputs_of_nobody()) == []


def test_a_sure_anchor_gives_its_box_points_and_score():
    raw, logits = outputs_of_nobody()
    raw[100] = [0, 0, 56, 112, 22.4, 0, 0, -44.8, 0, 0, 0, 0]
    logits[100] = 2.0
    (person,) = detection.people(raw, logits)
    centre = detection.ANCHORS[100]
    np.testing.assert_allclose(person.box, [*(centre - (0.125, 0.25)), *(centre + (0.125, 0.25))], atol=1e-7)
    np.testing.assert_allclose(person.points[:2], [centre + (0.1, 0), centre - (0, 0.2)], atol=1e-7)
    assert person.score == pytest.approx(1 / (1 + np.exp(-2)))


def person(left, score):
    box = np.array([left, 0.2, left + 0.2, 0.8])
    return Detection(box, np.tile(box[:2], (4, 1)), score)


def test_boxes_that_overlap_become_their_mean_weighted_by_score():
    (merged,) = detection.weighted_nms([person(0.10, 0.9), person(0.14, 0.6)])
    assert merged.box[0] == pytest.approx((0.10 * 0.9 + 0.14 * 0.6) / 1.5)
    assert merged.points[0, 0] == pytest.approx(merged.box[0])
    assert merged.score == 0.9


def test_people_apart_stay_two_the_surest_first():
    assert [round(float(one.box[0]), 6) for one in detection.weighted_nms([person(0.7, 0.9), person(0.1, 0.8)])] == [
        0.7,
        0.1,
    ]


def test_a_box_without_area_is_no_endless_loop():
    nothing = Detection(np.zeros(4), np.zeros((4, 2)), 0.9)
    assert len(detection.weighted_nms([nothing, person(0.1, 0.8)])) == 2


def refined_plainly(point, heatmap):
    height, width = heatmap.shape
    column, row = int(point[0] * width), int(point[1] * height)
    if not (0 <= column < width and 0 <= row < height):
        return point
    total = across = down = peak = 0.0
    for y in range(max(0, row - 3), min(height, row + 4)):
        for x in range(max(0, column - 3), min(width, column + 4)):
            weight = 1 / (1 + np.exp(-float(heatmap[y, x])))
            peak = max(peak, weight)
            total, across, down = total + weight, across + weight * x, down + weight * y
    return (across / total / width, down / total / height) if peak >= 0.5 else point


def test_refining_equals_the_sum_written_out_cell_by_cell():
    rng = np.random.default_rng(3)
    heatmaps = rng.normal(-3, 2, (64, 64, 39)).astype(np.float32)
    heatmaps[:, :, 5] = -9  # a joint without a peak
    points = rng.uniform(-0.1, 1.1, (35, 2))
    points[:4] = [[0.0, 0.0], [0.999, 0.5], [0.5, 0.999], [1.0, 0.3]]
    expected = [refined_plainly(point, heatmaps[:, :, number]) for number, point in enumerate(points)]
    np.testing.assert_allclose(landmarks.refine(points, heatmaps), expected, rtol=1e-5, atol=1e-6)


def outputs(presence):
    raw = np.zeros((39, 5), np.float32)
    raw[:, :2] = 128
    raw[0] = [64, 32, -25.6, 3.0, 0]
    world = np.arange(117, dtype=np.float32) / 100
    return raw.reshape(-1), np.array([presence], np.float32), np.full((64, 64, 39), -9, np.float32), world


def test_nobody_in_the_crop_when_presence_is_low():
    assert landmarks.decode(outputs(presence=0.49)) is None


def test_landmarks_are_fractions_of_the_crop_with_visibility_as_a_chance():
    seen = landmarks.decode(outputs(presence=0.5))
    np.testing.assert_allclose(seen.points[0], [0.25, 0.125, -0.1], rtol=1e-6)
    assert seen.visibility[0] == pytest.approx(1 / (1 + np.exp(-3)))
    assert seen.points.shape == (35, 3)
    np.testing.assert_allclose(seen.points[landmarks.HIP_CENTRE :, :2], 0.5)
    np.testing.assert_allclose(seen.world[32], [0.96, 0.97, 0.98], rtol=1e-6)


def test_decoded_landmarks_do_not_share_the_networks_memory():
    arrays = outputs(presence=1.0)
    seen = landmarks.decode(arrays)
    before = seen.points.copy(), seen.world.copy(), seen.visibility.copy()
    for array in arrays:
        array.fill(7)
    for now, then in zip((seen.points, seen.world, seen.visibility), before, strict=True):
        np.testing.assert_array_equal(now, then)
