"""The card's colours, those of the dark pages in static/css/tokens.css; a test compares them."""

from PIL import ImageColor

GROUND = "#0e1013"
SURFACE = "#171a1f"
LINE = "#2a2e35"
INK = "#f3f4f1"
INK_SOFT = "#a8adb4"
ACCENT = "#c8f250"
LIMBS = {"left": "#56b4f5", "right": "#ff9440", "middle": "#e8eae6"}

Rgb = tuple[int, int, int]


def between(first: str, second: str, part: float) -> Rgb:
    """Return the colour at `part` of the way from the first to the second."""
    a, b = ImageColor.getrgb(first), ImageColor.getrgb(second)
    red, green, blue = (round(x + (y - x) * part) for x, y in zip(a[:3], b[:3], strict=True))
    return red, green, blue
