"""The real system from outside: a separate server process, and a Chromium whose camera plays a file."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from webapp.errors import SettingsError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

START_WITHIN_S = 60.0
STOP_WITHIN_S = 10.0
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CAMERA_ALLOWED = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


class ServerProcess:
    """`posecoach serve` as a separate process, on a free port, with its own data folder."""

    def __init__(self, data: Path, flags: Sequence[str] = (), port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = data / "server.log"
        self._command = [sys.executable, "-m", "webapp", "serve", "--port", str(self.port), *flags]
        self._environment: Mapping[str, str] = {**os.environ, "POSECOACH_DATA": str(data)}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The web process's id."""
        if self._process is None:
            raise SettingsError("the server is not running")
        return self._process.pid

    def start(self) -> None:
        """Start, and return when the server reports that it is ready. Raises SettingsError if it does not start."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
                self._command, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + START_WITHIN_S
        while not _answers(f"{self.url}/readyz"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                said = self.log.read_text().strip()[-2000:].removeprefix("posecoach: ")
                raise SettingsError(f"The server did not start: {said}")
            time.sleep(0.05)

    def readiness(self) -> dict[str, Any]:
        """Return the answer of `/readyz`."""
        with urllib.request.urlopen(f"{self.url}/readyz", timeout=START_WITHIN_S) as answer:  # noqa: S310 - our own http
            said: dict[str, Any] = json.load(answer)
        return said

    def stop(self) -> None:
        """Ask the server to stop, and kill it if it does not."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Kill the server as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@contextmanager
def running_server(*flags: str) -> Iterator[ServerProcess]:
    """Yield a ready server; it is stopped and its data folder deleted when the block ends."""
    with tempfile.TemporaryDirectory(prefix="posecoach-") as data:
        server = ServerProcess(Path(data), flags)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def playwright_driver() -> "Iterator[Playwright]":
    """Yield the driver of browsers, one per process. Raises SettingsError if Playwright is not installed."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not among the packages that serving needs
    except ImportError as exc:
        raise SettingsError("This needs Playwright, which is not installed: `make checks` installs it.") from exc
    with sync_playwright() as driver:
        yield driver


@contextmanager
def chromium_with_camera(
    driver: "Playwright", camera: Path | None = None, flags: Sequence[str] = CAMERA_ALLOWED
) -> "Iterator[Browser]":
    """Yield a headless Chromium with `camera` (YUV4MPEG2), or its own test picture, as its camera.

    Other `flags` remove the camera or the permission. Raises SettingsError if there is no Chromium.
    """
    file = [f"--use-file-for-fake-video-capture={camera}"] if camera else []
    executable = find_chromium(driver.chromium.executable_path)
    browser = driver.chromium.launch(executable_path=executable, args=[*CHROMIUM_FLAGS, *flags, *file])
    try:
        yield browser
    finally:
        browser.close()


def find_chromium(downloaded: str) -> str:
    """Return the path of a Chromium: the system's, or Playwright's download. Raises SettingsError if there is none."""
    found = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if found is None and Path(downloaded).exists():
        found = downloaded
    if found is None:
        raise SettingsError(
            "no Chromium found: install the system's `chromium` package, or run `.venv/bin/playwright install chromium`"
        )
    return found


def free_port() -> int:
    """Return a TCP port that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - always our own http address
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
