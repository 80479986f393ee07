"""Checks how the person stands in front of the camera, and says what to change."""

from webapp.motion.exercise import Exercise
from webapp.motion.measures import SEEN, Body, View
from webapp.records import Check, Estimate, Setup
from webapp.skeleton import JOINTS

STEADY_S = 0.4
"""How long a change must last before it is reported, so that nothing flickers."""
SMALLEST = 0.25
LARGEST = 0.98
"""Limits of the body's extent, as a part of the frame's: below it is too far away, above too near."""
PARTS = (
    ("Feet", ("ankle", "heel", "foot_index")),
    ("Knees", ("knee",)),
    ("Hips", ("hip",)),
    ("Hands", ("wrist", "pinky", "index", "thumb")),
    ("Elbows", ("elbow",)),
    ("Shoulders", ("shoulder",)),
)
_FROM: dict[View, str] = {"front": "the front", "side": "the side", "any": "this angle"}
_WHOLE, _RIGHT_DISTANCE = Check("body", True), Check("distance", True)
_RIGHT_VIEW, _ALONE = Check("view", True), Check("alone", True)
"""The passed checks; made once, because every estimate needs them."""


class SetupGuide:
    """Reports what is in the way of counting, once it has lasted for a moment."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._right_views = {view: _right_view(exercise, view) for view in _FROM}
        self._reported: tuple[Check, ...] | None = None
        self._seen: tuple[Check, ...] | None = None
        self._since_s = 0.0

    def tell_again(self) -> None:
        """Report the checks with the next estimate, changed or not, to a browser that has just connected."""
        self._reported = None

    def observe(self, estimate: Estimate, body: Body | None, view: View) -> Setup | None:
        """Take one estimate; return the checks if they have changed for STEADY_S, and with the first one."""
        checks = (
            self._body(body),
            _distance(body),
            self._view(body, view),
            _ALONE if estimate.others == 0 else Check("alone", False, "Someone else is in view."),
        )
        if checks != self._seen:
            self._seen, self._since_s = checks, estimate.t_s
        if checks == self._reported or (self._reported is not None and estimate.t_s - self._since_s < STEADY_S):
            return None
        self._reported = checks
        return Setup(estimate.t_s, checks)

    def _body(self, body: Body | None) -> Check:
        if body is None:
            return Check("body", False, "Nobody in view: step in front of the camera.")
        hidden = {JOINTS[joint] for joint in self._exercise.joints if body.seen[joint] < SEEN or not body.inside(joint)}
        both = {name for name in hidden if name.replace("left_", "right_") in hidden and name.startswith("left_")}
        missing = {name.removeprefix("left_") for name in both}
        for words, joints in PARTS:
            if missing & set(joints):
                return Check("body", False, f"{words} not in view: step back.")
        return _WHOLE

    def _view(self, body: Body | None, view: View) -> Check:
        wanted = self._exercise.view
        if body is None:
            return _RIGHT_VIEW
        if "any" in (wanted, view) or view == wanted:
            return self._right_views[view]
        way = "sideways to" if wanted == "side" else "to face"
        return Check("view", False, f"Turn {way} the camera.")


def _right_view(exercise: Exercise, view: View) -> Check:
    """Return a passed check that names the rules of form that cannot be judged from this view."""
    muted = [rule.name.replace("_", " ") for rule in exercise.rules if rule.view not in ("any", view)]
    return Check("view", True, f"Form not judged from {_FROM[view]}: {', '.join(muted)}.") if muted else _RIGHT_VIEW


def _distance(body: Body | None) -> Check:
    if body is None or SMALLEST <= body.extent <= LARGEST:
        return _RIGHT_DISTANCE
    return Check("distance", False, "Come closer." if body.extent < SMALLEST else "Step back.")
