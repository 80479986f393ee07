"""A recorded landmark series: an engine's output for one recording, without a single pixel.

On disk it is a compressed `.npz` of integers: x, y and z in steps of 1/16384 of the frame (0.08 px of 1280), visibility
in 1/255, world points in 0.1 mm. Rows are stored as differences from the row before, which halves the file.

A live workout is stored in parts of five seconds, coarser and a fifth of the size: see `webapp.parts`.
"""

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from webapp import parts
from webapp.errors import SettingsError
from webapp.records import JOINT_COUNT, Estimate, FloatArray, Pose

FORMAT = 1
_STEPS_PER_FRAME = 16384.0
_STEPS_PER_METRE = 10000.0
_UNKNOWN = np.int32(-(2**15))


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The landmarks of one recording.

    t_s: (N,) float64, increasing, seconds from the start of the recording.
    image: (N, 33, 4) float32 as in `Pose.image`; a row of NaN if nobody was in view.
    world: (N, 33, 3) float32 as in `Pose.world`.
    aspect: width / height of the frames. exercise: a name in the library or empty. source: name of the recording.
    """

    t_s: npt.NDArray[np.float64]
    image: FloatArray
    world: FloatArray
    aspect: float
    exercise: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        count = len(self.t_s)
        if self.image.shape != (count, JOINT_COUNT, 4) or self.world.shape != (count, JOINT_COUNT, 3):
            raise ValueError(f"{count} times, but image is {self.image.shape} and world {self.world.shape}")
        if np.any(np.diff(self.t_s) <= 0):
            raise ValueError("the times of a series must increase")

    def __len__(self) -> int:
        return len(self.t_s)

    def estimates(self) -> Iterator[Estimate]:
        """Yield the series as the engine's estimates."""
        for index, t_s in enumerate(self.t_s):
            yield Estimate(seq=index, t_s=float(t_s), pose=self.pose(index))

    def pose_at(self, t_s: float) -> Pose | None:
        """Return the sample at or before `t_s`; the first one if `t_s` is earlier. None for an empty series."""
        if len(self) == 0:
            return None
        return self.pose(max(0, int(np.searchsorted(self.t_s, t_s, side="right")) - 1))

    def pose(self, index: int) -> Pose | None:
        """Return the pose of a sample; None if nobody is in view."""
        if np.isnan(self.image[index, :, :2]).all():
            return None
        return Pose(image=self.image[index], world=self.world[index], aspect=self.aspect)

    def save(self, path: Path) -> None:
        """Write the series to `path`, an `.npz`."""
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                format=FORMAT,
                t_s=self.t_s,
                place=_packed(self.image[..., :3], _STEPS_PER_FRAME),
                visibility=np.rint(np.nan_to_num(self.image[..., 3]) * 255).astype(np.uint8),
                world=_packed(self.world, _STEPS_PER_METRE),
                aspect=self.aspect,
                exercise=self.exercise,
                source=self.source,
            )

    @classmethod
    def load(cls, path: Path) -> "Series":
        """Read a file that `save` wrote. Raises SettingsError if it is missing or something else."""
        try:
            with np.load(path, allow_pickle=False) as file:
                return cls._from_arrays(file)
        except FileNotFoundError as exc:
            raise SettingsError(f"There is no landmark series {path}; check its name.") from exc
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as exc:
            cause = "" if "pickle" in str(exc) else f" ({exc})"
            raise SettingsError(
                f"{path} is not a landmark series of this version{cause}; analyze the video instead."
            ) from exc

    @classmethod
    def _from_arrays(cls, file: Mapping[str, np.ndarray]) -> "Series":
        if int(file["format"]) != FORMAT:
            raise ValueError(f"format {file['format']}, expected {FORMAT}")
        place = _unpacked(file["place"], _STEPS_PER_FRAME)
        seen = file["visibility"][..., None].astype(np.float32) / np.float32(255)
        seen[np.isnan(place).all(axis=(1, 2))] = np.nan
        return cls(
            t_s=file["t_s"].astype(np.float64),
            image=np.concatenate((place, seen), axis=-1),
            world=_unpacked(file["world"], _STEPS_PER_METRE),
            aspect=float(file["aspect"]),
            exercise=str(file["exercise"]),
            source=str(file["source"]),
        )


def read_series(kept: Iterable[bytes]) -> Series | None:
    """Return a workout's parts as one series; None if they are empty. Raises ValueError if one is not a part.

    t_s is on the clock of the estimates: the browser's epoch time when live. A part that does not begin after the end
    of the one before is left out. If the camera was rotated meanwhile, x is in widths of the first picture, so that
    angles in (x * aspect, y) stay correct.
    """
    times, images, worlds = [], [], []
    aspect: float | None = None
    for _, part in parts.in_order(kept):
        t_s, image, world, own_aspect = parts.unpack(part)
        aspect = aspect or own_aspect
        image[..., 0] *= own_aspect / aspect
        times.append(t_s)
        images.append(image)
        worlds.append(world)
    if aspect is None:
        return None
    return Series(np.concatenate(times), np.concatenate(images), np.concatenate(worlds), aspect)


def poses_at(kept: Iterable[bytes], t_s: npt.NDArray[np.float64]) -> Iterator[tuple[float, Pose | None]]:
    """Yield time and pose of a workout's samples whose times are in `t_s`, which must increase.

    Unpacks one part at a time, and only parts with such samples. Raises ValueError if one is not a part.
    """
    for own_s, part in parts.in_order(kept):
        wanted = t_s[np.searchsorted(t_s, own_s[0]) : np.searchsorted(t_s, own_s[-1], "right")]
        if len(wanted):
            series = Series(*parts.unpack(part))
            for index in np.flatnonzero(np.isin(own_s, wanted)).tolist():
                yield float(own_s[index]), series.pose(index)


def _packed(values: FloatArray, steps: float) -> npt.NDArray[np.int16]:
    """Return differences along time of whole steps; the smallest number stands for NaN. int16 wraps, and wraps back."""
    whole = np.clip(np.rint(np.nan_to_num(values) * steps), _UNKNOWN + 1, -(_UNKNOWN + 1))
    whole[np.isnan(values)] = _UNKNOWN
    differences: npt.NDArray[np.int32] = np.diff(whole.astype(np.int32), axis=0, prepend=np.int32(0))
    return differences.astype(np.int16)


def _unpacked(differences: npt.NDArray[np.int16], steps: float) -> FloatArray:
    whole = np.cumsum(differences, axis=0, dtype=np.int16)
    values = whole.astype(np.float32) / np.float32(steps)
    values[whole == _UNKNOWN] = np.nan
    return values
