"""Counts and holds compared with the clips' true contents, in `truth.json` beside them.

A clip of repetitions is right if its count is one of the defensible ones; a clip of holds if each is found with start
and end within HOLD_WITHIN_S; a clip of nothing (`none`) if no exercise of the library counts anything in it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

from webapp.errors import SettingsError
from webapp.motion.exercise import Exercise
from webapp.recordings import play
from webapp.records import Hold
from webapp.series import Series

HOLD_WITHIN_S = 0.5
NOTHING = "none"
EXAMPLE = '[{"file": "squats.mp4", "exercise": "squat", "reps": 5}]'

Times = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TrueHold:
    """A hold shown by a clip; any name in `accept` is right."""

    accept: tuple[str, ...]
    times_s: Times


@dataclass(frozen=True, slots=True)
class Truth:
    """A clip's contents. counts: every defensible count, the likeliest first; empty for a clip of holds."""

    file: str
    exercise: str
    counts: tuple[int, ...] = ()
    rep_times_s: tuple[Times, ...] = ()
    holds: tuple[TrueHold, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One clip: `truth` and `count` are repetitions, or holds for a clip of holds. The errors are seconds."""

    file: str
    exercise: str
    truth: int
    count: int
    ok: bool
    off_by: int
    false_reps: int = 0
    rep_time_errors_s: tuple[float, ...] = ()
    hold_errors_s: tuple[float, ...] = ()
    note: str = ""


def read_truth(folder: Path) -> tuple[Truth, ...]:
    """Read `truth.json` of a folder of clips. Raises SettingsError if it is missing or in another format."""
    path = folder / "truth.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise SettingsError(f"There is no {path}; it lists the clips and what they show.") from exc
    except OSError as exc:
        raise SettingsError(f"{path} cannot be read ({exc.strerror}); name a folder of clips.") from exc
    except ValueError as exc:
        raise SettingsError(f"{path} is not JSON ({exc}); correct it.") from exc
    if not isinstance(rows, list) or not rows:
        raise SettingsError(f"{path} lists no clips; it must be a list such as {EXAMPLE}.")
    return tuple(_checked(row, f"{path}, clip {number}") for number, row in enumerate(rows, 1))


def _checked(row: Any, place: str) -> Truth:  # noqa: ANN401 - whatever a JSON file holds
    """Return a row as truth. Raises SettingsError, which names the place and what is missing or wrong there."""
    try:
        return _truth(row)
    except KeyError as exc:
        raise SettingsError(f"{place} lacks {exc}; it must be such as {EXAMPLE}.") from exc
    except (ValueError, TypeError, AttributeError) as exc:
        raise SettingsError(f"{place} is wrong ({exc}); it must be such as {EXAMPLE}.") from exc


def _truth(row: Mapping[str, Any]) -> Truth:
    reps = row.get("reps")
    counts = () if reps is None else tuple(dict.fromkeys((reps, *(row.get("acceptable_reps") or ()))))
    for count in counts:
        if not isinstance(count, int) or count < 0:
            raise ValueError(f"{count!r} is no number of repetitions")
    if not counts and not row.get("holds") and row["exercise"] != NOTHING:
        raise KeyError("reps")
    return Truth(
        file=row["file"],
        exercise=row["exercise"],
        counts=counts,
        rep_times_s=tuple((start, end) for start, end in row.get("rep_times_s") or ()),
        holds=tuple(
            TrueHold(tuple(hold.get("accept") or (hold["pose"],)), (hold["start_s"], hold["end_s"]))
            for hold in row.get("holds") or ()
        ),
    )


def evaluate(
    truths: Iterable[Truth], library: Mapping[str, Exercise], series_of: Callable[[str], Series]
) -> Iterator[Outcome]:
    """Evaluate the clips one by one. Raises SettingsError if the truth names an exercise that the library lacks."""
    for truth in truths:
        if truth.holds:
            yield _judge_holds(truth, library, series_of(truth.file))
        elif truth.exercise == NOTHING:
            yield _judge_nothing(truth, library, series_of(truth.file))
        else:
            yield _judge_reps(truth, _named(truth.exercise, library, truth.file), series_of(truth.file))


def figures(clips: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures: `exact` and `obo` (off by one at most) are numbers of clips, `mae` is in repetitions."""
    return {
        "clips": len(clips),
        "exact": sum(clip.ok for clip in clips),
        "obo": sum(clip.ok or clip.off_by <= 1 for clip in clips),
        "mae": round(fmean(clip.off_by for clip in clips), 3) if clips else None,
        "false_reps": sum(clip.false_reps for clip in clips),
        "rep_time_error_s": _median(error for clip in clips for error in clip.rep_time_errors_s),
        "hold_error_s": _median(error for clip in clips for error in clip.hold_errors_s),
        "per_clip": [
            {
                "file": clip.file,
                "exercise": clip.exercise,
                "truth": clip.truth,
                "count": clip.count,
                "ok": clip.ok,
                "note": clip.note,
            }
            for clip in clips
        ],
    }


def _named(name: str, library: Mapping[str, Exercise], file: str) -> Exercise:
    try:
        return library[name]
    except KeyError as exc:
        raise SettingsError(f"{file} shows {name!r}, which is not in the library.") from exc


def _accepted(truth: Truth, count: int) -> list[str]:
    """Say that a count other than the likeliest is accepted, too."""
    return [f"{count} is accepted, too"] if count in truth.counts[1:] else []


def _judge_reps(truth: Truth, exercise: Exercise, series: Series) -> Outcome:
    summary = play(exercise, series.estimates())
    found = [(rep.start_s, rep.end_s) for rep in summary.reps if rep.counted]
    partial = [rep.reason for rep in summary.reps if not rep.counted]
    return Outcome(
        file=truth.file,
        exercise=truth.exercise,
        truth=truth.counts[0],
        count=summary.count,
        ok=summary.count in truth.counts,
        off_by=min(abs(summary.count - count) for count in truth.counts),
        false_reps=max(0, summary.count - max(truth.counts)),
        rep_time_errors_s=tuple(
            abs(was - is_) for times in truth.rep_times_s if (near := _nearest(times, found)) for was, is_ in near
        ),
        note="; ".join([*_accepted(truth, summary.count), *(f"partial: {reason}" for reason in partial)]),
    )


def _nearest(times: Times, found: list[Times]) -> tuple[Times, Times] | None:
    """Pair start with start and end with end of the repetition whose middle is closest; None without any."""
    if not found:
        return None
    start, end = min(found, key=lambda one: abs(sum(one) - sum(times)))
    return (times[0], start), (times[1], end)


def _judge_nothing(truth: Truth, library: Mapping[str, Exercise], series: Series) -> Outcome:
    counted = [exercise for exercise in library.values() if exercise.kind == "reps"]
    counts = {exercise.name: play(exercise, series.estimates()).count for exercise in counted}
    total = sum(counts.values())
    note = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    return Outcome(truth.file, truth.exercise, 0, total, total == 0, total, false_reps=total, note=note)


def _judge_holds(truth: Truth, library: Mapping[str, Exercise], series: Series) -> Outcome:
    errors = [_hold_errors(hold, library, series, truth.file) for hold in truth.holds]
    right = sum(max(one) <= HOLD_WITHIN_S for one in errors)
    missed = sum(max(one) == float("inf") for one in errors)
    return Outcome(
        file=truth.file,
        exercise=truth.exercise,
        truth=len(truth.holds),
        count=right,
        ok=right == len(truth.holds),
        off_by=len(truth.holds) - right,
        hold_errors_s=tuple(error for one in errors for error in one if error < float("inf")),
        note=f"{missed} not found" if missed else "",
    )


def _hold_errors(hold: TrueHold, library: Mapping[str, Exercise], series: Series, file: str) -> Times:
    """Return the errors of start and end of the closest hold with a right name; infinite if there is none."""
    found: list[Hold] = []
    for name in hold.accept:
        found += play(_named(name, library, file), series.estimates()).holds
    return min(
        ((abs(one.start_s - hold.times_s[0]), abs(one.end_s - hold.times_s[1])) for one in found),
        key=max,
        default=(float("inf"), float("inf")),
    )


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return round(median(known), 3) if known else None
