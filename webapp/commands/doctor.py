"""`posecoach doctor`: what this machine has and lacks, and how to fix it."""

import json
import os
import platform
import re
import shutil
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from time import perf_counter
from typing import Literal

import click

from webapp.errors import AppError, BackendUnavailable, WeightsAbsent
from webapp.exercises import load_library
from webapp.pose.arithmetic import has_bf16, processor_flags
from webapp.pose.libraries import OPENGL, missing_here
from webapp.settings import ROOT, Settings, from_sources
from webapp.store import open_store

LEAST_FREE_MB = 200
SELF_TEST_FRAMES = 5
VENDORED = ("socket.io.js", "uplot.js", "uplot.css", "inter-latin.woff2", "inter-latin-ext.woff2")

State = Literal["ok", "warn", "fail"]
COLOURS: dict[State, str] = {"ok": "green", "warn": "yellow", "fail": "red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a check: `warn` if something works less well, `fail` if workouts cannot be watched."""

    state: State
    text: str


Check = Callable[[Settings], Finding]


def check_python(_settings: Settings) -> Finding:
    """Check whether there are wheels of every package for this Python."""
    version = platform.python_version()
    if (3, 11) <= sys.version_info[:2] <= (3, 14):
        return Finding("ok", f"Python {version}")
    return Finding("fail", f"Python {version} is not 3.11 to 3.14: run `make clean`, then `make run PYTHON=python3.11`")


def check_packages(_settings: Settings) -> Finding:
    """Check whether every package required by the distribution is installed, apart from its extras."""
    required = [entry for entry in metadata.requires("posecoach") or [] if "extra ==" not in entry]
    names = [re.split(r"[^\w.-]", entry, maxsplit=1)[0] for entry in required]
    missing = [name for name in names if not _installed(name)]
    if missing:
        return Finding("fail", f"not installed: {', '.join(missing)}; run `make setup`")
    return Finding("ok", f"all {len(names)} Python packages are installed")


def check_opencv(_settings: Settings) -> Finding:
    """Check whether the headless OpenCV is the only one: all builds share one folder, and the last one wins."""
    others = [
        name
        for name in ("opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless")
        if _installed(name)
    ]
    if others:
        return Finding("fail", f"{', '.join(others)} overwrote the headless OpenCV; run `make clean`, then `make run`")
    return Finding("ok", "the headless OpenCV is the only one")


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def check_opengl(_settings: Settings) -> Finding:
    """Check whether MediaPipe's own engines can be loaded; the others do not need them."""
    missing = missing_here(OPENGL)
    if missing:
        cure = "on Debian and Ubuntu: sudo apt install libegl1 libgles2"
        return Finding("warn", f"the mediapipe engines lack {' and '.join(missing)}; {cure}")
    return Finding("ok", "the mediapipe engines find their libraries")


def check_page(_settings: Settings) -> Finding:
    """Check whether the page's packages are in place."""
    missing = [name for name in VENDORED if not (ROOT / "static" / "vendor" / name).is_file()]
    if missing:
        return Finding("fail", f"static/vendor lacks {', '.join(missing)}; run `make setup`")
    return Finding("ok", "the page's packages are in place")


def check_weights(settings: Settings) -> Finding:
    """Check that the chosen engine's weights are installed, and all installed ones correct by size and SHA-256."""
    from webapp.pose.backends import engines, weights_of  # noqa: PLC0415 - a missing package is a finding, not the end

    wrong: dict[str, str] = {}
    absent = 0
    for name, row in engines().items():
        try:
            weights_of(row, settings.model_folders)
        except WeightsAbsent as exc:
            if name == settings.backend:
                return Finding("fail", str(exc))
            absent += 1
        except BackendUnavailable as exc:
            wrong[name] = str(exc)
    if settings.backend in wrong:
        return Finding("fail", wrong[settings.backend])
    if wrong:
        return Finding("warn", f"{', '.join(wrong)} cannot be chosen. {next(iter(wrong.values()))}")
    more = f"; `posecoach models` lists {absent} more to be fetched" if absent else ""
    with_weights = sum(row.weights != () for row in engines().values())
    return Finding("ok", f"{with_weights - absent} engines can be chosen{more}")


def check_exercises(settings: Settings) -> Finding:
    """Check whether every exercise can be read, the user's own too."""
    return Finding("ok", f"{len(load_library(settings.exercise_folders))} exercises can be counted or timed")


def check_store(settings: Settings) -> Finding:
    """Check whether workouts can be stored."""
    with closing(open_store(settings.store_url)) as store:
        store.recent("", 1)
    folder = _existing(settings.data)
    if not os.access(folder, os.W_OK):
        return Finding("fail", f"{folder} is not writable; change its owner or choose another folder with --data")
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < LEAST_FREE_MB:
        return Finding("warn", f"only {free_mb} MB are free in {folder}")
    return Finding("ok", f"the store opens, {free_mb} MB are free")


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def check_port(settings: Settings) -> Finding:
    """Check whether `serve` can listen."""
    try:
        socket.create_server((settings.host, settings.port)).close()
    except OSError as exc:
        cure = f"choose another: posecoach serve --port {settings.port + 1}"
        return Finding("warn", f"port {settings.port} of {settings.host} is not available ({exc.strerror}); {cure}")
    return Finding("ok", f"port {settings.port} of {settings.host} is free")


def check_processor(_settings: Settings) -> Finding:
    """Report the processor's instructions that speed up inference."""
    cores = f"{os.cpu_count()} cores"
    flags = processor_flags()
    if not flags:
        return Finding("ok", f"{cores}, {platform.machine()}")
    if "avx2" not in flags:
        return Finding("warn", f"{cores} without AVX2: the engines run at a fraction of their speed")
    return Finding("ok", f"{cores} with AVX2, bf16 arithmetic {'is available' if has_bf16() else 'is not available'}")


def check_engine(settings: Settings) -> Finding:
    """Check whether the chosen engine opens and processes a picture without a person."""
    import numpy as np  # noqa: PLC0415 - as above

    from webapp.pose.backends import computed_in, open_backend  # noqa: PLC0415 - as above

    began = perf_counter()
    backend = open_backend(
        settings.backend, models=settings.model_folders, precision=settings.precision, series=settings.series
    )
    stream = backend.open()
    loaded = perf_counter()
    for number in range(SELF_TEST_FRAMES):
        stream.estimate(np.zeros((480, 640, 3), np.uint8), number / 30)
    frame_ms = (perf_counter() - loaded) / SELF_TEST_FRAMES * 1000
    stream.close()
    backend.close()
    computed = computed_in(settings.backend, settings.precision)
    took = f"opens in {loaded - began:.1f} s and looks for a person in {frame_ms:.1f} ms a frame"
    return Finding("ok", f"{settings.backend} in {computed} arithmetic {took}")


CHECKS: dict[str, Check] = {
    "python": check_python,
    "packages": check_packages,
    "opencv": check_opencv,
    "opengl": check_opengl,
    "page": check_page,
    "weights": check_weights,
    "exercises": check_exercises,
    "store": check_store,
    "port": check_port,
    "processor": check_processor,
    "engine": check_engine,
}


def examine(settings: Settings, checks: dict[str, Check] | None = None) -> dict[str, Finding]:
    """Run every check; one that raises has failed, and the others still run."""
    return {name: _outcome(check, settings) for name, check in (checks or CHECKS).items()}


def _outcome(check: Check, settings: Settings) -> Finding:
    try:
        return check(settings)
    except AppError as exc:
        return Finding("fail", str(exc))
    except Exception as exc:  # any error is worth showing here
        return Finding("fail", f"{type(exc).__name__}: {exc}; run `make setup`")


@click.command(short_help="Check whether PoseCoach can run on this machine.")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def command(as_json: bool) -> None:
    """Check whether PoseCoach can run on this machine, with the settings in the environment (POSECOACH_...).

    A warning (warn) leaves something out, a failure (fail) must be mended; then the exit code is 1.
    """
    findings = examine(from_sources({}, os.environ))
    healthy = all(finding.state != "fail" for finding in findings.values())
    if as_json:
        click.echo(json.dumps({"ok": healthy, "checks": {name: asdict(one) for name, one in findings.items()}}))
    else:
        for name, finding in findings.items():
            click.echo(f"{click.style(f'{finding.state:4}', COLOURS[finding.state])}  {name:9}  {finding.text}")
    sys.exit(0 if healthy else 1)
