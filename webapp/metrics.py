"""What the server counts about itself, as Prometheus reads it (text exposition format 0.0.4).

One `Metrics` a server, with a registry of its own: two servers in one process do not count for each other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypedDict

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

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


class Metrics:
    """Counters that go up with what happens, and gauges that are read when somebody asks.

    frames: taken from browsers. answered: with an estimate. dropped: passed over for a newer frame of the same stream.
    refused: by the code of the error. age_s: from a frame's arrival to its answer, on the server's clock.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.frames = self._counter("frames", "Frames taken from browsers")
        self.answered = self._counter("frames_answered", "Frames answered with an estimate")
        self.dropped = self._counter("frames_dropped", "Frames passed over for a newer one")
        self.refused = Counter(
            "posecoach_refused", "Messages answered with an error", ["code"], registry=self._registry
        )
        self.store_errors = self._counter("store_errors", "Times that the store could not keep or read something")
        self.age_s = self._histogram("answer_age_seconds", "From a frame's arrival to its answer", _AGES_S)
        self.inference_s = self._histogram("inference_seconds", "From JPEG bytes to a pose, in a worker", _INFERENCE_S)

    def watch(self, name: str, about: str, label: str, states: States) -> None:
        """Show numbers that are asked for when somebody reads: one a label's value, or one with the label empty."""
        self._registry.register(_Watched(f"posecoach_{name}", about, label, states))

    def text(self) -> bytes:
        """Return every figure as Prometheus reads it."""
        return generate_latest(self._registry)

    def families(self) -> list[Family]:
        """Return every figure, to be put together with those of other processes."""
        return [_family(metric) for metric in self._registry.collect()]

    def _counter(self, name: str, about: str) -> Counter:
        return Counter(f"posecoach_{name}", about, registry=self._registry)

    def _histogram(self, name: str, about: str, bounds_s: tuple[float, ...]) -> Histogram:
        return Histogram(f"posecoach_{name}", about, buckets=bounds_s, registry=self._registry)


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
