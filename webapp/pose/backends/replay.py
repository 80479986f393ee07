"""An engine that ignores the pictures and plays a recorded landmark series, for tests."""

from dataclasses import dataclass

from webapp.errors import BackendUnavailable, SettingsError
from webapp.pose import PoseStream, RgbImage
from webapp.pose.backends import EngineRow, Opening
from webapp.pose.increasing_times import IncreasingTimes
from webapp.records import Pose
from webapp.series import Series


def open_engine(row: EngineRow, opening: Opening) -> "Replay":
    """Read the recording. Raises BackendUnavailable if none is given or it cannot be read."""
    if opening.series is None:
        raise BackendUnavailable("The engine replay needs a recording: give one with --series FILE.npz.")
    try:
        return Replay(row.name, Series.load(opening.series))
    except SettingsError as exc:
        raise BackendUnavailable(str(exc)) from exc


@dataclass(frozen=True)
class Replay:
    """A recording that any number of streams play, each from its own first frame."""

    name: str
    series: Series

    def open(self) -> PoseStream:
        """Open a stream, which plays from the start."""
        return ReplayStream(self.series)

    def close(self) -> None:
        """Do nothing: a recording holds nothing but memory."""


class ReplayStream:
    """Returns the recorded pose at the time since the stream's first frame."""

    others = 0

    def __init__(self, series: Series) -> None:
        self._series = series
        self._first_s: float | None = None
        self._times = IncreasingTimes()

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """Return the recorded pose at that time, ignoring the picture. Raises ValueError if `t_s` does not increase."""
        del rgb
        self._times.check(t_s)
        if self._first_s is None:
            self._first_s = t_s
        return self._series.pose_at(t_s - self._first_s)

    def close(self) -> None:
        """Do nothing: a recording holds nothing but memory."""
