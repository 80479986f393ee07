"""Every error that PoseCoach raises on purpose.

    AppError
    |-- SettingsError           a flag, an environment variable or a file of settings is wrong
    |   `-- ExerciseError       an exercise's TOML is wrong: file, key and what is allowed
    |-- ClientError             a browser sent what it may not send; its workout is unharmed
    |   |-- BadMessage          not of the wire's form
    |   |-- FrameTooLarge       too many bytes or pixels, or none
    |   |-- UnknownExercise     no exercise of that name
    |   |-- UnknownEngine       no pose engine of that name
    |   |-- JointsMissing       an exercise needs a joint that the chosen engine does not find
    |   |-- NoWorkout           a frame before `start`, or a workout that is gone
    |   |   `-- TakenOver       another window goes on with the workout
    |   |-- NoSeries            no landmarks of this workout, or none of the kind that a file needs
    |   |-- BadVideo            an uploaded file is no video, or shows nothing that could be counted
    |   |-- VideoTooLarge       an uploaded video has too many bytes, seconds or pixels
    |   |-- NoUpload            an upload that is gone, or never was
    |   |-- Forbidden           a form that another site may have made up
    |   |-- WrongPassword       the server's password was not given, or a wrong one
    |   `-- TooMany             more than one client may ask for
    |-- PoseError
    |   |-- BackendUnavailable  a library or weights are missing; names the command that mends it
    |   |   `-- WeightsAbsent   nobody has brought the engine's weights yet
    |   |-- WorkerLost          a worker died twice on the same frame
    |   `-- PoolFull            no room for another stream
    |-- NoRoom                  the disk has no room for an uploaded video
    |-- Restarting              the server goes: no fault, but the same way to the person
    `-- StoreError              what is to be kept could not be kept, or read
        `-- NotKeptYet          what a workout under way gives waits for the store

`code` is what the wire carries and `http` what a page answers with. A foreign exception is translated where it is
raised, with `from exc`.
"""

from typing import ClassVar


class AppError(Exception):
    """Root of the tree; its message is a sentence for the person who can mend it."""

    code: ClassVar[str] = "internal"
    http: ClassVar[int] = 500

    @property
    def told(self) -> str:
        """What a browser is told; the log has the message itself."""
        return str(self)


class SettingsError(AppError):
    """A flag, an environment variable or a settings file is wrong."""

    code = "settings"


class ExerciseError(SettingsError):
    """An exercise's TOML is wrong."""

    code = "exercise_file"


class ClientError(AppError):
    """A browser sent what it may not send."""

    code = "client"
    http = 400


class BadMessage(ClientError):
    """A message is not of the wire's form."""

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
    """There is no such workout, or none was started yet."""

    code = "no_workout"
    http = 404


class TakenOver(NoWorkout):
    """Another window goes on with the workout: of the same browser or another, at this server or another."""

    def __str__(self) -> str:
        return "This workout goes on in another window."


class NoSeries(ClientError):
    """No landmarks are kept of this workout, or none of the kind that a file needs."""

    code = "no_series"
    http = 404


class BadVideo(ClientError):
    """An uploaded file is no video, or shows nothing that could be counted."""

    code = "bad_video"
    http = 422


class VideoTooLarge(ClientError):
    """An uploaded video has too many bytes, seconds or pixels."""

    code = "video_too_large"
    http = 413


class TooSlow(ClientError):
    """An uploaded video comes so slowly that it keeps a place from others."""

    code = "too_slow"


class NoUpload(ClientError):
    """There is no such upload, or not any more."""

    code = "no_upload"
    http = 404


class Forbidden(ClientError):
    """A form may not be from a page of ours."""

    code = "forbidden"
    http = 403


class WrongPassword(ClientError):
    """The server's password was not given, or a wrong one."""

    code = "wrong_password"
    http = 401


class TooMany(ClientError):
    """One client asks for more than its share."""

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
    """An engine's weights are not here: nothing is wrong while another engine is chosen."""


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
    """The server goes; whoever comes back in a moment, here or at another server, goes on."""

    code = "restarting"
    http = 503

    def __str__(self) -> str:
        return "The server restarts; your workout goes on in a moment."


class StoreError(AppError):
    """The store could not keep or read something; the message names the database, which is no browser's business."""

    code = "store"
    http = 503

    @property
    def told(self) -> str:
        """See `AppError`."""
        return "The server cannot keep or read workouts at the moment; its log says why. Try again in a minute."


class NotKeptYet(StoreError):
    """The workout goes on, and what it gives is kept as soon as the store takes it."""

    code = "not_saved"

    @property
    def told(self) -> str:
        """See `AppError`."""
        return "Your workout cannot be saved at the moment. It goes on, and is saved as soon as that works."
