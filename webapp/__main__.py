"""The command line: `posecoach`, and `python -m webapp` is the same."""

import sys
import warnings
from importlib import import_module


def main() -> None:
    """Run the command; `serve` patches the standard library before anything else is imported."""
    if sys.argv[1:2] == ["serve"]:
        warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
        import_module("eventlet").monkey_patch()
    sys.exit(import_module("webapp.commands").run(sys.argv[1:]))


if __name__ == "__main__":
    main()
