"""Several servers as in production: real PostgreSQL and Redis, and a real nginx or Caddy with its file in `deploy/`."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from server import PATIENCE_S, Server, serving, until

from tests.postgresql import Database, throw_away_server
from webapp.evaluation.live import free_port

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SECRET_KEY = "5e" * 32

_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr notice;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""

_CADDY = """
{{
    admin off
    auto_https off
    storage file_system {folder}/caddy
}}
"""


@dataclass(frozen=True)
class Cluster:
    """Two servers, the address of the proxy in front of them, and what they share."""

    servers: tuple[Server, Server]
    url: str
    database: Database
    redis: subprocess.Popen | None

    def server_of(self, stream: int = 1) -> Server:
        """Return the server with so many streams."""
        (found,) = [server for server in self.servers if self._streams(server) == stream]
        return found

    def other(self, server: Server) -> Server:
        """Return the other server."""
        return next(one for one in self.servers if one is not server)

    def _streams(self, server: Server) -> int:
        return sum(worker["streams"] for worker in server.readiness()["workers"])


@contextmanager
def running_cluster(
    folder: Path, series: Path, *flags: str, queue: bool = True, proxy: str = "nginx"
) -> Iterator[Cluster]:
    """Start everything in `folder`, and stop it at the end. Skip the test if a program is missing."""
    program, in_front = _program(proxy), {"nginx": _nginx, "caddy": _caddy}[proxy]
    with ExitStack() as running:
        database = running.enter_context(throw_away_server())
        shared = ["--store", database.url, "--secret-key", SECRET_KEY, "--proxies", "1", "--workers", "1", *flags]
        redis = None
        if queue:
            port = free_port()
            redis = running.enter_context(_redis(folder, port))
            shared += ["--message-queue", f"redis://127.0.0.1:{port}/0"]
        servers = []
        for name in ("one", "two"):
            (folder / name).mkdir()
            servers.append(running.enter_context(serving(folder / name, series, *shared)))
        url = running.enter_context(in_front(program, folder, [server.url for server in servers]))
        yield Cluster((servers[0], servers[1]), url, database, redis)


@contextmanager
def _redis(folder: Path, port: int) -> Iterator[subprocess.Popen]:
    settings = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with _ended([_program("redis-server"), *settings], folder / "redis.txt", "Ready to accept connections") as process:
        yield process


@contextmanager
def _nginx(program: str, folder: Path, servers: list[str]) -> Iterator[str]:
    port = free_port()
    site = _documented("nginx.conf", servers).replace("listen 80;", f"listen 127.0.0.1:{port};")
    (folder / "site.conf").write_text(site)
    user = "user root;" if os.geteuid() == 0 else ""  # its folder is no other user's
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, user=user))
    command = [program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    with _ended(command, folder / "nginx.txt", "start worker process"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _caddy(program: str, folder: Path, servers: list[str]) -> Iterator[str]:
    url = f"http://127.0.0.1:{free_port()}"
    site = _documented("Caddyfile", servers).replace("example.org", url)
    (folder / "Caddyfile").write_text(_CADDY.format(folder=folder) + site)
    command = [program, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with _ended(command, folder / "caddy.txt", "serving initial configuration"):
        yield url


def _documented(name: str, servers: list[str]) -> str:
    """Return the text of a file in `deploy/` with the addresses of these servers."""
    site = (DEPLOY / name).read_text()
    for documented, server in zip(("127.0.0.1:5000", "127.0.0.1:5001"), servers, strict=True):
        assert documented in site
        site = site.replace(documented, server.removeprefix("http://"))
    return site


@contextmanager
def _ended(command: list[str], log: Path, ready: str) -> Iterator[subprocess.Popen]:
    """Run a program until the block ends; it is ready when its log says so."""
    with log.open("w") as said, subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT) as process:
        try:
            until(lambda: ready in log.read_text() or _died(process, log))
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def _died(process: subprocess.Popen, log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    return False


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip(f"needs {name} (Debian: apt install {name}), which is not here")
    return found
