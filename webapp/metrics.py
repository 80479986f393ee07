"""The server's own metrics in Prometheus' text exposition format 0.0.4.

One `Metrics` per server, with its own registry: two servers in one process do not share counters.
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
    """The figures of one name in a JSON-compatible form; a sample is its full name, its labels and its value."""

    name: str
    about: str
    kind: str
    samples: list[tuple[str, dict[str, str], float]]


class Count(Collector):
    """A counter that is cheap to raise: it is raised with every frame and read on each scrape."""

    def __init__(self, name: str, about: str) -> None:
        self._name, self._about = name, about
        self._value = 0

    def inc(self) -> None:
        """Add one."""
        self._value += 1

    def collect(self) -> Iterable[CounterMetricFamily]:
        """Yield the counter's value."""
        yield CounterMetricFamily(self._name, self._about, self._value)


class Spread(Collector):
    """A histogram that is cheap to add to, with inclusive upper bounds."""

    def __init__(self, name: str, about: str, bounds: tuple[float, ...]) -> None:
        self._name, self._about, self._bounds = name, about, bounds
        self._numbers = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Add one value."""
        self._numbers[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def collect(self) -> Iterable[HistogramMetricFamily]:
        """Yield the cumulative buckets."""
        bounds = [*map(floatToGoString, self._bounds), "+Inf"]
        buckets = list(zip(bounds, accumulate(self._numbers), strict=True))
        yield HistogramMetricFamily(self._name, self._about, buckets, self._sum)


class Metrics:
    """Counters of events, and gauges that are read on request.

    frames: accepted from browsers. answered: with an estimate. dropped: skipped for a newer frame of the same stream.
    refused: by the code of the error. age_s: from a frame's arrival to its answer, on the server's clock.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.frames = self._count("frames", "Frames accepted from browsers")
        self.answered = self._count("frames_answered", "Frames answered with an estimate")
        self.dropped = self._count("frames_dropped", "Frames skipped for a newer one")
        self.refused = Counter(
            "posecoach_refused", "Messages answered with an error", ["code"], registry=self._registry
        )
        self.store_errors = self._count("store_errors", "Failed reads and writes of the store")
        self.age_s = self._spread("answer_age_seconds", "From a frame's arrival to its answer", _AGES_S)
        self.inference_s = self._spread("inference_seconds", "From JPEG bytes to a pose, in a worker", _INFERENCE_S)

    def watch(self, name: str, about: str, label: str, states: States) -> None:
        """Add numbers computed on each scrape: one for each label value, or one with the label empty."""
        self._registry.register(_Watched(f"posecoach_{name}", about, label, states))

    def text(self) -> bytes:
        """Return every figure in Prometheus' format."""
        return generate_latest(self._registry)

    def families(self) -> list[Family]:
        """Return every figure, to be merged with those of other processes."""
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
    """Return the figures of several processes in Prometheus' format, each labelled with its process's number."""
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
