"""The JavaScript modules that a page's script imports, so that a browser can ask for all of them at once."""

import posixpath
import re
from functools import cache
from pathlib import Path

_IMPORT = re.compile(r'^import\s[^"]*"(\.[^"]+)"', re.MULTILINE)


@cache
def imported_by(script: str, folder: Path) -> tuple[str, ...]:
    """Return every module that a script imports, directly or through others, the nearest first; paths from `folder`."""
    found = [script]
    for name in found:  # grows while it is read
        path = folder / name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for target in _IMPORT.findall(text):
            module = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            if module not in found:
                found.append(module)
    return tuple(found[1:])
