"""Recorded videos as workouts: received, analysed one after the other, stored like live workouts, and deleted."""

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

from webapp.errors import AppError, NoRoom, NoUpload, StoreError, VideoTooLarge
from webapp.motion.exercise import Exercise
from webapp.pose.choice import EngineChoice
from webapp.store import Store
from webapp.uploads.analysis import Task, analyse
from webapp.uploads.folder import GONE, Upload, UploadFolder
from webapp.uploads.pace import Pace
from webapp.uploads.result import Result

SPARE_BYTES = 200_000_000
"""Disk space that uploads leave free, because the database is there, too."""
UPLOAD_WITHIN_S = 3600.0

_CHECK_EVERY_S = 0.3
_REPORT_EVERY_S = 0.3
_STORE_AGAIN_S = 1.0
_STORED_WITHIN_S = 600.0
"""How long the store may refuse a workout before its upload has failed, and its person may send another."""
_NOT_SAVED_YET = "The workout cannot be saved at the moment. The server tries again until it can."

_log = logging.getLogger(__name__)

Write = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class UploadSettings:
    """How videos are accepted and analysed; exercises: additional folders of the library."""

    engine: EngineChoice
    exercises: tuple[Path, ...]
    max_bytes: int
    max_s: float
    keep_series: bool


class Uploads:
    """The uploads that this process receives and owns; it can report on those of every process."""

    def __init__(self, folder: Path, settings: UploadSettings, library: Mapping[str, Exercise], store: Store) -> None:
        self.settings = settings
        self._folder = UploadFolder(folder)
        self._root = folder
        self._library = library
        self._store = store
        self._stopping = threading.Event()
        self._owned: set[str] = set()

    def start(self) -> None:
        """Remove uploads that a killed server left; without a folder for them everything else works."""
        try:
            self._folder.remove_orphans()
        except OSError as exc:
            _log.warning("no videos can be uploaded: %s", exc)

    def stop(self) -> None:
        """End the analyses of this process and delete their videos."""
        self._stopping.set()
        for upload in tuple(self._owned):
            if self._folder.withdraw(upload):  # otherwise it is being stored
                self._folder.drop(upload)

    def check_length(self, length_bytes: int) -> None:
        """Raise VideoTooLarge or NoRoom for an unacceptable upload before reading a byte of it."""
        if length_bytes > self.settings.max_bytes:
            raise _too_many_bytes(self.settings.max_bytes)
        with _on_disk():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self._root).free - length_bytes < SPARE_BYTES:
            raise NoRoom("The server's disk has no room for this video; its administrator must free some.")

    @contextlib.contextmanager
    def incoming(
        self, person: str, exercise: str, engine: str, body_kg: float | None = None, address: str = ""
    ) -> Iterator[tuple[str, Write]]:
        """Receive a video: yield its id and a function that writes bytes; when the block ends, queue it for analysis.

        Raises TooMany if the person, the address or the server has enough uploads. Writing raises TooSlow,
        VideoTooLarge or NoRoom. If the block fails, nothing is stored.
        """
        upload = Upload(secrets.token_hex(8), person, exercise, engine, body_kg, "coming", time.time(), address=address)
        with _on_disk():
            lock = self._folder.claim(upload)
        try:
            with _on_disk():
                file = self._folder.create_video(upload.id)
            with file:
                now_s = time.monotonic()
                yield upload.id, partial(_write, file, self.settings.max_bytes, Pace(now_s), now_s + UPLOAD_WITHIN_S)
            now_s = time.time()
            upload = replace(upload, state="waiting", changed_at_s=now_s, arrived_at_s=now_s)
            with _on_disk():
                self._folder.write(upload)
        except BaseException:
            self._folder.drop(upload.id)
            lock.close()
            raise
        self._owned.add(upload.id)
        threading.Thread(target=self._process, args=(upload, lock), daemon=True).start()

    def find(self, upload: str) -> Upload | None:
        """Return an upload by id, whoever owns it, or None."""
        return self._folder.find(upload)

    def own(self, upload: str, person: str | None) -> Upload:
        """Return the person's upload. Raises NoUpload, also for another person's."""
        found = self._folder.find(upload)
        if found is None or found.person != person:
            raise NoUpload(GONE)
        return found

    def of_person(self, person: str | None) -> Upload | None:
        """Return the person's upload in progress, or None."""
        return next((one for one in self._folder.all() if one.person == person and one.state != "failed"), None)

    def place(self, upload: Upload) -> int:
        """Return how many videos will be analysed before this one."""
        queue = [one.id for one in self._folder.queue()]
        return queue.index(upload.id) if upload.id in queue else 0

    def cancel(self, upload: Upload) -> None:
        """Cancel an upload and delete it, unless it is already finished."""
        if self._folder.withdraw(upload.id) or upload.state == "failed":
            self._folder.drop(upload.id)

    def forget(self, person: str) -> None:
        """Cancel and delete all uploads of a person."""
        for one in self._folder.all():
            if one.person == person:
                self._folder.drop(one.id)

    def _process(self, upload: Upload, lock: BinaryIO) -> None:
        try:
            if self._wait_for_turn(upload):
                self._keep(upload, self._analyse(upload))
        except NoUpload:
            pass  # cancelled, or the server is stopping
        except AppError as error:
            self._fail(upload, error)
        except Exception:
            _log.exception("an uploaded video could not be analysed")
            self._fail(upload, AppError("Something went wrong on the server; nothing of the video is stored."))
        finally:
            self._owned.discard(upload.id)
            lock.close()

    def _wanted(self, upload: Upload) -> bool:
        return self._folder.video(upload.id).exists() and not self._stopping.is_set()

    def _wait_for_turn(self, upload: Upload) -> bool:
        """Wait until no other video is being analysed; return whether this one is still wanted."""
        while self._wanted(upload) and self.place(upload) > 0:
            self._stopping.wait(_CHECK_EVERY_S)
        return self._wanted(upload)

    def _analyse(self, upload: Upload) -> Result:
        settings, video = self.settings, self._folder.video(upload.id)
        engine = replace(settings.engine, backend=upload.engine)
        task = Task(
            video,
            engine,
            upload.exercise,
            settings.exercises,
            settings.max_s,
            upload.arrived_at_s,
            settings.keep_series,
        )
        result, reported_s = Result(self._library), 0.0
        upload = replace(upload, state="looking", changed_at_s=time.time())
        self._tell(upload)
        for message in analyse(task, partial(self._wanted, upload)):
            result.take(message)
            if time.monotonic() - reported_s > _REPORT_EVERY_S:
                self._tell(result.progress(upload))
                reported_s = time.monotonic()
        result.end()
        return result

    def _tell(self, upload: Upload) -> None:
        """Write how far an upload is, if possible: on a full disk its page shows less, and its workout is not lost.

        Raises NoUpload if it was removed.
        """
        with contextlib.suppress(OSError):
            self._folder.write(upload)

    def _keep(self, upload: Upload, result: Result) -> None:
        """Delete the video and store the workout; from here on it cannot be cancelled."""
        if not self._folder.withdraw(upload.id):
            return
        keeping = replace(result.progress(upload), state="keeping")
        self._tell(keeping)
        self._store_whole(keeping, result)
        self._folder.drop(upload.id)

    def _store_whole(self, upload: Upload, result: Result) -> None:
        """Store the workout, and repeat that until the store accepts all of it. Raises StoreError after too long."""
        resume, until_s = _nobody_resumes(), time.monotonic() + _STORED_WITHIN_S
        while True:
            try:
                return self._store_once(upload, result, resume)
            except StoreError as error:
                with contextlib.suppress(NoUpload):
                    self._tell(replace(upload, said=_NOT_SAVED_YET))
                if time.monotonic() > until_s or self._stopping.wait(_STORE_AGAIN_S):
                    _log.error("an uploaded workout could not be stored: %s", error)
                    raise

    def _store_once(self, upload: Upload, result: Result, resume_sha256: str) -> None:
        result.keep(self._store, upload, resume_sha256)
        if not self._folder.exists(upload.id):
            self._store.forget(upload.person)  # the person deleted everything while this was being stored

    def _fail(self, upload: Upload, error: AppError) -> None:
        self._folder.withdraw(upload.id)
        message = error.public_message
        try:
            self._folder.write(replace(upload, state="failed", changed_at_s=time.time(), said=message, address=""))
        except NoUpload:
            pass  # its person has deleted everything
        except OSError:  # a full disk: an upload that stays in progress would block its person
            _log.exception("why an upload failed could not be stored")
            self._folder.drop(upload.id)


def _too_many_bytes(most: int) -> VideoTooLarge:
    return VideoTooLarge(f"The video has more than {most / 1e6:g} MB; cut it, or save it smaller.")


def _write(file: BinaryIO, most_bytes: int, pace: Pace, until_s: float, data: bytes) -> None:
    pace.came(len(data), time.monotonic())
    if file.tell() + len(data) > most_bytes:
        raise _too_many_bytes(most_bytes)
    if time.monotonic() > until_s:
        raise VideoTooLarge("The upload took longer than an hour; save the video smaller, or use a faster connection.")
    with _on_disk():
        file.write(data)


@contextlib.contextmanager
def _on_disk() -> Iterator[None]:
    """Raise NoRoom if the disk takes nothing."""
    try:
        yield
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom("The server's disk is full; its administrator must free some space.") from exc
        _log.error("a video cannot be stored: %s", exc)
        raise NoRoom("The server cannot store videos; its log says why.") from exc


def _nobody_resumes() -> str:
    """Return the hash of a secret that nobody has: an uploaded workout cannot be resumed."""
    return hashlib.sha256(secrets.token_bytes(32)).hexdigest()
