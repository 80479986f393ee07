"""Uploads on disk: one folder each, with the video and its status, so that every process of a server can report on it.

The process that owns an upload holds a lock in its folder, which the system releases when the process dies: an upload
without a lock belongs to a killed server and is removed. The video file is the permission to continue. Whoever removes
it decides the fate of the upload: the analysis when it is done, or the person who cancels.
"""

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from webapp.errors import NoUpload, TooMany

MOST_UPLOADS = 8
"""Most uploads in progress, over all people."""
UPLOADS_PER_ADDRESS = 3
"""Most uploads in progress from one address: a person is only a cookie, and one machine could have many."""
TOLD_FOR_S = 600.0
"""How long a failed upload's reason is kept."""
MOST_TOLD = 100
"""Most failed uploads whose reason is kept, the newest."""

GONE = (
    "This video is no longer being analysed: it was cancelled, or the server was restarted. "
    "Nothing of it is stored; upload it again."
)

State = Literal["coming", "waiting", "looking", "keeping", "failed"]

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload and its progress.

    id: also its workout's name. exercise: empty to detect it. body_kg: the person's weight; None if not given.
    address: where it comes from; empty if unknown or no longer needed. changed_at_s: when it entered its state, in
    seconds since 1970. seen_s: seconds analysed of `length_s`, which is 0 if the file does not give it. count, held_s:
    counted and held so far. said: why it failed, or is not stored yet.
    """

    id: str
    person: str
    exercise: str
    engine: str
    body_kg: float | None = None
    state: State = "coming"
    changed_at_s: float = 0.0
    arrived_at_s: float = 0.0
    seen_s: float = 0.0
    length_s: float = 0.0
    count: int = 0
    held_s: float = 0.0
    said: str = ""
    address: str = ""


class UploadFolder:
    """All uploads in a data folder, readable by its owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Upload]:
        """Return the uploads in order of arrival."""
        found = [self.find(path.name) for path in self._folder.glob("*/")]
        return sorted((one for one in found if one is not None), key=lambda one: (one.arrived_at_s, one.id))

    def find(self, upload: str) -> Upload | None:
        """Return an upload by id, or None."""
        if not upload.isalnum():
            return None
        try:
            return Upload(**json.loads((self._folder / upload / "status.json").read_text()))
        except (OSError, ValueError, TypeError):  # being removed, or never an upload
            return None

    def exists(self, upload: str) -> bool:
        """Whether an upload's folder still exists; not after its person has deleted everything."""
        return (self._folder / upload).is_dir()

    def queue(self) -> list[Upload]:
        """Return the uploads being analysed or waiting for it, in order."""
        return [one for one in self.all() if one.state in ("waiting", "looking") and self._has_owner(one.id)]

    def claim(self, upload: Upload) -> BinaryIO:
        """Create an upload's folder and return its lock. Raises TooMany if person, address or server has enough."""
        with self._alone():
            self._remove_old(upload.person)
            self._check_room(upload)
            (self._folder / upload.id).mkdir(mode=0o700)
            lock = (self._folder / upload.id / "owner").open("wb")
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                self.write(upload)
            except OSError:  # a full disk
                lock.close()
                self.drop(upload.id)
                raise
            return lock

    def write(self, upload: Upload) -> None:
        """Write an upload's status. Raises NoUpload if it was removed."""
        folder = self._folder / upload.id
        try:
            descriptor = os.open(folder / "status.part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                json.dump(asdict(upload), file)
            (folder / "status.part").replace(folder / "status.json")
        except FileNotFoundError as exc:
            raise NoUpload(GONE) from exc

    def video(self, upload: str) -> Path:
        """Return the video's path; the name is ours, never the uploaded file's."""
        return self._folder / upload / "video"

    def create_video(self, upload: str) -> BinaryIO:
        """Open a new, unbuffered file for the video's bytes."""
        return os.fdopen(os.open(self.video(upload), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)

    def withdraw(self, upload: str) -> bool:
        """Remove the video; return whether it was there, which makes the caller the one to decide what follows."""
        try:
            self.video(upload).unlink()
        except FileNotFoundError:
            return False
        return True

    def drop(self, upload: str) -> None:
        """Remove an upload."""
        for _ in range(_TRIES):  # its process may be writing its status
            shutil.rmtree(self._folder / upload, ignore_errors=True)

    def remove_orphans(self) -> None:
        """Remove uploads that a killed process left."""
        with self._alone():
            self._remove_old()
            for path in self._folder.glob("*/"):
                one = self.find(path.name)
                if not self._has_owner(path.name) and (one is None or one.state != "failed"):
                    self.drop(path.name)

    def _check_room(self, upload: Upload) -> None:
        there = [one for one in self.all() if one.state != "failed"]
        if any(one.person == upload.person for one in there):
            raise TooMany("Your last video is still being analysed; wait for it, or cancel it.")
        if upload.address and sum(one.address == upload.address for one in there) >= UPLOADS_PER_ADDRESS:
            raise TooMany("Other videos from your network are still being analysed; try again in a few minutes.")
        if len(there) >= MOST_UPLOADS:
            raise TooMany("Many videos are waiting to be analysed; try again in a few minutes.")

    def _remove_old(self, person: str = "") -> None:
        """Remove old failed uploads, those beyond the newest MOST_TOLD, and all failed ones of this person."""
        failed = sorted((one for one in self.all() if one.state == "failed"), key=lambda one: -one.changed_at_s)
        for place, one in enumerate(failed):
            if one.person == person or place >= MOST_TOLD or time.time() - one.changed_at_s > TOLD_FOR_S:
                self.drop(one.id)

    def _has_owner(self, upload: str) -> bool:
        try:
            with (self._folder / upload / "owner").open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Exclude the server's other processes; code in this block must not wait for anything."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        with (self._folder / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
