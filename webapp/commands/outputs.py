"""The file that a command is to write, checked before the work whose result it gets."""

import os
from pathlib import Path

from webapp.errors import SettingsError

FIGURES = (".png", ".svg", ".pdf", ".jpg")


def new_file(path: Path, *endings: str) -> Path:
    """Return the path of a file that can be written without replacing one. Raises SettingsError, which says why not.

    endings: those that its name may have.
    """
    folder = path.absolute().parent
    if path.suffix.lower() not in endings:
        raise SettingsError(f"{path} cannot be written: its name must end in {' or '.join(endings)}.")
    if path.exists():
        raise SettingsError(f"{path} exists already; choose another name, or delete it.")
    if not folder.is_dir():
        raise SettingsError(f"{path} cannot be written: there is no folder {path.parent}; create it.")
    if not os.access(folder, os.W_OK):
        raise SettingsError(f"{path} cannot be written: you may not write into {path.parent}; choose another folder.")
    return path
