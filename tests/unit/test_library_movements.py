"""Every exercise counts its own movement and no neighbour's, from where people stand, on a jointed figure."""

from dataclasses import replace

import pytest
from mannequin import Camera, Posture, film, posture, with_arms_swapped

from webapp.exercises import load_library
from webapp.motion.measures import Body
from webapp.motion.reps import RepCounter
from webapp.records import Estimate, Pose
from webapp.skeleton import JOINT

LIBRARY = load_library()
REPS = [name for name, exercise in LIBRARY.items() if exercise.kind == "reps"]
FRONT, SIDE, ANY = (0, 25), (90, -60), (0, -30, 75)

HANGS = {"upper_arm": (0, 10), "forearm": (8, 8)}
LIES = {"trunk": (-88, 0), "thigh": (137, 5), "shank": (28, 4), "upper_arm": (90, 25), "forearm": (90, 20)}
SITS = {"trunk": (0, 0), "thigh": (85, 8), "shank": (0, 5)}
LEVEL = {"trunk": (70, 0), "thigh": (-72, 4), "shank": (-74, 4), "foot": (-10, 0)}
PLANK = LEVEL | {"upper_arm": (0, 8), "forearm": (0, 4)}
LEFT_KNEE_UP = {"left_thigh": (85, 3), "left_shank": (-5, 3)}
SHOULDERED = {"upper_arm": (20, 45), "forearm": (165, 5)}
OVERHEAD = {"upper_arm": (0, 168), "forearm": (0, 174)}

