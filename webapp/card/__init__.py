"""The picture card of a workout: a PNG of 1200 x 630 pixels, the size recommended for Open Graph."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from webapp.card.colours import ACCENT, GROUND, INK, INK_SOFT
from webapp.card.figure import FINER, framed, mark
from webapp.card.lettering import Lettering, fitted
from webapp.records import Pose

SIZE = (1200, 630)
FRAME = (660, 56, 484, 518)
"""The figure's box: left, top, width and height in pixels."""
LEFT, RIGHT = 64, 620
"""Left and right edge of the text."""


@dataclass(frozen=True, slots=True)
class Card:
    """The contents of a card.

    score: the main figure, and its unit. below: a second line under the unit. figures: names and values of further
    ones. pose: at the deepest point; None if no landmarks are stored. bars: parts of the target, drawn instead of a
    pose.
    """

    title: str
    date: str
    score: str
    unit: str
    below: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    pose: Pose | None = None
    bars: tuple[float, ...] = ()


def draw(card: Card, fonts: Path) -> bytes:
    """Return the card as PNG. Raises SettingsError if the pages' fonts are missing from the folder `fonts`."""
    picture = Image.new("RGB", SIZE, GROUND)
    picture.paste(framed(FRAME[2:], card.pose, card.bars), FRAME[:2])
    _product(picture, fonts)
    drawing = ImageDraw.Draw(picture)
    _headline(drawing, card, fonts)
    _score(drawing, card, fonts)
    _figures(drawing, card, fonts)
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=3)
    return file.getvalue()


def _product(picture: Image.Image, fonts: Path) -> None:
    size = 44
    sign = Image.new("RGB", (size * FINER, size * FINER), GROUND)
    mark(ImageDraw.Draw(sign), (0, 0), size * FINER)
    picture.paste(sign.reduce(FINER), (LEFT, FRAME[1]))
    Lettering(fonts, 28, 650).write(ImageDraw.Draw(picture), (LEFT + size + 16, FRAME[1] + 32), "PoseCoach", INK)


def _headline(drawing: ImageDraw.ImageDraw, card: Card, fonts: Path) -> None:
    lettering, lines = fitted(Lettering(fonts, 72, 700), card.title, RIGHT - LEFT, 40)
    step = lettering.size * 1.12
    first = 200 - 0.45 * step * (len(lines) - 1)
    for number, line in enumerate(lines):
        lettering.write(drawing, (LEFT, first + number * step), line, INK)
    below = first + (len(lines) - 1) * step + 48
    Lettering(fonts, 26, 450).write(drawing, (LEFT, below), card.date, INK_SOFT)


def _score(drawing: ImageDraw.ImageDraw, card: Card, fonts: Path) -> None:
    lettering, _ = fitted(Lettering(fonts, 168, 750), card.score, (RIGHT - LEFT) * 0.6, 60)
    lettering.write(drawing, (LEFT - 6, 448), card.score, ACCENT)
    beside = LEFT + lettering.width(card.score) + 22
    unit, _ = fitted(Lettering(fonts, 38, 600), card.unit, RIGHT - beside, 24)
    unit.write(drawing, (beside, 400 if card.below else 448), card.unit, INK)
    Lettering(fonts, 30, 450).write(drawing, (beside, 444), card.below, INK_SOFT)


def _figures(drawing: ImageDraw.ImageDraw, card: Card, fonts: Path) -> None:
    name_, value_ = Lettering(fonts, 21, 450), Lettering(fonts, 32, 600)
    x = float(LEFT)
    for name, value in card.figures:
        width = max(name_.width(name), value_.width(value))
        if x + width > RIGHT:
            break
        name_.write(drawing, (x, 528), name, INK_SOFT)
        value_.write(drawing, (x, 570), value, INK)
        x += width + 44
