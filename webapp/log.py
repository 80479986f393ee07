"""The log: one line a record, whatever happened, as text or as JSON; with the name of the request that it is about."""

import json
import logging
import traceback
from datetime import UTC, datetime

from webapp import request_id

PACKETS = "posecoach.socketio"
"""The logger of the Socket.IO library, which tells every message whole: the secrets that resume a workout, too."""

_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class OneLine(logging.Formatter):
    """Writes an exception behind its message: what it was, and the line that it came from."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        request = _request_of(record)
        about = f" [{request}]" if request else ""
        line = f"{self.formatTime(record)} {record.levelname} {record.name}{about}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1]:
            line += f" | {_short(record.exc_info[1])}"
        return " ".join(line.splitlines())


class Json(logging.Formatter):
    """Writes an object a line: time (UTC, ISO 8601), level, logger, message, and request and exception if any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := _request_of(record):
            told["request"] = request
        if record.exc_info and record.exc_info[1]:
            told["exception"] = _short(record.exc_info[1])
        return json.dumps(told)


def _request_of(record: logging.LogRecord) -> str:
    """Return the request that the record names (`extra={"request": ...}`), or the one that is being answered."""
    return getattr(record, "request", "") or request_id.current()


def _short(problem: BaseException) -> str:
    frames = traceback.extract_tb(problem.__traceback__)
    where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{type(problem).__name__}: {problem}{where}"


def configure(level: str, form: str = "text") -> None:
    """Log to stderr from `level` on; whole traces and every message of a browser only when told to debug."""
    handler = logging.StreamHandler()
    text = logging.Formatter(_FORM) if level == "debug" else OneLine()
    handler.setFormatter(Json() if form == "json" else text)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger(PACKETS).setLevel("WARNING" if level == "info" else "NOTSET")
