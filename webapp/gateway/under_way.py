"""Workouts in progress, and how a browser resumes its own.

Only the browser knows the secret that resumes a workout; the store has its hash. While the process lives, the workout
waits in memory, including a half-done movement. After a restart it is rebuilt from the store, so that no repetition is
lost.

A returning browser may reach another process or server. Resuming claims the workout in the store under the name of the
browser's connection, its holder, and the store then refuses writes of a former holder, which learns of it at its next
write or query and forgets the workout. What the former holder counted before, and the store could not accept then,
is stored nevertheless.
"""

import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from webapp.errors import NotKeptYet, NoWorkout, Restarting, StoreError, UnknownExercise
from webapp.gateway.keeping import Keeper
from webapp.gateway.live_workout import LiveWorkout, nobody, secret_hash
from webapp.gateway.recorder import Recorder
from webapp.gateway.writes import Writes
from webapp.motion.exercise import Exercise
from webapp.records import Summary, Target
from webapp.sets import exercise_of
from webapp.store import KeptEvent, Store, StoredWorkout, event_key
from webapp.workout import Workout

_ENDED = "That workout has ended; start a new one."
_LAST_TRY_S = 3.0

_log = logging.getLogger(__name__)


class UnderWay:
    """All workouts in progress in this process.

    on_store_error is called whenever something could not be stored. on_claimed(former) is called when a workout is
    resumed that another process had, with its former holder. keeps_series: whether landmarks are stored, too.
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
        self._writes = Writes(store, self._let_go)
        self._keeps_series = keeps_series
        self._by_secret: dict[str, LiveWorkout] = {}
        self._forgotten: deque[str] = deque(maxlen=1000)  # the latest people, whose pages may still be open
        self._shutting_down = False

    def __len__(self) -> int:
        return len(self._by_secret)

    @property
    def ids(self) -> list[str]:
        """The workouts' ids."""
        return [live.id for live in self._by_secret.values()]

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of that name. Raises UnknownExercise."""
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
        """Begin a workout. Raises UnknownExercise, or NoWorkout if the person has deleted all their data.

        holder: a name unique among the holders of all servers.
        """
        self._check_running()
        motion = Workout(self.exercise(exercise), target=target)
        live = LiveWorkout(secrets.token_hex(8), secrets.token_urlsafe(16), motion, holder or nobody(), person)
        if person in self._forgotten:
            raise NoWorkout("All data of this browser was deleted; reload the page to start again.")
        self._store.begin(live.id, exercise, time.time(), secret_hash(live.secret), person, body_kg, live.claim)
        live.recorder = self._recorder(live.id)
        self._by_secret[live.secret] = live
        return live

    def resume(self, secret: str, person: str | None = None, *, holder: str = "") -> LiveWorkout:
        """Return the person's workout with that secret, from memory or the store. Raises NoWorkout."""
        self._check_running()
        live, holder = self._by_secret.get(secret), holder or nobody()
        if live is not None:
            if live.ended or live.person not in (None, person):
                raise NoWorkout(_ENDED)
            if self._still_ours(live, holder):
                return live
            if live.claim == holder:
                live.holder = None  # it has come back itself and needs no notice
            self._let_go(live)
        rebuilt = self._rebuilt(secret, person, holder)
        alone = self._by_secret.setdefault(secret, rebuilt) is rebuilt  # otherwise another connection was faster
        return rebuilt if alone else self.resume(secret, person, holder=holder)

    def keep(self, live: LiveWorkout, event: KeptEvent) -> bool:
        """Store an event; return False if that is delayed, of which the holder is notified."""
        return self._keeper.put(live, event_key(event), partial(self._writes.append, live, event))

    def let_go_of_lost(self) -> None:
        """Forget the workouts that another process has claimed or deleted, and notify their holders here."""
        ours = {live.id: live for live in self._by_secret.values()}
        try:
            holders = self._store.holders(ours) if ours else {}
        except StoreError:
            return  # the store itself refuses anything written meanwhile
        for workout, live in ours.items():
            if workout not in holders:
                self._forget(live)
            elif live.claim != holders[workout]:
                self._let_go(live)

    def trouble(self, live: LiveWorkout) -> NotKeptYet | None:
        """Return the error to show for a workout that cannot be stored for now."""
        return NotKeptYet() if live.late else None

    def hand_over(self) -> None:
        """Resume no more workouts and store the current state of all, because the server shuts down."""
        self._shutting_down = True
        self._keep_holds()
        self.end_series()

    def keep_rest(self) -> None:
        """Store the holds in progress and everything that waits for the store; no events may come after this."""
        self._keep_holds()
        for live in self._keeper.end(_LAST_TRY_S):
            _log.error("the last events of workout %s were not stored", live.id)

    def keep_series(self) -> Iterator[None]:
        """Store the landmarks so far; yields after each workout, so that the caller can let frames pass."""
        for live in tuple(self._by_secret.values()):
            if live.recorder is not None and live.recorder.keep():
                yield

    def end_series(self) -> None:
        """Store all landmarks, because the server shuts down."""
        for live in tuple(self._by_secret.values()):
            if live.recorder is not None:
                live.recorder.end()

    def finish(self, live: LiveWorkout) -> Summary:
        """End a workout and return its summary; if that is not stored yet, its holder was notified of it before."""
        live.ended = True
        try:
            for event in live.motion.pause():
                self.keep(live, event)
            summary = live.motion.finish()
        except Exception:
            self._by_secret.pop(live.secret, None)
            raise
        self._keeper.put(live, "summary", partial(self._writes.finish, live, summary), last=True)
        if live.recorder is not None:
            self._keeper.put(live, "series", live.recorder.finish, last=True)
        return summary

    def leave(self, live: LiveWorkout) -> None:
        """Let the workout wait, because its browser is lost."""
        live.holder = None
        live.left_at_s = time.monotonic()
        if live.recorder is not None:  # the process that the browser returns to continues after them
            self._keeper.put(live, "series", live.recorder.finish)

    def forget(self, person: str) -> None:
        """End the person's workouts and store nothing more of them; the caller deletes what the store has."""
        self._forgotten.append(person)
        for live in [one for one in self._by_secret.values() if one.person == person]:
            self._forget(live)

    def finish_abandoned(self, grace_s: float) -> None:
        """End the workouts that nobody came back to within the grace time; a failure does not affect the others."""
        now_s = time.monotonic()
        for live in tuple(self._by_secret.values()):
            if live.holder is None and not live.ended and now_s - live.left_at_s > grace_s:
                try:
                    self.finish(live)
                except Exception:
                    _log.exception("workout %s was not ended properly", live.id)

    def _forget(self, live: LiveWorkout) -> None:
        self._by_secret.pop(live.secret, None)
        self._keeper.forget(live)
        if live.holder is not None and not live.ended:
            live.holder.forgotten()

    def _recorder(self, workout: str, *, again: bool = False) -> Recorder | None:
        return Recorder(self._store, workout, again=again) if self._keeps_series else None

    def _not_kept(self, live: LiveWorkout, problem: StoreError, first: bool) -> None:
        self._on_store_error()
        live.late = True
        if not first:
            return
        _log.warning("workout %s cannot be stored for now: %s", live.id, problem)
        if live.holder is not None:
            live.holder.not_kept(NotKeptYet())

    def _kept(self, live: LiveWorkout, late: bool) -> None:
        live.late = False
        if live.ended:  # only now: before, the store would let it be resumed
            self._by_secret.pop(live.secret, None)
        if not late:
            return
        _log.warning("all of workout %s is stored now", live.id)
        if live.holder is not None:
            live.holder.kept()

    def _keep_holds(self) -> None:
        for live in tuple(self._by_secret.values()):
            hold = live.motion.holding
            if hold is not None and not live.ended:
                self.keep(live, hold)

    def _check_running(self) -> None:
        if self._shutting_down:
            raise Restarting

    def _still_ours(self, live: LiveWorkout, holder: str) -> bool:
        """Claim a workout for a holder in this process; return whether the former holder was in this process, too."""
        live.claiming = holder  # before the store knows: a write under the former claim may be on its way
        try:
            former = self._store.claim(live.id, holder, time.time())
        except StoreError:
            return True  # if not, the store will refuse the writes when it is back
        if former != live.claim:
            self._notify(former)
            return False
        live.claim = holder
        return True

    def _notify(self, former: str | None) -> None:
        if former is not None:
            self._on_claimed(former)

    def _let_go(self, live: LiveWorkout) -> None:
        """Forget a workout that another process continues."""
        if self._by_secret.get(live.secret) is live:
            del self._by_secret[live.secret]
        holder, live.holder = live.holder, None
        if holder is not None:
            live.shared = True
            holder.taken_over()

    def _rebuilt(self, secret: str, person: str | None, holder: str) -> LiveWorkout:
        kept = self._stored(secret, person)
        former = self._store.claim(kept.id, holder, time.time())  # first, so that no former holder adds events
        if former != holder:
            self._notify(former)
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
