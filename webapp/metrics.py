"""What the server counts about itself, as Prometheus reads it (text exposition format 0.0.4).

One `Metrics` a server, with a registry of its own: two servers in one process do not count for each other.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TypedDict

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_AGES_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_INFERENCE_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)

States = Callable[[], Mapping[str, int]]


class Family(TypedDict):
    """The figures of one name, as JSON can carry them; a sample is its full name, its labels and its value."""

    name: str
    about: str
    kind: str
    samples: list[tuple[str, dict[str, str], float]]


class Count(Collector):
    """A number that goes up. As cheap as can be: it does so with every frame, and is read once in a while."""

    def __init__(self, name: str, about: str) -> None:
        self._name, self._about = name, about
        self._value = 0

    def inc(self, more: int = 1) -> None:
        """Count so many more."""
        self._value += more

    def collect(self) -> Iterable[CounterMetricFamily]:
        """Yield the number, as it stands."""
        yield CounterMetricFamily(self._name, self._about, self._value)


class Spread(Collector):
    """How many values were at most as large as each of some bounds."""

    def __init__(self, name: str, about: str, bounds: tuple[float, ...]) -> None:
        self._name, self._about, self._bounds = name, about, bounds
        self._numbers = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Take one value."""
        self._numbers[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def collect(self) -> Iterable[HistogramMetricFamily]:
        """Yield the numbers, each with those of the lower bounds in it."""
        bounds = [*map(floatToGoString, self._bounds), "+Inf"]
        buckets = list(zip(bounds, accumulate(self._numbers), strict=True))
        yield HistogramMetricFamily(self._name, self._about, buckets, self._sum)


class Metrics:
    """Counters that go up with what happens, and gauges that are read when somebody asks.

    frames: taken from browsers. answered: with an estimate. dropped: passed over for a newer frame of the same stream.
    refused: by the code of the error. age_s: from a frame's arrival to its answer, on the server's clock.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.frames = self._count("frames", "Frames taken from browsers")
        self.answered = self._count("frames_answered", "Frames answered with an estimate")
        self.dropped = self._count("frames_dropped", "Frames passed over for a newer one")
        self.refused = Counter(
            "posecoach_refused", "Messages answered with an error", ["code"], registry=self._registry
        )
        self.store_errors = self._count("store_errors", "Times that the store could not keep or read something")
        self.age_s = self._spread("answer_age_seconds", "From a frame's arrival to its answer", _AGES_S)
        self.inference_s = self._spread("inference_seconds", "From JPEG bytes to a pose, in a worker", _INFERENCE_S)

    def watch(self, name: str, about: str, label: str, states: States) -> None:
        """Show numbers that are asked for when somebody reads: one a label's value, or one with the label empty."""
        self._registry.register(_Watched(f"posecoach_{name}", about, label, states))

    def text(self) -> bytes:
        """Return every figure as Prometheus reads it."""
        return generate_latest(self._registry)

    def families(self) -> list[Family]:
        """Return every figure, to be put together with those of other processes."""
        return [_family(metric) for metric in self._registry.collect()]

    def _count(self, name: str, about: str) -> Count:
        made = Count(f"posecoach_{name}", about)
        self._registry.register(made)
        return made

    def _spread(self, name: str, about: str, bounds: tuple[float, ...]) -> Spread:
        made = Spread(f"posecoach_{name}", about, bounds)
        self._registry.register(made)
        return made


def text_of(processes: Mapping[int, Sequence[Family]]) -> bytes:
    """Return the figures of several processes as Prometheus reads them, each with its process's number as a label."""
    registry = CollectorRegistry()
    registry.register(_Together(processes))
    return generate_latest(registry)


def _family(metric: Metric) -> Family:
    samples = [(sample.name, dict(sample.labels), sample.value) for sample in metric.samples]
    return {"name": metric.name, "about": metric.documentation, "kind": metric.type, "samples": samples}


class _Together(Collector):
    def __init__(self, processes: Mapping[int, Sequence[Family]]) -> None:
        self._processes = processes

    def collect(self) -> Iterable[Metric]:
        together: dict[str, Metric] = {}
        for number, families in sorted(self._processes.items()):
            for one in families:
                metric = together.setdefault(one["name"], Metric(one["name"], one["about"], one["kind"]))
                for name, labels, value in one["samples"]:
                    metric.add_sample(name, labels | {"process": str(number)}, value)
        return together.values()


class _Watched(Collector):
    def __init__(self, name: str, about: str, label: str, states: States) -> None:
        self._name, self._about, self._label, self._states = name, about, label, states

    def collect(self) -> Iterable[GaugeMetricFamily]:
        family = GaugeMetricFamily(self._name, self._about, labels=[self._label] if self._label else [])
        for state, number in self._states().items():
            family.add_metric([state] if self._label else [], number)
        yield family
