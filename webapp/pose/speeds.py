"""What the engines were measured to take on this machine, kept from one run to the next as a small JSON file.

`{"f32": {"blazepose-lite": 5.1}, "mixed": {"blazepose-full": 5.3}}`: milliseconds a frame from
JPEG bytes to pose, by the arithmetic in which they were computed and by engine.
"""

import json
from collections.abc import Mapping
from pathlib import Path

FILE = "engines.json"


def read(folder: Path) -> Mapping[str, Mapping[str, float]]:
    """Return the milliseconds by arithmetic and engine; none where nothing was measured, or the file is not of ours."""
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
    """Keep new figures beside, or in place of, the old ones, and return the file; OSError when it cannot be written."""
    old = read(folder)
    kept = {computed: {**old.get(computed, {}), **new.get(computed, {})} for computed in {**old, **new}}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    half = path.with_suffix(".part")
    half.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    half.replace(path)  # a server that reads meanwhile finds the old file or the new one
    return path
