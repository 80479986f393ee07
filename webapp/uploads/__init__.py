"""Recorded videos as workouts: taken in, looked at one after the other, kept as if they had been live, and deleted."""

import contextlib
import errno
import hashlib
import logging
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from webapp.errors import AppError, NoRoom, NoUpload, VideoTooLarge
from webapp.motion.exercise import Exercise
from webapp.pose.choice import EngineChoice
from webapp.store import Store
from webapp.uploads.folder import GONE, Upload, UploadFolder
from webapp.uploads.looking import Task, looked_at
from webapp.uploads.pace import Pace
from webapp.uploads.seen import Seen

SPARE_BYTES = 200_000_000
"""What an upload leaves free on the disk: the database grows there, too."""
UPLOAD_WITHIN_S = 3600.0

_ASK_EVERY_S = 0.3
_TELL_EVERY_S = 0.3

_log = logging.getLogger(__name__)

Write = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How videos are taken and looked at; exercises: folders of the library beside our own."""

    engine: EngineChoice
    exercises: tuple[Path, ...]
    max_bytes: int
    max_s: float
    keep_series: bool


class Uploads:
    """The uploads that this process takes in and looks after; what it tells of one is true for any process's."""

    def __init__(self, folder: Path, plan: Plan, library: Mapping[str, Exercise], store: Store) -> None:
        self.plan = plan
        self._folder = UploadFolder(folder)
        self._root = folder
        self._library = library
        self._store = store
        self._stopping = threading.Event()
        self._looked_after: set[str] = set()

    def start(self) -> None:
        """Remove what a killed server left."""
        self._folder.remove_orphans()

    def stop(self) -> None:
        """End the analyses of this process; their videos go."""
        self._stopping.set()
        for upload in tuple(self._looked_after):
            if self._folder.withdraw(upload):  # else it is being kept
                self._folder.drop(upload)

    def check_length(self, length_bytes: int) -> None:
        """Raise VideoTooLarge or NoRoom for what would not be taken, before a byte of it is read."""
        if length_bytes > self.plan.max_bytes:
            raise _too_many_bytes(self.plan.max_bytes)
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self._root).free - length_bytes < SPARE_BYTES:
            raise NoRoom("The server's disk has no room for this video; whoever runs it must make some.")

    @contextlib.contextmanager
    def incoming(
        self, person: str, exercise: str, engine: str, body_kg: float | None = None, address: str = ""
    ) -> Iterator[tuple[str, Write]]:
        """Take a video in: yield its name and what writes its bytes; when the block ends, it waits to be looked at.

        TooMany when the person, the address or the server has enough of them; TooSlow when hardly anything comes. When
        the block fails, nothing is kept.
        """
        upload = Upload(secrets.token_hex(8), person, exercise, engine, body_kg, "coming", time.time(), address=address)
        lock = self._folder.claim(upload)
        try:
            with self._folder.create_video(upload.id) as file:
                now_s = time.monotonic()
                yield upload.id, partial(_write, file, self.plan.max_bytes, Pace(now_s), now_s + UPLOAD_WITHIN_S)
            now_s = time.time()
            upload = replace(upload, state="waiting", changed_at_s=now_s, arrived_at_s=now_s)
            self._folder.write(upload)
        except BaseException:
            self._folder.drop(upload.id)
            lock.close()
            raise
        self._looked_after.add(upload.id)
        threading.Thread(target=self._see_through, args=(upload, lock), daemon=True).start()

    def find(self, upload: str) -> Upload | None:
        """Return the upload of that name, whosever it is, or None."""
        return self._folder.find(upload)

    def own(self, upload: str, person: str | None) -> Upload:
        """Return the person's upload; NoUpload as if it were not there for another's."""
        found = self._folder.find(upload)
        if found is None or found.person != person:
            raise NoUpload(GONE)
        return found

    def of_person(self, person: str | None) -> Upload | None:
        """Return the upload of the person that is under way, or None."""
        return next((one for one in self._folder.all() if one.person == person and one.state != "failed"), None)

    def place(self, upload: Upload) -> int:
        """Return how many videos are looked at before this one."""
        queue = [one.id for one in self._folder.queue()]
        return queue.index(upload.id) if upload.id in queue else 0

    def cancel(self, upload: Upload) -> None:
        """End an upload and keep nothing of it, unless it is done already."""
        if self._folder.withdraw(upload.id) or upload.state == "failed":
            self._folder.drop(upload.id)

    def forget(self, person: str) -> None:
        """End the person's uploads and keep nothing of them."""
        for one in self._folder.all():
            if one.person == person:
                self._folder.drop(one.id)

    def _see_through(self, upload: Upload, lock: BinaryIO) -> None:
        try:
            if self._wait_for_turn(upload):
                self._keep(upload, self._look(upload))
        except NoUpload:
            pass  # it was cancelled, or the server ends
        except AppError as error:
            self._fail(upload, error)
        except Exception:
            _log.exception("an uploaded video could not be looked at")
            self._fail(upload, AppError("Something went wrong on the server; nothing of the video is kept."))
        finally:
            self._looked_after.discard(upload.id)
            lock.close()

    def _wanted(self, upload: Upload) -> bool:
        return self._folder.video(upload.id).exists() and not self._stopping.is_set()

    def _wait_for_turn(self, upload: Upload) -> bool:
        """Wait until no other video is looked at; return whether this one is still wanted."""
        while self._wanted(upload) and self.place(upload) > 0:
            self._stopping.wait(_ASK_EVERY_S)
        return self._wanted(upload)

    def _look(self, upload: Upload) -> Seen:
        plan, video = self.plan, self._folder.video(upload.id)
        engine = replace(plan.engine, backend=upload.engine)
        task = Task(video, engine, upload.exercise, plan.exercises, plan.max_s, upload.arrived_at_s, plan.keep_series)
        seen, told_s = Seen(self._library), 0.0
        upload = replace(upload, state="looking", changed_at_s=time.time())
        self._folder.write(upload)
        for one in looked_at(task, partial(self._wanted, upload)):
            seen.take(one)
            if time.monotonic() - told_s > _TELL_EVERY_S:
                self._folder.write(seen.progress(upload))
                told_s = time.monotonic()
        return seen

    def _keep(self, upload: Upload, seen: Seen) -> None:
        """Keep the workout, the video being gone; from here on it cannot be cancelled."""
        if not self._folder.withdraw(upload.id):
            return
        self._folder.write(replace(seen.progress(upload), state="keeping"))
        seen.keep(self._store, upload, _nobody_resumes())
        if not self._folder.exists(upload.id):
            self._store.forget(upload.person)  # all of this person was deleted while this was being kept
        self._folder.drop(upload.id)

    def _fail(self, upload: Upload, error: AppError) -> None:
        self._folder.withdraw(upload.id)
        with contextlib.suppress(NoUpload):
            self._folder.write(replace(upload, state="failed", changed_at_s=time.time(), said=error.told, address=""))


def _too_many_bytes(most: int) -> VideoTooLarge:
    return VideoTooLarge(f"The video has more than {most / 1e6:g} MB; cut it, or save it smaller.")


def _write(file: BinaryIO, most_bytes: int, pace: Pace, until_s: float, data: bytes) -> None:
    pace.came(len(data), time.monotonic())
    if file.tell() + len(data) > most_bytes:
        raise _too_many_bytes(most_bytes)
    if time.monotonic() > until_s:
        raise VideoTooLarge("The upload took longer than an hour; save the video smaller, or use a quicker line.")
    try:
        file.write(data)
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom("The server's disk is full; whoever runs it must make room.") from exc
        raise


def _nobody_resumes() -> str:
    """Return the hash of a secret that nobody has: a recorded workout is not taken up again."""
    return hashlib.sha256(secrets.token_bytes(32)).hexdigest()
