"""The engines' measured speeds on this machine, stored between runs in a small JSON file.

`{"f32": {"blazepose-lite": 5.1}, "mixed": {"blazepose-full": 5.3}}`: milliseconds a frame from JPEG bytes to pose, by
arithmetic and engine.
"""

import json
from collections.abc import Mapping
from pathlib import Path

FILE = "engines.json"


def read(folder: Path) -> Mapping[str, Mapping[str, float]]:
    """Return the milliseconds by arithmetic and engine; empty if nothing was measured or the file is invalid."""
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    by_arithmetic = content if isinstance(content, dict) else {}
    return {
        computed: {name: float(ms) for name, ms in figures.items() if isinstance(ms, int | float)}
        for computed, figures in by_arithmetic.items()
        if isinstance(figures, dict)
    }


def keep(folder: Path, new: Mapping[str, Mapping[str, float]]) -> Path:
    """Add new figures, replacing old ones, and return the file. Raises OSError if it cannot be written."""
    old = read(folder)
    kept = {computed: {**old.get(computed, {}), **new.get(computed, {})} for computed in {**old, **new}}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    half = path.with_suffix(".part")
    half.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    half.replace(path)  # a server reading meanwhile gets either the old file or the new one
    return path
