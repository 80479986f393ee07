"""The table of commands: one module each, with a `command` in it, imported on first use."""

from collections.abc import Sequence

import click

import webapp
from webapp.commands.lazy import LazyGroup
from webapp.errors import AppError, SettingsError

_COMMANDS = {
    "analyze": ("webapp.commands.analyze", "Count or time the exercise in one video."),
    "bench": ("webapp.commands.bench", "Measure speed and endurance on this machine."),
    "doctor": ("webapp.commands.doctor", "Check whether PoseCoach can run on this machine."),
    "evaluate": ("webapp.commands.evaluate", "Compare counts, holds, joints and poses with labelled data."),
    "learn": ("webapp.commands.learn", "Write an exercise of your own from a video of it."),
    "models": ("webapp.commands.models", "List the pose engines and fetch their weights."),
    "serve": ("webapp.commands.serve", "Serve PoseCoach to browsers."),
}


@click.group(cls=LazyGroup, table=_COMMANDS)
@click.version_option(webapp.__version__, prog_name="posecoach")
def posecoach() -> None:
    """Watch workouts through the browser's camera: count, time and coach them.

    Start with `posecoach serve`; `posecoach COMMAND --help` explains a command.
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command and return the exit code; a deliberate error is printed as one sentence."""
    try:
        posecoach.main(list(arguments), prog_name="posecoach")
    except AppError as error:
        click.echo(f"posecoach: {error}", err=True)
        return 2 if isinstance(error, SettingsError) else 1