Row = tuple[str, Posture, Posture, tuple[int, ...], dict]
MOVEMENTS: dict[str, Row] = {
    "squat": (
        "squat",
        posture(HANGS),
        posture(trunk=(35, 0), thigh=(85, 18), shank=(-28, 5), upper_arm=(70, 10), forearm=(80, 5)),
        ANY,
        {},
    ),
    "lunge": (
        "lunge",
        posture(),
        posture(left_thigh=(75, 3), left_shank=(-5, 3), right_thigh=(-15, 3), right_shank=(-95, 3)),
        ANY,
        {"in_turn": True},
    ),
    "side lunge": (
        "side_lunge",
        posture(),
        posture(trunk=(35, 10), left_thigh=(60, 45), left_shank=(-25, -5), right_thigh=(5, 50), right_shank=(5, 48)),
        (0,),
        {"in_turn": True},
    ),
    "deadlift": ("deadlift", posture(HANGS), posture(HANGS, trunk=(72, 0), thigh=(22, 4), shank=(-8, 3)), SIDE, {}),
    "glute bridge": (
        "glute_bridge",
        posture(LIES),
        posture(LIES, trunk=(-112, 0), thigh=(118, 5), shank=(-10, 4)),
        SIDE,
        {},
    ),
    "push-up": (
        "push_up",
        posture(PLANK),
        posture(PLANK, trunk=(84, 0), thigh=(-84, 4), shank=(-86, 4), upper_arm=(-75, 40), forearm=(5, -5)),
        SIDE,
        {"rests_on": "wrist"},
    ),
    "push-up on the knees": (
        "push_up",
        posture(PLANK, trunk=(62, 0), thigh=(-62, 4), shank=(-130, 4)),
        posture(PLANK, trunk=(78, 0), thigh=(-78, 4), shank=(-130, 4), upper_arm=(-75, 40), forearm=(5, -5)),
        SIDE,
        {"rests_on": "wrist"},
    ),
    "dip": (
        "tricep_dip",
        posture(trunk=(-5, 0), upper_arm=(-20, 8), forearm=(-5, 5), thigh=(80, 4), shank=(55, 4)),
        posture(upper_arm=(-80, 15), forearm=(5, 5), thigh=(100, 4), shank=(50, 4)),
        SIDE,
        {"rests_on": "wrist"},
    ),
    "press": ("shoulder_press", posture(SHOULDERED), posture(OVERHEAD), ANY, {}),
    "seated press": ("seated_press", posture(SITS | SHOULDERED), posture(SITS | OVERHEAD), ANY, {"rests_on": ""}),
    "curl": ("bicep_curl", posture(HANGS), posture(upper_arm=(15, 8), forearm=(150, 8)), ANY, {}),
    "curl in turn": (
        "bicep_curl",
        posture(HANGS),
        posture(HANGS, left_upper_arm=(15, 8), left_forearm=(150, 8)),
        ANY,
        {"in_turn": True},
    ),
    "lateral raise": ("lateral_raise", posture(HANGS), posture(upper_arm=(10, 86), forearm=(20, 84)), FRONT, {}),
    "front raise": ("front_raise", posture(HANGS), posture(upper_arm=(88, 5), forearm=(90, 3)), ANY, {}),
    "front raise in turn": (
        "front_raise",
        posture(HANGS),
        posture(HANGS, left_upper_arm=(88, 5), left_forearm=(90, 3)),
        ANY,
        {"in_turn": True},
    ),
    "sit-up": (
        "sit_up",
        posture(LIES),
        posture(LIES, trunk=(-10, 0), upper_arm=(70, 10), forearm=(80, 5)),
        SIDE,
        {"rests_on": ""},
    ),
    "crunch": ("crunch", posture(LIES), posture(LIES, trunk=(-62, 0)), SIDE, {"rests_on": ""}),
    "jack": (
        "jumping_jack",
        posture(HANGS),
        posture(upper_arm=(0, 165), forearm=(0, 172), thigh=(0, 24), shank=(0, 24)),
        FRONT,
        {"tempo_s": 1.1},
    ),
    "high knees": ("high_knees", posture(HANGS), posture(HANGS | LEFT_KNEE_UP), ANY, {"tempo_s": 0.8, "in_turn": True}),
    "high knees with pumping arms": (
        "high_knees",
        posture(upper_arm=(0, 12), forearm=(85, 5)),
        posture(
            upper_arm=(0, 12),
            forearm=(85, 5),
            left_thigh=(88, 3),
            left_shank=(-5, 3),
            right_upper_arm=(45, 8),
            right_forearm=(130, 0),
            left_upper_arm=(-40, 8),
            left_forearm=(45, 5),
        ),
        ANY,
        {"tempo_s": 0.8, "in_turn": True},
    ),
    "climber": (
        "mountain_climber",
        posture(PLANK),
        posture(PLANK, left_thigh=(25, 5), left_shank=(-75, 3)),
        SIDE,
        {"tempo_s": 1.0, "rests_on": "wrist", "in_turn": True},
    ),
    "seated knee raise": (
        "seated_knee_raise",
        posture(SITS),
        posture(SITS, left_thigh=(115, 8), left_shank=(20, 5)),
        ANY,
        {"rests_on": "", "in_turn": True},
    ),
    "pull-up": (
        "pull_up",
        posture(upper_arm=(0, 168), forearm=(0, 178)),
        posture(upper_arm=(15, 45), forearm=(0, 172)),
        ANY,
        {"rests_on": "bar"},
    ),
    "standing side crunch": (
        "standing_side_crunch",
        posture(upper_arm=(10, 95), forearm=(0, -160)),
        posture(
            upper_arm=(10, 95),
            forearm=(0, -160),
            trunk=(0, 30),
            left_thigh=(20, 85),
            left_shank=(0, 10),
            left_upper_arm=(10, 35),
        ),
        FRONT,
        {"in_turn": True},
    ),
    "calf raise": ("calf_raise", posture(), posture(foot=(42, 10)), ANY, {"rests_on": "foot_index"}),
}
ALIKE = {("seated press", "shoulder_press")}
"""What a coach would let pass: a press is one, sitting or standing."""
IDLE = {
    "waves": (posture(), posture(right_upper_arm=(20, 100), right_forearm=(170, -20))),
    "scratches the head": (posture(), posture(right_upper_arm=(90, 50), right_forearm=(170, -40))),
    "puts the hands on the hips": (posture(), posture(upper_arm=(-20, 40), forearm=(20, -40))),
    "crosses the arms": (posture(), posture(upper_arm=(10, 10), forearm=(70, -60))),
    "raises the arms": (posture(), posture(upper_arm=(0, 170), forearm=(0, 175))),
    "kneels down to a shoe": (
        posture(),
        posture(
            trunk=(60, 0),
            left_thigh=(95, 5),
            left_shank=(-10, 3),
            right_thigh=(10, 3),
            right_shank=(-90, 3),
            upper_arm=(20, 5),
            forearm=(20, 0),
        ),
    ),
    "marches": (posture(), posture(left_thigh=(35, 3), left_shank=(-30, 3))),
    "kicks": (posture(), posture(left_thigh=(80, 3), left_shank=(78, 3))),
}


def counts(estimates: list[Estimate], exercises: list[str]) -> dict[str, int]:
    found = {}
    for name in exercises:
        counter = RepCounter(LIBRARY[name])
        reps = [rep for one in estimates for rep in counter.observe(Body(one.pose), one.t_s)]
        found[name] = sum(rep.counted for rep in reps)
    return {name: count for name, count in found.items() if count}


@pytest.mark.parametrize("movement", MOVEMENTS)
def test_a_movement_is_counted_from_where_people_stand(movement):
    name, rest, far, views_deg, way = MOVEMENTS[movement]
    found = {yaw: counts(film(rest, far, 3, Camera(yaw), **way), [name]) for yaw in views_deg}
    assert found == {yaw: {name: 3} for yaw in views_deg}


@pytest.mark.parametrize(("movement", "part"), [("squat", 0.8), ("high knees", 0.9), ("climber", 1), ("push-up", 1)])
def test_a_limb_that_points_at_the_camera_need_not_go_deeper(movement, part):
    name, rest, far, _, way = MOVEMENTS[movement]
    most = {limb: (1 - part) * rest[limb] + part * far[limb] for limb in rest}
    assert counts(film(rest, most, 3, Camera(0), **way), [name]) == {name: 3}


