"""Names and figures in words. Pure."""

NONE = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


def spoken(name: str) -> str:
    """Turn a file or rule name into words: `push_up` becomes "Push up"."""
    return name.replace("_", " ").capitalize()


def stopwatch(seconds: float) -> tuple[str, str]:
    """Return a held time and its unit, with tenths below a minute: 12.3 s, 3:05 min."""
    return (f"{seconds:.1f}", "s") if round(seconds, 1) < 60 else clock(seconds)


def clock(seconds: float) -> tuple[str, str]:
    """Return a time to the nearest second, and its unit: 12 s below a minute, 3:05 min above."""
    whole = round(seconds)
    return (str(whole), "s") if whole < 60 else (f"{whole // 60}:{whole % 60:02d}", "min")
