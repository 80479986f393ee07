"""The log: one line per record, as text or JSON, with the id of its request."""

import json
import logging
import traceback
from datetime import UTC, datetime

from webapp import request_id

PACKETS = "posecoach.socketio"
"""The Socket.IO library's logger, which logs whole messages, including the secrets that resume a workout."""

_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class OneLine(logging.Formatter):
    """Appends an exception to its message: its type, text and the line it came from."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        request = _request_of(record)
        about = f" [{request}]" if request else ""
        line = f"{self.formatTime(record)} {record.levelname} {record.name}{about}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1]:
            line += f" | {_short(record.exc_info[1])}"
        return " ".join(line.splitlines())


class Json(logging.Formatter):
    """Writes one object per line: time (UTC, ISO 8601), level, logger, message, and request and exception if any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := _request_of(record):
            entry["request"] = request
        if record.exc_info and record.exc_info[1]:
            entry["exception"] = _short(record.exc_info[1])
        return json.dumps(entry)


def _request_of(record: logging.LogRecord) -> str:
    """Return the record's own request (`extra={"request": ...}`), or the one being answered."""
    return getattr(record, "request", "") or request_id.current()


def _short(problem: BaseException) -> str:
    frames = traceback.extract_tb(problem.__traceback__)
    where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{type(problem).__name__}: {problem}{where}"


def configure(level: str, form: str = "text") -> None:
    """Log to stderr from `level` on; full traces and browsers' whole messages only at debug."""
    handler = logging.StreamHandler()
    text = logging.Formatter(_FORM) if level == "debug" else OneLine()
    handler.setFormatter(Json() if form == "json" else text)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger(PACKETS).setLevel("WARNING" if level == "info" else "NOTSET")
