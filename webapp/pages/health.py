"""Endpoints for machines: liveness, readiness and metrics.

Any of several web processes on one port may be asked; each answers for all of them.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify
from flask.typing import ResponseReturnValue

from webapp.metrics import CONTENT_TYPE, Metrics, text_of
from webapp.pose.pool import PosePool
from webapp.siblings import Siblings


def add_health(flask: Flask, pool: PosePool, siblings: Siblings | None) -> None:
    """Add /healthz, and /readyz: 200 once every worker of every web process is ready."""

    def own() -> dict[str, Any]:
        return {"ready": pool.ready, "workers": pool.status()}

    @flask.get("/healthz")
    def healthz() -> ResponseReturnValue:
        return jsonify(status="ok")

    @flask.get("/readyz")
    def readyz() -> ResponseReturnValue:
        said = own() if siblings is None else _all_ready(siblings, own())
        return jsonify(said), 200 if said["ready"] else 503

    if siblings is not None:
        siblings.on("ready", lambda _: own())


def _all_ready(siblings: Siblings, own: dict[str, Any]) -> dict[str, Any]:
    each = {**siblings.ask("ready"), siblings.number: own}
    return {
        "ready": len(each) == siblings.count and all(one["ready"] for one in each.values()),
        "workers": [worker | {"process": number} for number, one in sorted(each.items()) for worker in one["workers"]],
    }


def add_metrics(
    flask: Flask, metrics: Metrics, pool: PosePool, workouts: Callable[[], int], siblings: Siblings | None
) -> None:
    """Add /metrics; with several processes each figure is labelled with its process's number."""
    metrics.watch("streams", "Open streams of frames", "", lambda: {"": sum(w["streams"] for w in pool.status())})
    metrics.watch(
        "workouts", "Workouts in progress, including those waiting for their browser", "", lambda: {"": workouts()}
    )
    metrics.watch("workers", "Worker processes", "state", lambda: Counter(w["state"] for w in pool.status()))

    @flask.get("/metrics")
    def show_metrics() -> ResponseReturnValue:
        return Response(_text(metrics, siblings), content_type=CONTENT_TYPE)

    if siblings is not None:
        siblings.on("metrics", lambda _: metrics.families())


def _text(metrics: Metrics, siblings: Siblings | None) -> bytes:
    if siblings is None:
        return metrics.text()
    return text_of({**siblings.ask("metrics"), siblings.number: metrics.families()})
