import numpy as np
import pytest

from webapp.pose.joint_persistence import JointPersistence
from webapp.pose.planar import no_joints
from webapp.skeleton import JOINT

SHOULDER, ELBOW, WRIST = (JOINT[f"left_{part}"] for part in ("shoulder", "elbow", "wrist"))
SIZE_PX = 400.0


def arm(*, x=100.0, wrist_seen=1.0, wrist_x=0.0):
    joints = no_joints()
    for number, joint in enumerate((SHOULDER, ELBOW, WRIST)):
        joints[joint] = x, 100 + 80 * number, 1
    joints[WRIST] = (x + wrist_x, 260, wrist_seen) if wrist_seen else (np.nan, np.nan, 0)
    return joints


def watched(*seen, step_s=0.1):
    persistence = JointPersistence()
    return [persistence(joints, number * step_s, SIZE_PX) for number, joints in enumerate(seen)]


def test_joints_at_rest_are_where_they_are_seen():
    for joints in watched(arm(), arm(), arm()):
        np.testing.assert_allclose(joints, arm())


def test_a_lost_joint_stays_while_it_fades_and_is_then_given_up():
    wrists = [joints[WRIST] for joints in watched(arm(), *[arm(wrist_seen=0)] * 5)]
    np.testing.assert_allclose([wrist[:2] for wrist in wrists[:4]], [(100, 260)] * 4)
    assert [wrist[2] for wrist in wrists[:4]] == pytest.approx([1, 0.717, 0.513, 0.368], abs=1e-3)
    np.testing.assert_array_equal(wrists[4:], [(np.nan, np.nan, 0)] * 2)


def test_a_lost_joint_moves_on_with_the_one_it_hangs_on():
    *_, joints = watched(arm(), arm(), arm(x=140, wrist_seen=0))
    assert joints[ELBOW, 0] > 110
    assert joints[WRIST, 0] == pytest.approx(joints[ELBOW, 0])


def test_a_lost_shoulder_moves_on_with_the_rest_of_the_trunk():
    hip = JOINT["left_hip"]
    before, after = arm(), arm()
    before[hip], after[hip] = (100, 300, 1), (100, 340, 1)
    after[SHOULDER] = np.nan, np.nan, 0
    *_, joints = watched(before, before, after)
    assert joints[hip, 1] > 310
    assert joints[SHOULDER, 1] - 100 == pytest.approx(joints[hip, 1] - 300)


def test_a_faint_joint_is_believed_only_where_it_was():
    near, far = (watched(arm(), arm(wrist_seen=0.2, wrist_x=x))[1][WRIST] for x in (20.0, 150.0))
    assert 100 < near[0] <= 120
    assert far[0] == 100


def test_a_faint_joint_is_new_only_in_the_first_picture():
    first, then = watched(arm(wrist_seen=0.2))[0], watched(arm(wrist_seen=0), arm(wrist_seen=0.2))[1]
    assert first[WRIST, 2] == 0.2
    assert then[WRIST, 2] == 0


def test_a_joint_that_is_seen_better_brightens_slowly():
    first, then = (joints[WRIST, 2] for joints in watched(arm(wrist_seen=0.5), arm()))
    assert first == 0.5
    assert 0.5 < then < 0.8
