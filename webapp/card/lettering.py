"""Text in Inter, the pages' own font, from the files that the pages serve."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageDraw, ImageFont

from webapp.errors import SettingsError

FILES = ("inter-latin.woff2", "inter-latin-ext.woff2")
"""Searched for a letter in this order."""
MOST_LETTERS = 120
"""A title is cut to this many letters before it is measured."""
_NO_LETTER = "\uffff"

Font = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True)
class Lettering:
    """A text style: the folder of the font's files, the size in pixels and the weight (100 to 900)."""

    folder: Path
    size: int
    weight: int

    def width(self, text: str) -> float:
        """Return the width of a line of text in pixels."""
        return sum(font.getlength(run) for font, run in self._runs(text))

    def write(self, drawing: ImageDraw.ImageDraw, at: tuple[float, float], text: str, colour: str) -> None:
        """Draw a line of text; `at` is the left end of its baseline."""
        x, y = at
        for font, run in self._runs(text):
            drawing.text((x, y), run, fill=colour, font=font, anchor="ls")
            x += font.getlength(run)

    def _runs(self, text: str) -> Iterator[tuple[Font, str]]:
        for index, letters in groupby(text, lambda letter: _file_of(self.folder, letter)):
            yield _font(self.folder / FILES[index], self.size, self.weight), "".join(letters)


def writable(folder: Path, text: str) -> bool:
    """Return whether the font has every letter of the text."""
    return all(_has(folder / FILES[_file_of(folder, letter)], letter) for letter in text)


def fitted(lettering: Lettering, text: str, width: float, least: int) -> tuple[Lettering, list[str]]:
    """Return the style, smaller if necessary, and the text in one or two lines no wider than `width`.

    Two lines are used once one would have to be smaller than three quarters; what does not fit at the smallest size is
    cut.
    """
    one = _shrunk(lettering, text, width)
    if one.size >= lettering.size * 3 / 4:
        return one, [text]
    halves = _halves(lettering, text[:MOST_LETTERS])
    two = _shrunk(lettering, max(halves, key=lettering.width), width)
    if two.size >= least:
        return two, halves
    smallest = replace(lettering, size=least)
    return smallest, [_cut(smallest, line, width) for line in _filled(smallest, text[:MOST_LETTERS], width)]


def _shrunk(lettering: Lettering, text: str, width: float) -> Lettering:
    """Return the style in the largest size that fits the text; letters scale with the size."""
    return replace(lettering, size=min(lettering.size, int(lettering.size * width / max(1.0, lettering.width(text)))))


def _halves(lettering: Lettering, text: str) -> list[str]:
    words = text.split(" ")
    ways = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
    return min(ways, key=lambda way: max(map(lettering.width, way)), default=[text])


def _filled(lettering: Lettering, text: str, width: float) -> list[str]:
    """Return the text in two lines, with as many words as fit in the first."""
    words = text.split(" ")
    fit = [at for at in range(1, len(words)) if lettering.width(" ".join(words[:at])) <= width]
    at = max(fit, default=len(words))
    return [line for line in (" ".join(words[:at]), " ".join(words[at:])) if line]


def _cut(lettering: Lettering, text: str, width: float) -> str:
    if lettering.width(text) <= width:
        return text
    while text and lettering.width(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


@lru_cache(maxsize=64)
def _font(file: Path, size: int, weight: int) -> Font:
    try:
        font = ImageFont.truetype(str(file), size)
        font.set_variation_by_axes([weight])
    except OSError as exc:
        raise SettingsError(f"The font {file.name} cannot be read ({exc}); run `make setup` to install it.") from exc
    return font


@lru_cache(maxsize=4096)
def _file_of(folder: Path, letter: str) -> int:
    return next((index for index, name in enumerate(FILES) if _has(folder / name, letter)), 0)


def _has(file: Path, letter: str) -> bool:
    """Return whether the font draws the letter differently from one that no font has."""
    font = _font(file, 32, 400)
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(_NO_LETTER))
