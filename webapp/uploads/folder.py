"""Uploads on disk: a folder each, with the video and how far it is, so that every process of a server can tell.

The process that looks after an upload holds a lock in its folder, which the system takes back when the process dies:
an upload that nobody looks after is a killed server's, and is removed. The video's file is the permission to go on.
Whoever removes it has decided what becomes of the upload: the analysis when it is done, or a person who cancels.
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
"""Uploads that come, wait or are looked at, of all people together."""
UPLOADS_PER_ADDRESS = 3
"""A person is a cookie, and costs nothing: one machine is not to fill the server with those of many."""
TOLD_FOR_S = 600.0
"""How long it can be read why an upload failed."""
MOST_TOLD = 100
"""Uploads of which that is kept, the last ones."""

GONE = (
    "This video is not looked at any more: it was cancelled, or the server was restarted meanwhile. "
    "Nothing of it is kept; upload it again."
)

State = Literal["coming", "waiting", "looking", "keeping", "failed"]

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload, and how far it is.

    id: the name that its workout will have. exercise: empty for the one that the video shows. body_kg: what the person
    weighs, None for who does not say. address: where it comes from; empty where that is not known, or matters no more.
    changed_at_s: when it came into its state, in seconds since 1970. seen_s: how much was looked at, of `length_s`, 0
    where the file does not say. count, held_s: of what was looked at. said: why it failed.
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
    """All uploads of a data folder; what is in it can be read by its owner alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Upload]:
        """Return the uploads, the one that arrived first first."""
        found = [self.find(path.name) for path in self._folder.glob("*/")]
        return sorted((one for one in found if one is not None), key=lambda one: (one.arrived_at_s, one.id))

    def find(self, upload: str) -> Upload | None:
        """Return the upload of that name, or None."""
        if not upload.isalnum():
            return None
        try:
            return Upload(**json.loads((self._folder / upload / "status.json").read_text()))
        except (OSError, ValueError, TypeError):  # it is being removed, or was never one
            return None

    def exists(self, upload: str) -> bool:
        """Whether anything is left of an upload: no, once its person has deleted everything."""
        return (self._folder / upload).is_dir()

    def queue(self) -> list[Upload]:
        """Return those that are looked at or wait for it, in their order."""
        return [one for one in self.all() if one.state in ("waiting", "looking") and self._has_owner(one.id)]

    def claim(self, upload: Upload) -> BinaryIO:
        """Make room for an upload and return its lock; TooMany when its person, address or the server has enough."""
        with self._alone():
            self._remove_old(upload.person)
            self._check_room(upload)
            (self._folder / upload.id).mkdir(mode=0o700)
            lock = (self._folder / upload.id / "owner").open("wb")
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.write(upload)
            return lock

    def write(self, upload: Upload) -> None:
        """Keep how far an upload is; NoUpload when it was removed."""
        folder = self._folder / upload.id
        try:
            descriptor = os.open(folder / "status.part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                json.dump(asdict(upload), file)
            (folder / "status.part").replace(folder / "status.json")
        except FileNotFoundError as exc:
            raise NoUpload(GONE) from exc

    def video(self, upload: str) -> Path:
        """Return where the video lies; a name of ours, never the uploaded file's."""
        return self._folder / upload / "video"

    def create_video(self, upload: str) -> BinaryIO:
        """Open a new file for the video's bytes, without a buffer."""
        return os.fdopen(os.open(self.video(upload), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)

    def withdraw(self, upload: str) -> bool:
        """Remove the video; return whether it was there, and so whether it is for the caller to say what follows."""
        try:
            self.video(upload).unlink()
        except FileNotFoundError:
            return False
        return True

    def drop(self, upload: str) -> None:
        """Remove all of an upload."""
        for _ in range(_TRIES):  # its process may be writing how far it is
            shutil.rmtree(self._folder / upload, ignore_errors=True)

    def remove_orphans(self) -> None:
        """Remove what a killed process left, videos above all."""
        with self._alone():
            self._remove_old()
            for path in self._folder.glob("*/"):
                one = self.find(path.name)
                if not self._has_owner(path.name) and (one is None or one.state != "failed"):
                    self.drop(path.name)

    def _check_room(self, upload: Upload) -> None:
        there = [one for one in self.all() if one.state != "failed"]
        if any(one.person == upload.person for one in there):
            raise TooMany("Your last video is still being looked at; wait for it, or cancel it.")
        if upload.address and sum(one.address == upload.address for one in there) >= UPLOADS_PER_ADDRESS:
            raise TooMany("Other videos of your network are still being looked at; try again in some minutes.")
        if len(there) >= MOST_UPLOADS:
            raise TooMany("Many videos wait to be looked at; try again in some minutes.")

    def _remove_old(self, person: str = "") -> None:
        """Remove what failed long ago or before many others, and all that failed of this person."""
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
        """Keep the server's other processes from making room meanwhile; nothing in here waits for anything."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        with (self._folder / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
