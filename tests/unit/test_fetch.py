import hashlib
import random
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from webapp.commands import models
from webapp.errors import BackendUnavailable, SettingsError
from webapp.pose import weights as weights_on_disk
from webapp.pose.fetch import fetch
from webapp.pose.weights import Weights

CONTENT = random.Random(3).randbytes(300_000)


class Shelf(BaseHTTPRequestHandler):
    """Serves CONTENT; the server's `manner` says how badly."""

    protocol_version = "HTTP/1.0"

    def do_GET(self):
        self.server.ranges.append(self.headers.get("Range"))
        getattr(self, f"answer_{self.server.manner}")()

    def answer_well(self):
        start = self.start()
        if start >= len(CONTENT):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(CONTENT) - start))
        self.end_headers()
        self.wfile.write(CONTENT[start : self.server.stop_at(start)])

    def answer_without_ranges(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT)

    def answer_wrong_bytes(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[::-1])

    def answer_missing(self):
        self.send_error(404)

    def start(self):
        asked = self.headers.get("Range")
        return int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0

    def log_message(self, *_):
        pass


@contextmanager
def serving(manner, stop_at=lambda _start: None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    server.manner, server.stop_at, server.ranges = manner, stop_at, []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def wanted(server, **changes):
    row = {
        "name": "some-engine",
        "file": "some.tflite",
        "licence": "MIT",
        "size": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "url": f"http://127.0.0.1:{server.server_port}/some.tflite",
    }
    return Weights(**row | changes)


def test_the_file_arrives_whole_and_progress_is_reported(tmp_path):
    told = []
    with serving("well") as server:
        path = fetch(wanted(server), tmp_path / "weights", lambda here, of: told.append((here, of)))
    assert path.read_bytes() == CONTENT
    assert path == tmp_path / "weights" / "some.tflite"
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert told == sorted(told)


def test_a_line_that_breaks_half_way_is_taken_up_where_it_broke(tmp_path):
    half = len(CONTENT) // 2
    with serving("well", lambda start: half if start < half else None) as server:
        assert fetch(wanted(server), tmp_path).read_bytes() == CONTENT
        assert server.ranges == [None, f"bytes={half}-"]
    assert [path.name for path in tmp_path.iterdir()] == ["some.tflite"]


def test_a_broken_download_keeps_its_bytes_for_the_next_attempt(tmp_path):
    half = len(CONTENT) // 2
    broke = pytest.raises(BackendUnavailable, match=f"broke at {half} of {len(CONTENT)}.*{half} bytes are kept")
    with serving("well", lambda _start: half) as server, broke:
        fetch(wanted(server), tmp_path)
    assert not (tmp_path / "some.tflite").exists()
    with serving("well") as server:
        assert fetch(wanted(server), tmp_path).read_bytes() == CONTENT
        assert server.ranges == [f"bytes={half}-"]


def test_wrong_bytes_are_never_put_into_place(tmp_path):
    with serving("wrong_bytes") as server, pytest.raises(BackendUnavailable, match="not the file"):
        fetch(wanted(server), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_partial_file_is_detected_and_discarded(tmp_path):
    (tmp_path / "some.tflite.part").write_bytes(bytes(1000))
    with serving("well") as server:
        with pytest.raises(BackendUnavailable, match="not the file"):
            fetch(wanted(server), tmp_path)
        assert fetch(wanted(server), tmp_path).read_bytes() == CONTENT


def test_a_part_that_is_whole_already_is_taken(tmp_path):
    (tmp_path / "some.tflite.part").write_bytes(CONTENT)
    with serving("well") as server:
        assert fetch(wanted(server), tmp_path).read_bytes() == CONTENT


def test_a_server_without_ranges_begins_again(tmp_path):
    (tmp_path / "some.tflite.part").write_bytes(CONTENT[:1000])
    with serving("without_ranges") as server:
        assert fetch(wanted(server), tmp_path).read_bytes() == CONTENT


def test_a_404_says_which_file_from_where_to_where(tmp_path):
    with serving("missing") as server:
        weights = wanted(server)
        with pytest.raises(BackendUnavailable) as failure:
            fetch(weights, tmp_path)
    for part in ("some.tflite", weights.url, str(tmp_path / "some.tflite"), "404"):
        assert part in str(failure.value)


def test_offline_says_which_file_from_where_to_where(tmp_path):
    with serving("well") as server:
        weights = wanted(server)
    with pytest.raises(BackendUnavailable) as failure:
        fetch(weights, tmp_path)
    for part in ("some.tflite", weights.url, str(tmp_path / "some.tflite"), "refused", "POSECOACH_MODELS"):
        assert part in str(failure.value)


def test_the_right_file_is_not_fetched_again(tmp_path):
    (tmp_path / "some.tflite").write_bytes(CONTENT)
    with serving("missing") as server:
        fetch(wanted(server), tmp_path)
        assert server.ranges == []


def test_a_wrong_file_of_that_name_is_replaced(tmp_path):
    (tmp_path / "some.tflite").write_bytes(CONTENT[:-1])
    with serving("well") as server:
        assert fetch(wanted(server), tmp_path).read_bytes() == CONTENT


def test_a_file_known_by_its_git_blob_alone_is_verified_too(tmp_path):
    blob = hashlib.sha1(b"blob %d\0" % len(CONTENT) + CONTENT).hexdigest()
    with serving("well") as server:
        assert fetch(wanted(server, size=0, sha256="", git_blob=blob), tmp_path).read_bytes() == CONTENT
    with serving("wrong_bytes") as server, pytest.raises(BackendUnavailable, match="not the file"):
        fetch(wanted(server, size=0, sha256="", git_blob=blob), tmp_path / "other")


def test_weights_of_an_npm_package_come_with_make_setup(tmp_path):
    weights = Weights(name="x", file="x.tflite", licence="MIT", npm="@some/package", version="1.0")
    with pytest.raises(BackendUnavailable, match="make setup"):
        fetch(weights, tmp_path)


def test_a_folder_that_cannot_be_created_is_reported(tmp_path):
    (tmp_path / "file").write_text("")
    with serving("well") as server, pytest.raises(BackendUnavailable, match=r"exists|directory"):
        fetch(wanted(server), tmp_path / "file")


def test_the_command_brings_an_engines_weights_over_a_line_that_breaks(tmp_path, monkeypatch):
    half = len(CONTENT) // 2
    with serving("well", lambda start: half if start < half else None) as server:
        row = {"efficientpose-rt": wanted(server, name="efficientpose-rt")}
        monkeypatch.setattr(weights_on_disk, "manifest", lambda: row)
        for _ in range(2):
            result = CliRunner().invoke(models.command, ["--models", str(tmp_path), "fetch", "efficientpose-rt"])
            assert result.exit_code == 0, result.output
            assert str(tmp_path / "some.tflite") in result.output
    assert (tmp_path / "some.tflite").read_bytes() == CONTENT
    assert len(server.ranges) == 2


def test_the_command_names_an_engine_that_is_none():
    result = CliRunner().invoke(models.command, ["fetch", "efficientpose-x"])
    assert isinstance(result.exception, SettingsError)
    assert "efficientpose-rt" in str(result.exception)
