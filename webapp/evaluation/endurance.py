"""Workouts during worker kills, server kills and database outages: no repetition may be lost or counted twice.

Several people follow a recording (the replay engine). In this process the same poses at the same times also go through
an undisturbed `Workout`. What the server stored at the end must equal what that one counted.

A new worker or connection starts the recording again, so everybody waits for outstanding answers before a process is
killed: then it is known which pose belongs to which frame. The server is killed just after everybody has completed a
repetition, because an interrupted movement is a repetition in neither count.
"""

import asyncio
import contextlib
import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from webapp.evaluation.light_browser import BINARY, LightBrowser, client_frame
from webapp.evaluation.live import ServerProcess
from webapp.motion.exercise import Exercise
from webapp.pose.picture import encode
from webapp.records import Estimate, Rep
from webapp.series import Series
from webapp.store import open_store
from webapp.workout import Workout

STANDS_S = 2.0
"""A person who has just come into view is counted after a moment: a rebuilt workout has seen nobody before."""

_FPS, _IN_FLIGHT = 15.0, 2
_PATIENCE_S = 60.0
_PICTURE = client_frame(encode(np.full((48, 64, 3), 120, np.uint8)), BINARY)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds after the start at which something is done to the server."""

    seconds: float

    @property
    def acts(self) -> list[tuple[float, str]]:
        """Times and actions, in order: a worker killed every 20 s, the server twice, two database outages."""
        every_s = min(20.0, self.seconds / 4)
        workers = [(at_s, "worker") for at_s in np.arange(every_s, self.seconds - 1, every_s)]
        servers = [(self.seconds * part + every_s / 2, "server") for part in (1 / 3, 2 / 3)]
        databases = [(self.seconds * part + every_s / 4, "database") for part in (1 / 6, 5 / 6)]
        return sorted(workers + servers + databases)

    @property
    def away_s(self) -> float:
        """Duration of a database outage."""
        return min(10.0, self.seconds / 10)


def long_series(recorded: Series, seconds: float) -> Series:
    """Return a person who stands for a while and then repeats the recording forwards and backwards, without a jump."""
    order = np.arange(len(recorded))
    there, back = recorded.t_s - recorded.t_s[0], recorded.t_s[-1] - recorded.t_s[::-1]
    turn_s = float(there[-1]) + 1 / _FPS
    turns = range(int(np.ceil(seconds / turn_s)))
    index = np.concatenate([order if turn % 2 == 0 else order[::-1] for turn in turns])
    t_s = np.concatenate([turn * turn_s + (there if turn % 2 == 0 else back) for turn in turns])
    t_s[1:] += STANDS_S
    return Series(
        t_s, recorded.image[index], recorded.world[index], recorded.aspect, recorded.exercise, recorded.source
    )


class Person:
    """One person in front of a camera, and the same workout undisturbed."""

    def __init__(self, exercise: Exercise, series: Series, port: int) -> None:
        self.workout = ""
        self.reported: list[int] = []
        self.signals: Counter[str] = Counter()
        self.undisturbed = Workout(exercise)
        self.undisturbed.go()
        self._exercise = exercise
        self._series = series
        self._port = port
        self._secret = ""
        self._seq = 0
        self._first_s: float | None = None
        self._unanswered: dict[int, float] = {}
        self._changed = asyncio.Event()
        self._said: dict[str, dict[str, Any]] = {}
        self._listening: asyncio.Task[None] | None = None
        self._sending: asyncio.Task[None] | None = None

    async def come(self) -> None:
        """Connect and begin or resume the workout; the recording starts again."""
        self._browser = await LightBrowser.connect("localhost", self._port)
        self._listening = asyncio.create_task(self._listen())
        again = {"resume": self._secret} if self._secret else {}
        self._browser.say("start", {"v": 1, "exercise": self._exercise.name, **again})
        ready = await self._expect("ready")
        self.workout, self._secret = ready["workout"], ready["resume"]
        if ready["count"] != max(self.reported, default=0):
            self.signals["other count at return"] += 1
        self._browser.say("go", {})
        self.goes_on()

    def goes_on(self) -> None:
        """Send frames from now on, from the recording's start."""
        self._first_s = None
        self._sending = asyncio.create_task(self._send())

    async def rests(self, *, after_a_rep: bool = False) -> None:
        """Stop sending, and return when every frame is answered."""
        reps = len(self.reported) + after_a_rep
        await self._until(lambda: len(self.reported) >= reps)
        await _ended(self._sending)
        await self._until(lambda: not self._unanswered)

    async def is_saved(self) -> None:
        """Return when the server has reported that everything is saved."""
        await self._until(lambda: self.signals["not_saved"] <= self.signals["saved"])

    async def leaves(self) -> None:
        """Disconnect without notice."""
        await _ended(self._listening)
        await self._browser.close()

    async def stops(self) -> int:
        """End the workout and return its count."""
        await self.rests()
        self._browser.say("stop", {})
        count: int = (await self._expect("summary"))["count"]
        await self.leaves()
        return count

    async def _send(self) -> None:
        while True:
            if len(self._unanswered) < _IN_FLIGHT:
                self._seq += 1
                t_ms = time.time() * 1000
                self._unanswered[self._seq] = t_ms / 1000
                self._browser.say_frame(self._seq, t_ms, _PICTURE)
            await asyncio.sleep(1 / _FPS)

    async def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._take(*await self._browser.hear())
                self._changed.set()

    async def _expect(self, event: str) -> dict[str, Any]:
        await self._until(lambda: event in self._said)
        return self._said.pop(event)

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(_PATIENCE_S):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def _take(self, event: str, arguments: list[Any]) -> None:
        if event == "pose":
            self._answered(arguments[0])
        elif event == "rep" and arguments[0]["counted"]:
            self.reported.append(arguments[0]["number"])
        elif event in ("ready", "summary"):
            self._said[event] = arguments[0]
        elif event == "saved":
            self.signals["saved"] += 1
        elif event == "error":
            self.signals[arguments[0]["code"]] += 1
            self._acknowledged(arguments[0].get("seq", -1))

    def _answered(self, seq: int) -> None:
        t_s = self._unanswered[seq]
        self._first_s = t_s if self._first_s is None else self._first_s
        self.undisturbed.observe(Estimate(seq, t_s, self._series.pose_at(t_s - self._first_s)))
        self._acknowledged(seq)

    def _acknowledged(self, seq: int) -> None:
        self._unanswered = {one: t_s for one, t_s in self._unanswered.items() if one > seq}


