"""What the engines were measured to take on this machine, kept from one run to the next as a small JSON file.

`{"f32": {"blazepose-full": 6.1}}`: by precision and engine, milliseconds a frame from JPEG bytes to pose.
"""

import json
from collections.abc import Mapping
from pathlib import Path

FILE = "engines.json"


def read(folder: Path, precision: str) -> Mapping[str, float]:
    """Return the milliseconds by engine; none where nothing was measured, or the file is not of ours."""
    figures = _all(folder).get(precision)
    if not isinstance(figures, dict):
        return {}
    return {name: float(ms) for name, ms in figures.items() if isinstance(ms, int | float)}


def keep(folder: Path, precision: str, figures: Mapping[str, float]) -> Path:
    """Keep new figures beside, or in place of, the old ones, and return the file; OSError when it cannot be written."""
    kept = _all(folder) | {precision: {**read(folder, precision), **figures}}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    half = path.with_suffix(".part")
    half.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    half.replace(path)  # a server that reads meanwhile finds the old file or the new one
    return path


def _all(folder: Path) -> dict[str, object]:
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
