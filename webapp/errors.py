"""Every error that PoseCoach raises deliberately.

    AppError
    |-- SettingsError           a flag, an environment variable or a file of settings is wrong
    |   `-- ExerciseError       an exercise's TOML is wrong: file, key and what is allowed
    |-- ClientError             a browser's request is not allowed; its workout is unharmed
    |   |-- BadMessage          a message not in the wire format
    |   |-- FrameTooLarge       too many bytes or pixels, or none
    |   |-- UnknownExercise     no exercise of that name
    |   |-- UnknownEngine       no pose engine of that name
    |   |-- JointsMissing       an exercise needs a joint that the chosen engine does not find
    |   |-- NoWorkout           a frame before `start`, or a workout that is gone
    |   |   `-- TakenOver       the workout continues in another window
    |   |-- NoSeries            a workout has no landmarks, or not the kind that a file needs
    |   |-- BadVideo            an uploaded file is not a video, or shows nothing to count
    |   |-- VideoTooLarge       an uploaded video has too many bytes, seconds or pixels
    |   |-- TooSlow             a video is uploaded so slowly that it blocks a place for others
    |   |-- NoUpload            an upload that is gone, or never existed
    |   |-- Forbidden           a form that may come from another site
    |   |-- WrongPassword       the server's password is missing or wrong
    |   `-- TooMany             a client exceeds a limit
    |-- PoseError
    |   |-- BackendUnavailable  a library or weights are missing; names the command that helps
    |   |   `-- WeightsAbsent   the engine's weights have not been fetched yet
    |   |-- WorkerLost          a worker died twice on the same frame
    |   `-- PoolFull            no room for another stream
    |-- NoRoom                  the disk has no room for an uploaded video
    |-- Restarting              the server shuts down: not a fault, but shown the same way
    `-- StoreError              the store could not be written or read
        `-- NotKeptYet          events of a running workout are waiting for the store

`code` is sent over the wire, `http` is a page's status. A foreign exception is translated where it is raised, with
`from exc`.
"""

from typing import ClassVar


class AppError(Exception):
    """Root of the hierarchy; the message is a sentence for the person who can fix it."""

    code: ClassVar[str] = "internal"
    http: ClassVar[int] = 500

    @property
    def public_message(self) -> str:
        """The message shown in the browser; the log has the original one."""
        return str(self)


class SettingsError(AppError):
    """A flag, an environment variable or a settings file is wrong."""

    code = "settings"


class ExerciseError(SettingsError):
    """An exercise's TOML is wrong."""

    code = "exercise_file"


class ClientError(AppError):
    """A browser's request is not allowed."""

    code = "client"
    http = 400


class BadMessage(ClientError):
    """A message is not in the wire format."""

    code = "bad_message"


class FrameTooLarge(ClientError):
    """A frame has too many bytes or pixels, or none."""

    code = "frame_too_large"
    http = 413


class UnknownExercise(ClientError):
    """There is no exercise of that name."""

    code = "unknown_exercise"
    http = 404


class UnknownEngine(ClientError):
    """There is no pose engine of that name."""

    code = "unknown_engine"
    http = 404


class JointsMissing(ClientError):
    """The chosen engine does not find a joint that the exercise needs."""

    code = "joints_missing"


class NoWorkout(ClientError):
    """The workout does not exist, or none was started yet."""

    code = "no_workout"
    http = 404


class TakenOver(NoWorkout):
    """The workout continues in another window, of any browser, on any server."""

    def __str__(self) -> str:
        return "This workout continues in another window."


class NoSeries(ClientError):
    """The workout has no stored landmarks, or not the kind that a file needs."""

    code = "no_series"
    http = 404


class BadVideo(ClientError):
    """An uploaded file is not a video, or shows nothing to count."""

    code = "bad_video"
    http = 422


class VideoTooLarge(ClientError):
    """An uploaded video has too many bytes, seconds or pixels."""

    code = "video_too_large"
    http = 413


class TooSlow(ClientError):
    """A video is uploaded so slowly that it blocks a place for others."""

    code = "too_slow"


class NoUpload(ClientError):
    """The upload does not exist, or not any more."""

    code = "no_upload"
    http = 404


class Forbidden(ClientError):
    """A form may come from another site."""

    code = "forbidden"
    http = 403


class WrongPassword(ClientError):
    """The server's password is missing or wrong."""

    code = "wrong_password"
    http = 401


class TooMany(ClientError):
    """A client exceeds its limit."""

    code = "too_many"
    http = 429


class PoseError(AppError):
    """A pose could not be estimated."""

    code = "pose"
    http = 503


class BackendUnavailable(PoseError):
    """A pose backend lacks its library or its weights."""

    code = "backend_unavailable"


class WeightsAbsent(BackendUnavailable):
    """An engine's weights have not been fetched; other engines still work."""


class WorkerLost(PoseError):
    """The worker process died twice on the same frame."""

    code = "worker_lost"


class PoolFull(PoseError):
    """Every place for a stream is taken."""

    code = "server_full"


class NoRoom(AppError):
    """The disk has no room for an uploaded video."""

    code = "no_room"
    http = 507


class Restarting(AppError):
    """The server shuts down; a browser that reconnects, here or to another server, continues its workout."""

    code = "restarting"
    http = 503

    def __str__(self) -> str:
        return "The server restarts; your workout continues in a moment."


class StoreError(AppError):
    """The store could not be written or read; the message names the database, which browsers must not see."""

    code = "store"
    http = 503

    @property
    def public_message(self) -> str:
        """See `AppError`."""
        return "The server cannot save or load workouts at the moment; its log says why. Try again in a minute."


class NotKeptYet(StoreError):
    """The workout continues, and its events are stored as soon as the store accepts them."""

    code = "not_saved"

    @property
    def public_message(self) -> str:
        """See `AppError`."""
        return "Your workout cannot be saved at the moment. It continues, and is saved as soon as possible."
