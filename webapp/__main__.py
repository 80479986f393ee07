"""The command line: `posecoach`, also available as `python -m webapp`."""

import os
import signal
import sys
import traceback
import warnings
from importlib import import_module

_INTERRUPTED = 128 + signal.SIGINT  # a shell's exit status for a command that Ctrl-C ended


def main() -> None:
    """Run the command; `serve` patches the standard library before any other import."""
    serves = sys.argv[1:2] == ["serve"]
    try:
        if serves:
            warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
            import_module("eventlet").monkey_patch()
        sys.exit(import_module("webapp.commands").run(sys.argv[1:]))
    except SystemExit as end:
        if serves:
            _leave(end.code)
        raise
    except KeyboardInterrupt:  # while modules are being imported: the commands handle it themselves
        _leave(_INTERRUPTED)
    except Exception:
        if serves:
            traceback.print_exc()
            _leave(1)
        raise


def _leave(code: int | str | None) -> None:
    """Exit without Python's clean-up, which waits for the workers, and from 3.12 on for a child in a green thread."""
    sys.stdout.flush()
    os._exit(code if isinstance(code, int) else bool(code))


if __name__ == "__main__":
    main()
