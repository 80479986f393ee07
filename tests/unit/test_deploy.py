"""The files in deploy/ refer to existing settings and pages."""

import json
import re
import subprocess
import sys
import threading
from dataclasses import fields
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from webapp.settings import Settings, variable
from webapp.siblings import PATIENCE_S

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "deploy" / "Dockerfile", *sorted((ROOT / "deploy").rglob("*.yaml"))]
VARIABLES = {variable(one.name) for one in fields(Settings)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_variable_is_one_of_a_setting(file):
    assert set(re.findall(r"POSECOACH_[A-Z_]+", file.read_text())) <= VARIABLES


def test_the_image_contains_the_files_that_a_server_reads():
    copied = re.findall(r"^COPY (?:--from=\w+ )?(\S+)", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    names = {Path(one).name for one in copied}
    assert {"webapp", "static", "templates", "models", "pose"} <= names
    assert all((ROOT / one).exists() for one in copied if not one.startswith("/"))


def test_the_lock_of_the_image_has_what_several_servers_need():
    lock = (ROOT / "deploy" / "requirements.lock").read_text()
    pinned = set(re.findall(r"^(\S+==\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert pinned <= set(re.findall(r"^(\S+==\S+)", lock, re.MULTILINE))
    assert {"psycopg", "redis"} <= set(re.findall(r"^([a-z]+)==", lock, re.MULTILINE))


def test_the_service_sets_no_variable_that_is_a_setting_of_ours():
    manifest = (ROOT / "deploy" / "kubernetes" / "posecoach.yaml").read_text()
    service = re.search(r"kind: Service\nmetadata:\n  name: (\S+)", manifest)[1]
    linked = f"{service.upper()}_PORT"  # kubelet sets it to tcp://ADDRESS:PORT unless links are switched off
    assert linked not in VARIABLES or "enableServiceLinks: false" in manifest


def test_the_probes_ask_pages_that_answer():
    asked = set(re.findall(r"path: (/\w+z)", (ROOT / "deploy" / "kubernetes" / "posecoach.yaml").read_text()))
    health = (ROOT / "webapp" / "pages" / "health.py").read_text()
    assert asked == {"/healthz", "/readyz"}
    assert all(f'"{path}"' in health for path in asked)


def test_a_probe_of_readiness_waits_longer_than_the_processes_for_each_other():
    manifest = (ROOT / "deploy" / "kubernetes" / "posecoach.yaml").read_text()
    waits = re.findall(r"path: /readyz, port: http\}\n(?:\s+periodSeconds: \d+\n)\s+timeoutSeconds: (\d+)", manifest)
    assert len(waits) == manifest.count("/readyz")
    assert all(int(wait_s) > PATIENCE_S for wait_s in waits)


class Healthy(BaseHTTPRequestHandler):
    """Answers /healthz only."""

    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_):
        """Print nothing."""


def test_the_image_asks_for_its_health_at_the_port_that_is_set():
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    _, *arguments = json.loads(re.search(r"HEALTHCHECK .*\\\n\s+(\[.*\])", dockerfile)[1])

    def is_healthy(port):
        asks = [sys.executable, *arguments]
        return not subprocess.run(asks, check=False, env={"POSECOACH_PORT": str(port)}, capture_output=True).returncode

    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert is_healthy(server.server_port)
        server.shutdown()
    assert not is_healthy(server.server_port)
