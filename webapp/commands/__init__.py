"""The table of commands: one module each, with a `command` in it, imported when it is called."""

from collections.abc import Sequence

import click

import webapp
from webapp.commands.lazy import LazyGroup
from webapp.errors import AppError, SettingsError

_COMMANDS = {
    "analyze": ("webapp.commands.analyze", "Count or time what one video shows."),
    "bench": ("webapp.commands.bench", "Measure speed on this machine."),
    "doctor": ("webapp.commands.doctor", "Check what this machine has and lacks."),
    "evaluate": ("webapp.commands.evaluate", "Measure accuracy on labelled data."),
    "learn": ("webapp.commands.learn", "Write an exercise of your own from a recording of it."),
    "models": ("webapp.commands.models", "List the pose engines and fetch their weights."),
    "serve": ("webapp.commands.serve", "Serve PoseCoach to browsers."),
}


@click.group(cls=LazyGroup, table=_COMMANDS)
@click.version_option(webapp.__version__, prog_name="posecoach")
def posecoach() -> None:
    """Watch a workout through the browser's camera, count it, time it and coach it."""


def run(arguments: Sequence[str]) -> int:
    """Run a command and return the exit code; an error on purpose is one sentence."""
    try:
        posecoach.main(list(arguments), prog_name="posecoach")
    except AppError as error:
        click.echo(f"posecoach: {error}", err=True)
        return 2 if isinstance(error, SettingsError) else 1
