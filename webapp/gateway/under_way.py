"""Workouts that have begun and not ended, and how a browser finds its own again.

The secret that takes a workout up again is known to its browser alone; the store keeps the secret's hash. While the
process lives, the workout waits in memory, movement half done and all. After a restart it is built anew from what the
store kept, so that no repetition is lost.

A browser that comes back may reach another process or server. Whoever takes a workout up claims it in the store under
the name of the browser's connection, its holder, and the store refuses what a former holder writes: that one finds out
at its next write, or when it next asks, and forgets the workout. What it counted before, and the store could not take
then, is kept all the same.
"""

import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial

from webapp.errors import NotKeptYet, NoWorkout, Restarting, StoreError, TakenOver, UnknownExercise
from webapp.gateway.keeping import Keeper
from webapp.gateway.live_workout import LiveWorkout, nobody, secret_hash
from webapp.gateway.recorder import Recorder
from webapp.motion.exercise import Exercise
from webapp.records import Hold, Rep, Summary, Target
from webapp.sets import exercise_of
from webapp.store import KeptEvent, Store, StoredWorkout, event_key
from webapp.workout import Workout

_ENDED = "That workout has ended; start a new one."
_LAST_TRY_S = 3.0

_log = logging.getLogger(__name__)


class UnderWay:
    """Every workout under way in this process.

    on_store_error is called whenever something could not be kept. on_claimed is told the former holder of a workout
    that another process had. keeps_series: whether what is seen is kept, too.
    """

    def __init__(
        self,
        library: Mapping[str, Exercise],
        store: Store,
        on_store_error: Callable[[], object] = lambda: None,
        on_claimed: Callable[[str], object] = lambda _former: None,
        *,
        keeps_series: bool = True,
    ) -> None:
        self._library = library
        self._store = store
        self._on_store_error = on_store_error
        self._on_claimed = on_claimed
        self._keeper = Keeper(self._not_kept, self._kept)
        self._keeps_series = keeps_series
        self._by_secret: dict[str, LiveWorkout] = {}
        self._forgotten: deque[str] = deque(maxlen=1000)  # the last persons, whose pages may still be open
        self._goes = False

    def __len__(self) -> int:
        return len(self._by_secret)

    @property
    def ids(self) -> list[str]:
        """The workouts' names."""
        return [live.id for live in self._by_secret.values()]

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of that name, or raise UnknownExercise."""
        try:
            return self._library[name]
        except KeyError as exc:
            raise UnknownExercise(f"There is no exercise {name[:40]!r}.") from exc

    def begin(
        self,
        exercise: str,
        person: str | None = None,
        target: Target | None = None,
        body_kg: float | None = None,
        *,
        holder: str = "",
    ) -> LiveWorkout:
        """Begin a workout, or raise UnknownExercise; NoWorkout for a person who has deleted everything since.

        holder: a name that no other holder has, at this server or another.
        """
        self._check_stays()
        motion = Workout(self.exercise(exercise), target=target)
        live = LiveWorkout(secrets.token_hex(8), secrets.token_urlsafe(16), motion, holder or nobody(), person)
        if person in self._forgotten:
            raise NoWorkout("Everything of this browser was deleted; reload the page to begin anew.")
        self._store.begin(live.id, exercise, time.time(), secret_hash(live.secret), person, body_kg, live.claim)
        live.recorder = self._recorder(live.id)
        self._by_secret[live.secret] = live
        return live

    def resume(self, secret: str, person: str | None = None, *, holder: str = "") -> LiveWorkout:
        """Return the person's workout with that secret, from memory or from the store, or raise NoWorkout."""
        self._check_stays()
        live, holder = self._by_secret.get(secret), holder or nobody()
        if live is not None:
            if live.ended or live.person not in (None, person):
                raise NoWorkout(_ENDED)
            if self._is_ours_still(live, holder):
                return live
            if live.claim == holder:
                live.holder = None  # it comes back itself, and need not be told
            self._let_go(live)
        rebuilt = self._rebuilt(secret, person, holder)
        alone = self._by_secret.setdefault(secret, rebuilt) is rebuilt  # or else another connection was quicker
        return rebuilt if alone else self.resume(secret, person, holder=holder)

    def keep(self, live: LiveWorkout, event: KeptEvent) -> bool:
        """Have an event kept, and return whether it is by now; its holder is told when that takes longer."""
        return self._keeper.put(live, event_key(event), partial(self._append, live, event))

    def let_go_of_lost(self) -> None:
        """Forget the workouts that another process has claimed or deleted; their holders here are told."""
        ours = {live.id: live for live in self._by_secret.values()}
        try:
            holders = self._store.holders(ours) if ours else {}
        except StoreError:
            return  # whatever is written meanwhile is refused by the store itself
        for workout, live in ours.items():
            if workout not in holders:
                self._forget(live)
            elif live.claim != holders[workout]:
                self._let_go(live)

    def trouble(self, live: LiveWorkout) -> NotKeptYet | None:
        """Return what is told of a workout that cannot be kept for now."""
        return NotKeptYet() if self._keeper.waits(live) else None

    def hand_over(self) -> None:
        """Take up no workout any more, and keep those under way as far as they have come: the server goes."""
        self._goes = True
        self._keep_holds()
        self.end_series()

    def keep_rest(self) -> None:
        """Keep the holds under way as far as they have come, and all that waits for the store: nothing more comes."""
        self._keep_holds()
        for live in self._keeper.end(_LAST_TRY_S):
            _log.error("the last of workout %s was not kept", live.id)

    def keep_series(self) -> Iterator[None]:
        """Store what was seen so far; yields after each workout, so that the caller lets frames pass meanwhile."""
        for live in tuple(self._by_secret.values()):
            if live.recorder is not None and live.recorder.keep():
                yield

    def end_series(self) -> None:
        """Store all that was seen: the server goes."""
        for live in tuple(self._by_secret.values()):
            if live.recorder is not None:
                live.recorder.end()

    def finish(self, live: LiveWorkout) -> Summary:
        """End a workout and return its summary, which is kept as well as it can be."""
        live.ended = True
        try:
            summary = live.motion.finish()
        except Exception:
            self._by_secret.pop(live.secret, None)
            raise
        self._keeper.put(live, "summary", partial(self._finish, live, summary))
        if live.recorder is not None:
            self._keeper.put(live, "series", live.recorder.finish)
        return summary

    def leave(self, live: LiveWorkout) -> None:
        """Its browser is lost: let the workout wait."""
        live.holder = None
        if live.recorder is not None:
            live.recorder.rest()
        live.left_at_s = time.monotonic()

    def forget(self, person: str) -> None:
        """End the person's workouts and keep nothing of them; what the store has is for the caller to delete."""
        self._forgotten.append(person)
        for live in [one for one in self._by_secret.values() if one.person == person]:
            self._forget(live)

    def finish_abandoned(self, grace_s: float) -> None:
        """End the workouts that nobody came back to within the grace time; none of them keeps another from its end."""
        now_s = time.monotonic()
        for live in tuple(self._by_secret.values()):
            if live.holder is None and not live.ended and now_s - live.left_at_s > grace_s:
                try:
                    self.finish(live)
                except Exception:
                    _log.exception("workout %s was not ended as it should be", live.id)

    def _forget(self, live: LiveWorkout) -> None:
        self._by_secret.pop(live.secret, None)
        self._keeper.forget(live)
        if live.holder is not None and not live.ended:
            live.holder.forgotten()

    def _recorder(self, workout: str, *, again: bool = False) -> Recorder | None:
        return Recorder(self._store, workout, again=again) if self._keeps_series else None

    def _not_kept(self, live: LiveWorkout, problem: StoreError, first: bool) -> None:
        self._on_store_error()
        live.waits = True
        if not first:
            return
        _log.warning("workout %s cannot be kept for now: %s", live.id, problem)
        if live.holder is not None:
            live.holder.not_kept(NotKeptYet())

    def _kept(self, live: LiveWorkout, late: bool) -> None:
        live.waits = False
        if live.ended:  # only now: until then the store would give it to its secret
            self._by_secret.pop(live.secret, None)
        if not late:
            return
        _log.warning("all of workout %s is kept now", live.id)
        if live.holder is not None:
            live.holder.kept()

    def _keep_holds(self) -> None:
        for live in tuple(self._by_secret.values()):
            hold = live.motion.holding
            if hold is not None and not live.ended:
                self.keep(live, hold)

    def _check_stays(self) -> None:
        if self._goes:
            raise Restarting

    def _is_ours_still(self, live: LiveWorkout, holder: str) -> bool:
        """Claim a workout for the next holder in this process, and return whether its last one was here, too."""
        try:
            former = self._store.claim(live.id, holder, time.time())
        except StoreError:
            return True  # if that is not so, the store says it when it is back, and refuses what is written
        if former != live.claim:
            self._tell(former)
            return False
        live.claim = holder
        return True

    def _tell(self, former: str | None) -> None:
        if former is not None:
            self._on_claimed(former)

    def _let_go(self, live: LiveWorkout) -> None:
        """Another process goes on with this workout."""
        if self._by_secret.get(live.secret) is live:
            del self._by_secret[live.secret]
        holder, live.holder = live.holder, None
        if holder is not None:
            holder.taken_over()

    def _append(self, live: LiveWorkout, event: KeptEvent) -> None:
        """Store an event. Of what is counted after another process went on, nothing: that one counts it."""
        try:
            self._store.append(live.id, event, live.claim)
        except TakenOver:
            self._let_go(live)
            if live.waits and isinstance(event, Rep | Hold):
                self._store.append(live.id, event)
                self._complete(live)

    def _finish(self, live: LiveWorkout, summary: Summary) -> None:
        with suppress(TakenOver):
            self._store.finish(live.id, summary, live.claim)
            self._complete(live)

    def _complete(self, live: LiveWorkout) -> None:
        """Sum a workout up anew when it has ended and the store has more of it than its summary tells."""
        summary, kept = self._store.workout(live.id).summary, self._store.events(live.id)
        if summary is None:
            return
        known = {event_key(rep) for rep in summary.reps} | {event_key(hold) for hold in summary.holds}
        if any(isinstance(event, Rep | Hold) and event_key(event) not in known for event in kept):
            self._store.finish(live.id, Workout(live.exercise, past=kept).finish())

    def _rebuilt(self, secret: str, person: str | None, holder: str) -> LiveWorkout:
        kept = self._stored(secret, person)
        former = self._store.claim(kept.id, holder, time.time())  # first: then no former holder adds to its events
        if former != holder:
            self._tell(former)
        past = self._store.events(kept.id)
        exercise = self.exercise(exercise_of(past) or kept.exercise)
        last_t_s = max((event.end_s for event in past), default=0.0)
        live = LiveWorkout(kept.id, secret, Workout(exercise, past=past), holder, kept.person, last_t_s)
        live.recorder = self._recorder(kept.id, again=True)
        return live

    def _stored(self, secret: str, person: str | None) -> StoredWorkout:
        kept = self._store.by_resume(secret_hash(secret))
        if kept is None or kept.finished or kept.person not in (None, person):
            raise NoWorkout(_ENDED)
        return kept
