"""The table of commands: one module each, with a `command` in it, imported when it is called."""

from collections.abc import Sequence
from importlib import import_module

import click

import webapp
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
"""Name -> module and what the list of commands says about it; the module is not imported for that."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in sorted(_COMMANDS.items())])


@click.command(cls=_Commands)
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
