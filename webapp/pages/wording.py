"""How names and figures are said on the pages. Pure."""

NONE = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


def spoken(name: str) -> str:
    """Turn a name of files and rules into words: `push_up` is Push up."""
    return name.replace("_", " ").capitalize()


def clock(seconds: float) -> tuple[str, str]:
    """Return a time, to the nearest second, and its unit: 12 s under a minute, 3:05 min above."""
    whole = round(seconds)
    return (str(whole), "s") if whole < 60 else (f"{whole // 60}:{whole % 60:02d}", "min")
