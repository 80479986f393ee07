"""Names of the library's exercises in FIT's profile (21.218): category, and name within it if there is one.

Yoga has its own category, `pose`. An exercise that FIT does not know gets its category only, a custom one `unknown`;
its title is in the file in any case.
"""

FIT_NAMES: dict[str, tuple[str, str | None]] = {
    "bicep_curl": ("curl", "dumbbell_biceps_curl"),
    "boat": ("pose", "boat"),
    "bridge": ("pose", "bridge"),
    "calf_raise": ("calf_raise", "standing_calf_raise"),
    "chair": ("pose", "chair"),
    "child": ("pose", "childs"),
    "cobra": ("pose", "baby_cobra"),
    "crunch": ("crunch", "crunch"),
    "deadlift": ("deadlift", "barbell_deadlift"),
    "downward_dog": ("pose", "downward_facing_dog"),
    "extended_side_angle": ("pose", "extended_side_angle"),
    "front_raise": ("lateral_raise", "front_raise"),
    "glute_bridge": ("hip_raise", "hip_raise"),
    "goddess": ("pose", None),
    "high_knees": ("warm_up", "walking_high_knees"),
    "high_lunge": ("pose", "high_lunge"),
    "hollow_hold": ("core", None),
    "jumping_jack": ("cardio", "jumping_jacks"),
    "lateral_raise": ("lateral_raise", "dumbbell_lateral_raise"),
    "lunge": ("lunge", "lunge"),
    "mountain": ("pose", "mountain"),
    "mountain_climber": ("plank", "mountain_climber"),
    "plank": ("plank", "plank"),
    "pull_up": ("pull_up", "pull_up"),
    "push_up": ("push_up", "push_up"),
    "reverse_warrior": ("pose", "peaceful_warrior"),
    "seated_knee_raise": ("leg_raise", None),
    "seated_press": ("shoulder_press", "seated_dumbbell_shoulder_press"),
    "shoulder_press": ("shoulder_press", "dumbbell_shoulder_press"),
    "side_lunge": ("lunge", "side_lunge"),
    "side_plank": ("plank", "side_plank"),
    "sit_up": ("sit_up", "sit_up"),
    "squat": ("squat", "air_squat"),
    "standing_side_crunch": ("crunch", "standing_side_crunch"),
    "tree": ("pose", "tree"),
    "triangle": ("pose", "triangle"),
    "tricep_dip": ("triceps_extension", "bench_dip"),
    "wall_sit": ("squat", "body_weight_wall_squat"),
    "warrior_one": ("pose", "warrior_one"),
    "warrior_three": ("pose", "warrior_three"),
    "warrior_two": ("pose", "warrior_two"),
    "yoga_flow": ("pose", None),
}

SUB_SPORTS: dict[str, str] = {"cardio": "cardio_training", "yoga": "yoga"}
"""FIT's kind of training for a group of exercises; strength training for the others."""
