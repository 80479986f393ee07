"""Metrics of one connection's frames, from arrival to answer."""

import time

from webapp.errors import AppError, StoreError
from webapp.metrics import Metrics
from webapp.records import Estimate


class FrameMetrics:
    """Tracks when each unanswered frame arrived, and thus the age of answers and which frames were dropped."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._came_s: dict[int, float] = {}

    def came(self, seq: int) -> None:
        """A frame was accepted."""
        self._metrics.frames.inc()
        self._came_s[seq] = time.monotonic()

    def answered(self, estimate: Estimate) -> None:
        """A frame has its estimate; older frames of the stream will not get one and count as dropped."""
        came_s = self._came_s.pop(estimate.seq, None)
        if came_s is None:
            return
        self._metrics.answered.inc()
        self._metrics.age_s.observe(time.monotonic() - came_s)
        self._metrics.inference_s.observe(estimate.infer_ms / 1000)
        self._forget(estimate.seq)

    def refused(self, problem: AppError, seq: int | None) -> None:
        """A message, or a frame accepted before, was answered with an error."""
        self._metrics.refused.labels(problem.code).inc()
        if isinstance(problem, StoreError):
            self._metrics.store_errors.inc()
        if seq is not None and self._came_s.pop(seq, None) is not None:
            self._forget(seq)

    def ended(self) -> None:
        """The waiting frames will not be answered."""
        self._came_s.clear()

    def _forget(self, seq: int) -> None:
        for old in [one for one in self._came_s if one < seq]:
            del self._came_s[old]
            self._metrics.dropped.inc()
