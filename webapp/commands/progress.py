"""The progress bar of a command that takes long."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

_STEPS = 1000


@contextmanager
def progress(label: str) -> Iterator[Callable[[float], None]]:
    """Show a bar if stderr is a terminal; yield a function to call with the part done, 0 to 1."""
    with click.progressbar(length=_STEPS, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield lambda part: bar.update(round(_STEPS * part) - bar.pos)
