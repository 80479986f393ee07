"""Workouts as rows of a list."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from webapp.motion.exercise import Exercise
from webapp.pages.site import Site
from webapp.pages.wording import counted, held, title_of
from webapp.records import Summary
from webapp.store import StoredWorkout
from webapp.store.history import sets_of


@dataclass(frozen=True, slots=True)
class ListedWorkout:
    """One workout in a list; `best` if a personal record was reached in it."""

    id: str
    title: str
    score: str
    duration: str
    started: datetime
    best: bool = False


def rows_of(site: Site, workouts: Iterable[StoredWorkout], best: Collection[str] = ()) -> tuple[ListedWorkout, ...]:
    """Return the rows of workouts; `best` names those in which a record was reached."""
    zone = site.zone()
    return tuple(_row(site.library, kept, site.summary(kept), zone, best=kept.id in best) for kept in workouts)


def score(summary: Summary) -> str:
    """Return the figure of a workout: repetitions, seconds held, or both."""
    parts = [counted(summary.count, "repetition")] if summary.count or summary.kind == "reps" else []
    return " · ".join([*parts, f"{held(summary.held_s)} held"] if summary.held_s or not parts else parts)


def _row(
    library: Mapping[str, Exercise], kept: StoredWorkout, summary: Summary, zone: tzinfo | None, *, best: bool
) -> ListedWorkout:
    exercises = dict.fromkeys(one.exercise for one in sets_of(summary)) or {kept.exercise: None}
    return ListedWorkout(
        kept.id,
        ", ".join(title_of(library, name) for name in exercises),
        score(summary),
        held(summary.duration_s) if kept.finished else "not ended",
        datetime.fromtimestamp(kept.started_at_s).astimezone(zone),
        best,
    )
