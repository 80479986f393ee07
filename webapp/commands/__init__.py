"""The table of commands: one module each, with a `command` in it, imported on first use."""

from collections.abc import Sequence

import click

import webapp
from webapp.commands.lazy import LazyGroup
from webapp.errors import AppError, SettingsError

_COMMANDS = {
    "analyze": ("webapp.commands.analyze", "Count or time one video."),
    "bench": ("webapp.commands.bench", "Measure speed on this machine."),
    "doctor": ("webapp.commands.doctor", "Check this machine."),
    "evaluate": ("webapp.commands.evaluate", "Measure accuracy on labelled data."),
    "learn": ("webapp.commands.learn", "Write an exercise from a recording of it."),
    "models": ("webapp.commands.models", "List the pose engines and fetch their weights."),
    "serve": ("webapp.commands.serve", "Serve PoseCoach to browsers."),
}


@click.group(cls=LazyGroup, table=_COMMANDS)
@click.version_option(webapp.__version__, prog_name="posecoach")
def posecoach() -> None:
    """Watch workouts through the browser's camera: count, time and coach them."""


def run(arguments: Sequence[str]) -> int:
    """Run a command and return the exit code; a deliberate error is printed as one sentence."""
    try:
        posecoach.main(list(arguments), prog_name="posecoach")
    except AppError as error:
        click.echo(f"posecoach: {error}", err=True)
        return 2 if isinstance(error, SettingsError) else 1