@pytest.mark.parametrize("movement", MOVEMENTS)
def test_a_movement_is_none_of_its_neighbours(movement):
    name, rest, far, views_deg, way = MOVEMENTS[movement]
    others = [one for one in REPS if one != name and (movement, one) not in ALIKE]
    assert counts(film(rest, far, 2, Camera(views_deg[0]), **way), others) == {}


@pytest.mark.parametrize("movement", IDLE)
@pytest.mark.parametrize("yaw_deg", [0, 60])
def test_movements_between_sets_are_no_repetitions(movement, yaw_deg):
    assert counts(film(*IDLE[movement], 2, Camera(yaw_deg)), REPS) == {}


def test_arms_that_an_engine_takes_for_each_other_for_a_moment_halve_no_repetition():
    _, rest, far, _, way = MOVEMENTS["curl in turn"]
    assert counts(with_arms_swapped(film(rest, far, 4, **way), every=39), ["bicep_curl"]) == {"bicep_curl": 4}


def left_is_seen_poorly(one: Estimate) -> Estimate:
    image = one.pose.image.copy()
    image[[number for name, number in JOINT.items() if name.startswith("left")], 3] = 0.35
    return replace(one, pose=Pose(image, one.pose.world, one.pose.aspect))


@pytest.mark.parametrize("movement", ["curl in turn", "high knees", "climber"])
def test_the_far_limb_counts_while_the_near_one_rests(movement):
    name, rest, far, _, way = MOVEMENTS[movement]
    assert counts([left_is_seen_poorly(one) for one in film(rest, far, 3, Camera(90), **way)], [name]) == {name: 3}


def test_the_far_limb_does_not_count_while_the_near_one_is_bent():
    bent = posture(HANGS, forearm=(110, 8))
    curl = film(bent | {"left_forearm": posture(HANGS)["left_forearm"]}, bent, 3, Camera(90))
    assert counts([left_is_seen_poorly(one) for one in curl], ["bicep_curl"]) == {}


def test_a_knee_glimpsed_once_outside_the_picture_does_not_spoil_a_curl():
    _, rest, far, _, _ = MOVEMENTS["curl"]
    hips, ankles = ([JOINT[f"{side}_{joint}"] for side in ("left", "right")] for joint in ("hip", "ankle"))
    estimates = []
    for one in film(rest, far, 1):
        image, world = one.pose.image.copy(), one.pose.world.copy()
        image[JOINT["left_knee"] :, 3] = 1.0 if one.seq in (3, 25) else 0.0
        if one.seq == 25:
            image[ankles, :2], world[ankles] = image[hips, :2], world[hips]
        estimates.append(replace(one, pose=Pose(image, world, one.pose.aspect)))
    assert counts(estimates, ["bicep_curl"]) == {"bicep_curl": 1}


def test_a_person_whose_trunk_is_outside_the_picture_is_not_counted():
    def moved(one: Estimate, by: float) -> Estimate:
        image = one.pose.image.copy()
        image[:, 0] += by
        return replace(one, pose=replace(one.pose, image=image))

    curls = film(*MOVEMENTS["curl"][1:3], 2, Camera(90))
    trunk_x = curls[0].pose.image[JOINT["left_hip"], 0]
    assert counts([moved(one, 0.1 - trunk_x) for one in curls], ["bicep_curl"]) == {"bicep_curl": 2}
    assert counts([moved(one, -0.03 - trunk_x) for one in curls], ["bicep_curl"]) == {}


def test_legs_alone_that_an_engine_turns_upside_down_are_no_deadlift():
    hanging = posture(HANGS, trunk=(170, 0), thigh=(10, 3))
    assert counts(film(posture(HANGS), hanging, 2, Camera(90)), ["deadlift"]) == {}


def test_a_jumping_jack_is_not_a_side_lunge():
    _, rest, far, views_deg, way = MOVEMENTS["side lunge"]
    jumps = film(rest, far, 3, Camera(views_deg[0]), **(way | {"tempo_s": 0.35}))
    assert counts(jumps, ["side_lunge"]) == {}


def test_a_crouch_that_does_not_begin_upright_is_no_squat():
    stooped = posture(HANGS, trunk=(60, 0))
    crouched = posture(HANGS, trunk=(40, 0), thigh=(85, 12), shank=(-28, 5))
    assert counts(film(stooped, crouched, 3, Camera(60)), ["squat"]) == {}
    assert counts(film(posture(HANGS), crouched, 3, Camera(60)), ["squat"]) == {"squat": 3}


def test_an_arm_that_sways_beside_a_curl_of_the_other_halves_nothing():
    curl = posture(HANGS, left_upper_arm=(15, 8), left_forearm=(150, 8), right_forearm=(60, 8))
    assert counts(film(posture(HANGS), curl, 3), ["bicep_curl"]) == {"bicep_curl": 3}
