import json

import numpy as np
import pytest

from webapp.errors import SettingsError
from webapp.evaluation import keypoints
from webapp.skeleton import JOINT


def folder_of(tmp_path, data, *pictures):
    (tmp_path / "labels.json").write_text(json.dumps(data))
    for name in pictures:
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def lsp(joints):
    names = (
        "r_ankle r_knee r_hip l_hip l_knee l_ankle r_wrist r_elbow r_shoulder l_shoulder l_elbow l_wrist neck head_top"
    )
    return {"joint_names": names.split(), "images": [{"file": "a.jpg", "joints": joints}]}


def test_a_person_of_lsp_has_joints_a_torso_and_a_head_but_no_box(tmp_path):
    joints = [[number, 2 * number, 1] for number in range(14)]
    joints[1][2] = 0
    [person] = keypoints.read(folder_of(tmp_path, lsp(joints), "a.jpg"), "lsp")
    assert person.joints[JOINT["right_ankle"]].tolist() == [0, 0]
    assert person.joints[JOINT["left_wrist"]].tolist() == [11, 22]
    assert np.isnan(person.joints[JOINT["right_knee"]]).all()
    assert person.head_px == pytest.approx(np.hypot(1, 2))
    assert person.torso_px == pytest.approx(np.hypot(7, 14))
    assert person.box is None


def mpii(**more):
    joints = [[10.0 * number, 5.0] for number in range(16)]
    row = {"image": "a.jpg", "joints": joints, "joints_vis": [1] * 15 + [0], "center": [100, 80], "scale": 0.4}
    return [row | more]


def test_a_person_of_mpii_has_joints_a_head_and_a_box(tmp_path):
    [person] = keypoints.read(folder_of(tmp_path, mpii(), "a.jpg"), "mpii")
    assert person.joints[JOINT["right_ankle"]].tolist() == [0, 5]
    assert person.joints[JOINT["left_elbow"]].tolist() == [140, 5]
    assert np.isnan(person.joints[JOINT["left_wrist"]]).all()
    assert person.head_px == pytest.approx(10)
    assert person.box == (50, 30, 150, 130)


def test_mpiis_head_box_goes_before_its_head_joints(tmp_path):
    [person] = keypoints.read(folder_of(tmp_path, mpii(headbox=[0, 0, 30, 40]), "a.jpg"), "mpii")
    assert person.head_px == pytest.approx(0.6 * 50)


def coco(*annotations):
    row = {"image_id": 7, "bbox": [10, 20, 40, 80], "area": 1234.0, "iscrowd": 0}
    return {
        "images": [{"id": 7, "file_name": "a.jpg"}],
        "annotations": [row | annotation for annotation in annotations],
    }


def test_crowds_and_the_unlabelled_of_coco_are_left_out(tmp_path):
    labelled = [coordinate for number in range(17) for coordinate in (number, 2 * number, 2)]
    data = coco(
        {"keypoints": labelled, "num_keypoints": 17},
        {"keypoints": [0] * 51, "num_keypoints": 0},
        {"keypoints": labelled, "num_keypoints": 17, "iscrowd": 1},
    )
    [person] = keypoints.read(folder_of(tmp_path, data, "a.jpg"), "coco")
    assert person.joints[JOINT["right_ankle"]].tolist() == [16, 32]
    assert person.area_px2 == 1234
    assert person.box == (5, 10, 55, 110)
    assert np.isnan(person.head_px)


def test_pictures_that_are_not_there_are_left_out(tmp_path):
    with pytest.raises(SettingsError, match="None of the pictures"):
        keypoints.read(folder_of(tmp_path, mpii()), "mpii")


@pytest.mark.parametrize("dataset", ["lsp", "mpii", "coco"])
def test_a_folder_without_labels_is_reported(tmp_path, dataset):
    with pytest.raises(SettingsError, match="no JSON file"):
        keypoints.read(tmp_path, dataset)


def test_incomplete_labels_are_reported(tmp_path):
    data = mpii()
    del data[0]["scale"]
    with pytest.raises(SettingsError, match="scale"):
        keypoints.read(folder_of(tmp_path, data, "a.jpg"), "mpii")


@pytest.mark.parametrize(
    ("folder", "dataset", "people"), [("lspet", "lsp", 100), ("mpii", "mpii", 5), ("coco", "coco", 12)]
)
def test_everybody_in_the_samples_beside_the_project_is_read(shared, folder, dataset, people):
    read = keypoints.read(shared / "data/keypoints" / folder, dataset)
    assert len(read) == people
    assert all(np.isfinite(person.joints).any() for person in read)


@pytest.mark.parametrize("dataset", keypoints.READERS)
def test_the_format_is_told_from_the_labels_among_other_files(tmp_path, dataset):
    joints = [[number, number, 1] for number in range(14)]
    labels = {"lsp": lsp(joints), "mpii": mpii(), "coco": coco({"keypoints": [1.0, 2.0, 2] * 17, "num_keypoints": 17})}
    folder_of(tmp_path, labels[dataset], "a.jpg")
    for number, other in enumerate([{}, [], [1], 3, {"annotations": {"a": 1}}, {"annotations": [[]]}]):
        (tmp_path / f"another_{number}.json").write_text(json.dumps(other))
    assert keypoints.format_of(tmp_path) == dataset
    assert len(keypoints.read(tmp_path, dataset)) == 1


def test_labels_in_no_known_format_are_refused(tmp_path):
    with pytest.raises(SettingsError, match="in the format of lsp, mpii or coco"):
        keypoints.format_of(folder_of(tmp_path, {"people": []}))
