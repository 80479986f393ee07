"""Static files at addresses that change with their contents, so that a browser asks for each version only once."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, send_from_directory
from flask.sansio.app import App

KEPT_S = 365 * 86400
ENDPOINT = "static"


def add_to(app: App) -> None:
    """Give `url_for("static", ...)` the version of all files.

    It is a folder of the address, so that what scripts and style sheets import has it, too. Any other version, as a
    page from before an update asks for, is answered with today's file, of which the browser keeps nothing unasked.
    """
    folder = Path(app.static_folder or "")
    today = version_of(folder)

    def send(filename: str, version: str = "") -> Response:
        answer = send_from_directory(folder, filename, max_age=KEPT_S if version == today else None)
        answer.cache_control.immutable = version == today
        return answer

    def name_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == ENDPOINT:
            values.setdefault("version", today)

    app.add_url_rule("/static/v-<version>/<path:filename>", ENDPOINT)
    app.view_functions[ENDPOINT] = send
    app.url_defaults(name_version)


@cache
def version_of(folder: Path) -> str:
    """Return a name for the contents of all files in a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        contents = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {contents}\n".encode())
    return digest.hexdigest()[:12]
