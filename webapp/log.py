"""The log: one line a record, whatever happened."""

import logging
import traceback

PACKETS = "posecoach.socketio"
"""The logger of the Socket.IO library, which tells every message whole: the secrets that resume a workout, too."""

_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class OneLine(logging.Formatter):
    """Writes an exception behind its message: what it was, and the line that it came from."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1]:
            line += f" | {_short(record.exc_info[1])}"
        return " ".join(line.splitlines())


def _short(problem: BaseException) -> str:
    frames = traceback.extract_tb(problem.__traceback__)
    where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{type(problem).__name__}: {problem}{where}"


def configure(level: str) -> None:
    """Log to stderr from `level` on; whole traces and every message of a browser only when told to debug."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(_FORM) if level == "debug" else OneLine())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger(PACKETS).setLevel("WARNING" if level == "info" else "NOTSET")
