"""A workout as a FIT activity, the file of sports watches and their apps, written with Garmin's own library.

"Activity File" in the FIT SDK's documentation defines the contents: file_id, records, a lap, a session and an activity,
in order of time. A FIT `set` is one of our sets or the rest before one. A lap begins with each set, the first with the
workout. A record stands at each end and after every counted repetition, with the count so far. FIT stores times in
whole seconds and durations in milliseconds; the timer's time leaves pauses out. Energy, the middle of its range, is
included only if known.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from garmin_fit_sdk import Encoder, Profile

from webapp.exports.fit_names import FIT_NAMES, SUB_SPORTS
from webapp.records import Hold, Rep, Set, Summary

FIT_EPOCH_S = 631_065_600.0
"""1989-12-31 00:00 UTC, FIT's epoch, in seconds since 1970."""
UNKNOWN_NAME = 65535
NUMBERS = {name.lower(): number for name, number in Profile["mesg_num"].items()}

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Activity:
    """The contents of a file.

    titles: name of each exercise. group: that of the workout's exercise. kcal: total energy, if known.
    """

    workout: str
    started_at_s: float
    summary: Summary
    titles: Mapping[str, str]
    group: str = "strength"
    kcal: float | None = None

    @property
    def shift_s(self) -> float:
        """Offset from our times to FIT's seconds.

        If times begin at 0, as in a video, 0 is when the workout began.
        """
        first_s = self.summary.start_s
        return -FIT_EPOCH_S if first_s >= FIT_EPOCH_S else self.started_at_s - first_s - FIT_EPOCH_S

    @property
    def ends_s(self) -> tuple[float, float]:
        """Start and end, on the summary's clock, with the pauses that its duration leaves out."""
        summary = self.summary
        done: tuple[Rep | Hold | Set, ...] = (*summary.reps, *summary.holds, *summary.sets)
        return summary.start_s, max([summary.start_s + summary.duration_s, *(one.end_s for one in done)])


def fit(activity: Activity) -> bytes:
    """Return the file."""
    encoder = Encoder()
    for name, message in _messages(activity):
        encoder.write_mesg({"mesg_num": NUMBERS[name], **message})
    return bytes(encoder.close())


def _messages(activity: Activity) -> Iterator[tuple[str, Message]]:
    start_s, end_s = (at_s + activity.shift_s for at_s in activity.ends_s)
    yield "file_id", _file_id(activity, start_s)
    yield "event", {"timestamp": round(start_s), "event": "timer", "event_type": "start"}
    yield from (("exercise_title", title) for title in _titles(activity))
    happened = [("record", one) for one in _records(activity)] + [("set", one) for one in _sets(activity)]
    yield from sorted(happened, key=lambda named: named[1]["timestamp"])
    yield "event", {"timestamp": round(end_s), "event": "timer", "event_type": "stop_all"}
    yield from (("lap", lap) for lap in _laps(activity))
    yield "session", _session(activity, start_s, end_s)
    yield (
        "activity",
        {
            "timestamp": round(end_s),
            "total_timer_time": activity.summary.duration_s,
            "num_sessions": 1,
            "type": "manual",
            "event": "activity",
            "event_type": "stop",
        },
    )


def _file_id(activity: Activity, start_s: float) -> Message:
    """Return the file's identity: the same for the same workout, so that an app recognises one it already has."""
    return {
        "type": "activity",
        "manufacturer": "development",
        "product": 1,
        "serial_number": zlib.crc32(activity.workout.encode()) or 1,
        "time_created": round(start_s),
        "product_name": "PoseCoach",
    }


def _titles(activity: Activity) -> Iterator[Message]:
    names = dict.fromkeys(one.exercise for one in activity.summary.sets)
    for index, exercise in enumerate(names):
        category, name = _fit_name(exercise)
        title = activity.titles.get(exercise, exercise)
        yield {
            "message_index": index,
            "exercise_category": category,
            "exercise_name": name,
            "wkt_step_name": title,
        }


def _fit_name(exercise: str) -> tuple[str, int]:
    category, name = FIT_NAMES.get(exercise, ("unknown", None))
    names = Profile["types"].get(f"{category}_exercise_name", {})
    return category, next((int(number) for number, known in names.items() if known == name), UNKNOWN_NAME)


def _records(activity: Activity) -> Iterator[Message]:
    """Yield the repetitions so far, at both ends and after each counted one."""
    start_s, end_s = activity.ends_s
    counted = sorted(rep.end_s for rep in activity.summary.reps if rep.counted)
    for count, at_s in [(0, start_s), *enumerate(counted, 1), (len(counted), end_s)]:
        yield {"timestamp": round(at_s + activity.shift_s), "total_cycles": count}


def _sets(activity: Activity) -> Iterator[Message]:
    sets = activity.summary.sets
    messages = []
    for one, before in zip(sets, (None, *sets), strict=False):
        if before is not None:
            messages.append(_timed("rest", before.end_s, one.start_s, activity.shift_s))
        messages.append(_active(one, activity))
    yield from ({**message, "message_index": index} for index, message in enumerate(messages))


def _active(one: Set, activity: Activity) -> Message:
    category, name = _fit_name(one.exercise)
    message = _timed("active", one.start_s, one.end_s, activity.shift_s)
    message |= {"category": [category], "category_subtype": [name]}
    return message | ({"repetitions": one.count} if one.count else {})


def _timed(set_type: str, start_s: float, end_s: float, shift_s: float) -> Message:
    return {
        "timestamp": round(end_s + shift_s),
        "start_time": round(start_s + shift_s),
        "duration": max(0.0, end_s - start_s),
        "set_type": set_type,
    }


def _laps(activity: Activity) -> Iterator[Message]:
    """Yield a lap for each set, from its start to that of the next; a single one for a workout without sets."""
    start_s, end_s = activity.ends_s
    sets = activity.summary.sets
    begin_s = [start_s, *(one.start_s for one in sets[1:]), end_s]
    counts = [one.count for one in sets] or [activity.summary.count]
    for index, ((from_s, until_s), count) in enumerate(zip(pairwise(begin_s), counts, strict=True)):
        yield {
            "message_index": index,
            **_span(from_s + activity.shift_s, until_s + activity.shift_s),
            "event": "lap",
            "event_type": "stop",
            "total_cycles": count,
        }


def _session(activity: Activity, start_s: float, end_s: float) -> Message:
    summary = activity.summary
    return {
        "message_index": 0,
        **_span(start_s, end_s),
        "total_timer_time": summary.duration_s,
        "event": "session",
        "event_type": "stop",
        "sport": "training",
        "sub_sport": SUB_SPORTS.get(activity.group, "strength_training"),
        "total_cycles": summary.count,
        "total_calories": None if activity.kcal is None else round(activity.kcal),
        "first_lap_index": 0,
        "num_laps": max(1, len(summary.sets)),
        "trigger": "activity_end",
    }


def _span(start_s: float, end_s: float) -> Message:
    return {
        "timestamp": round(end_s),
        "start_time": round(start_s),
        "total_elapsed_time": end_s - start_s,
        "total_timer_time": end_s - start_s,
    }
