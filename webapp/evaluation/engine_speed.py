"""The engines' time for a frame, from JPEG bytes to pose, and the memory of a process with one.

Every engine has its own process, as in the server, and they take turns in rounds, so that other load on the machine
affects all alike.
"""

import itertools
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from webapp.errors import BackendUnavailable
from webapp.evaluation import mannequin
from webapp.pose import PoseBackend, PoseStream, picture
from webapp.pose.backends import computed_in, open_choice
from webapp.pose.choice import EngineChoice
from webapp.pose.video import read_video

SIZE_PX = (640, 480)
CLIP_FRAMES = 60
_STEP_S = 1 / 15


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians in milliseconds: the whole frame, the bare call of its network, decoding the JPEG, cropping; and memory.

    precision: the arithmetic of the network. model_ms and crop_ms are None for an engine that hides them: MediaPipe's.
    """

    ms: float
    model_ms: float | None
    decode_ms: float
    crop_ms: float | None
    rss_mb: float
    precision: str

    @property
    def rest_ms(self) -> float | None:
        """What remains of a frame: from the network's outputs to the pose, and everything in between."""
        if self.model_ms is None or self.crop_ms is None:
            return None
        return self.ms - self.model_ms - self.decode_ms - self.crop_ms


@dataclass(slots=True)
class _Times:
    """Seconds, one number for each frame."""

    whole: list[float] = field(default_factory=list)
    model: list[float] = field(default_factory=list)
    decode: list[float] = field(default_factory=list)
    crop: list[float] = field(default_factory=list)
    rss_mb: float = 0.0

    def add(self, more: "_Times") -> None:
        """Take what a later round measured."""
        self.whole += more.whole
        self.model += more.model
        self.decode += more.decode
        self.crop += more.crop
        self.rss_mb = more.rss_mb


def frames_of(clip: Path | None) -> list[bytes]:
    """Return a clip's first frames, or the drawn person's, as JPEGs of 640x480."""
    pictures = (
        mannequin.squatting() if clip is None else [rgb for _, rgb in itertools.islice(read_video(clip), CLIP_FRAMES)]
    )
    return [picture.encode(picture.resized(rgb, SIZE_PX), quality=80) for rgb in pictures]


def measure(
    choices: Sequence[EngineChoice],
    jpegs: Sequence[bytes],
    *,
    rounds: int = 3,
    seconds: float = 1.0,
    progress: Callable[[float], object] = lambda _part: None,
    left_out: Callable[[str, BackendUnavailable], object] | None = None,
) -> Mapping[str, Speed]:
    """Return every engine's speed; in each round every engine runs for about `seconds`.

    left_out: called with an engine that cannot be opened, and why; without it, BackendUnavailable is raised.
    """
    steps, done = len(choices) * (1 + rounds), itertools.count(1)
    with ExitStack() as stack:
        workers = {}
        for choice in choices:
            try:
                workers[choice.backend] = stack.enter_context(_worker(choice, jpegs))
            except BackendUnavailable as exc:
                if left_out is None:
                    raise
                left_out(choice.backend, exc)
            progress(next(done) / steps)
        times = {name: _Times() for name in workers}
        for _ in range(rounds):
            for name, worker in workers.items():
                times[name].add(worker.submit(_round, seconds).result())
                progress(next(done) / steps)
    return {choice.backend: _speed(times[choice.backend], choice) for choice in choices if choice.backend in times}


@contextmanager
def _worker(choice: EngineChoice, jpegs: Sequence[bytes]) -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as worker:
        worker.submit(_prepare, choice, list(jpegs)).result()
        yield worker
        worker.submit(_finish).result()


def _speed(times: _Times, choice: EngineChoice) -> Speed:
    return Speed(
        ms=_median_ms(times.whole),
        model_ms=_median_ms(times.model) if times.model else None,
        decode_ms=_median_ms(times.decode),
        crop_ms=_median_ms(times.crop) if any(times.crop) else None,
        rss_mb=round(times.rss_mb, 1),
        precision=computed_in(choice.backend, choice.precision),
    )


def _median_ms(seconds: list[float]) -> float:
    return round(float(np.median(seconds)) * 1000, 3)


class _Stopwatch:
    """A function whose calls are timed: `total_s` adds them up."""

    def __init__(self, function: Callable[..., None]) -> None:
        self._function = function
        self.total_s = 0.0

    def __call__(self, *arguments: object, **options: object) -> None:
        start = time.perf_counter()
        self._function(*arguments, **options)
        self.total_s += time.perf_counter() - start


class _Bench:
    """One engine being measured: the state of a worker process between two rounds."""

    def __init__(self, choice: EngineChoice, jpegs: list[bytes]) -> None:
        self.backend: PoseBackend = open_choice(choice)
        self.stream: PoseStream = self.backend.open()
        self.jpegs = itertools.cycle(jpegs)
        self.t_s = itertools.count(0.0, _STEP_S)
        self.cropping = _Stopwatch(picture.warp)
        picture.warp = self.cropping  # in this process, which only measures

    def frame(self) -> tuple[float, float, float]:
        """Process the next frame; return the seconds in total, for decoding and for cropping."""
        jpeg, t_s, start = next(self.jpegs), next(self.t_s), time.perf_counter()
        cropped_s = self.cropping.total_s
        rgb = picture.decode(jpeg)
        decoded = time.perf_counter()
        self.stream.estimate(rgb, t_s)
        return time.perf_counter() - start, decoded - start, self.cropping.total_s - cropped_s


_bench: _Bench | None = None  # in a worker process only


def _prepare(choice: EngineChoice, jpegs: list[bytes]) -> None:
    global _bench  # noqa: PLW0603 - a process of the pool keeps its engine between two calls
    _bench = _Bench(choice, jpegs)
    for _ in range(5):
        _bench.frame()


def _round(seconds: float) -> _Times:
    bench = _bench
    assert bench is not None, "_prepare comes first"
    times, end = _Times(), time.perf_counter() + seconds
    call_network: Callable[[], object] | None = getattr(bench.backend, "call_network", None)
    while time.perf_counter() < end:
        whole, decode, crop = bench.frame()
        times.whole.append(whole)
        times.decode.append(decode)
        times.crop.append(crop)
        if call_network is not None:
            start = time.perf_counter()
            call_network()
            times.model.append(time.perf_counter() - start)
    times.rss_mb = _peak_mb()
    return times


def _finish() -> None:
    if _bench is not None:
        _bench.stream.close()
        _bench.backend.close()


def _peak_mb() -> float:
    """Return this process's own peak; Linux's getrusage would start at the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        peak_kb = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak_kb) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