async def _ended(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def disturbed(server: ServerProcess, people: Sequence[Person], schedule: Schedule, database: Path) -> list[int]:
    """Let the people work out during all this; return the final count reported to each."""
    for person in people:
        await person.come()
    begin_s = time.monotonic()
    for at_s, act in schedule.acts:
        await asyncio.sleep(max(0.0, begin_s + at_s - time.monotonic()))
        if act == "database":
            await _database_goes_away(people, database, schedule.away_s)
        else:
            await asyncio.gather(*(person.rests(after_a_rep=act == "server") for person in people))
            await (_server_dies(server, people) if act == "server" else _worker_dies(server, people))
    await asyncio.sleep(max(0.0, begin_s + schedule.seconds - time.monotonic()))
    return [await person.stops() for person in people]


async def _database_goes_away(people: Sequence[Person], database: Path, away_s: float) -> None:
    """Lock the database, like another program that never ends its transaction."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        await asyncio.sleep(away_s)
        other.execute("ROLLBACK")
    await asyncio.gather(*(person.is_saved() for person in people))


async def _worker_dies(server: ServerProcess, people: Sequence[Person]) -> None:
    ready = await asyncio.to_thread(server.readiness)
    os.kill(ready["workers"][0]["pid"], signal.SIGKILL)
    for person in people:
        person.goes_on()


async def _server_dies(server: ServerProcess, people: Sequence[Person]) -> None:
    server.kill()
    for person in people:
        await person.leaves()
    await asyncio.to_thread(server.start)
    for person in people:
        await person.come()


def compared(people: Sequence[Person], reported: Sequence[int], store_url: str) -> dict[str, Any]:
    """Return how the stored count differs from the undisturbed one; all 0 if nothing was lost or doubled."""
    store = open_store(store_url)
    try:
        kept = [[rep for rep in store.events(one.workout) if isinstance(rep, Rep) and rep.counted] for one in people]
    finally:
        store.close()
    truth = [[rep for rep in one.undisturbed.finish().reps if rep.counted] for one in people]
    pairs = [(_ends(ours), _ends(theirs)) for ours, theirs in zip(kept, truth, strict=True)]
    signals = sum((person.signals for person in people), Counter[str]())
    return {
        "reps": {"undisturbed": sum(map(len, truth)), "kept": sum(map(len, kept)), "reported": sum(reported)},
        "lost": sum(len(theirs - ours) for ours, theirs in pairs),
        "doubled": sum(len(ours - theirs) for ours, theirs in pairs) + sum(map(_twice, kept)),
        "signals": dict(signals),
    }


def _ends(reps: Sequence[Rep]) -> set[float]:
    return {round(rep.end_s, 3) for rep in reps}


def _twice(reps: Sequence[Rep]) -> int:
    return len(reps) - len({rep.number for rep in reps})
