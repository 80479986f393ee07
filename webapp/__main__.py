"""The command line: `posecoach`, and `python -m webapp` is the same."""

import os
import sys
import warnings
from importlib import import_module


def main() -> None:
    """Run the command; `serve` patches the standard library before anything else is imported."""
    serves = sys.argv[1:2] == ["serve"]
    if serves:
        warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
        import_module("eventlet").monkey_patch()
    try:
        sys.exit(import_module("webapp.commands").run(sys.argv[1:]))
    except SystemExit as end:
        if serves:
            _leave(end.code)
        raise


def _leave(code: int | str | None) -> None:
    """End without Python's own clean-up: from 3.12 on it waits for a child in a green thread, and cannot any more."""
    sys.stdout.flush()
    os._exit(code if isinstance(code, int) else bool(code))


if __name__ == "__main__":
    main()
