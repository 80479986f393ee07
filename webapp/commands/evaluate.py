"""`posecoach evaluate`: measured accuracy on folders of labelled recordings and photos."""

from importlib import import_module

import click

EVALUATIONS = {
    "motion": "webapp.commands.evaluate_motion",
    "pose": "webapp.commands.evaluate_pose",
    "yoga": "webapp.commands.evaluate_yoga",
}


class _Evaluations(click.Group):
    """Imports an evaluation when it is called: each pulls in what it measures."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(EVALUATIONS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in EVALUATIONS:
            return None
        command: click.Command = import_module(EVALUATIONS[cmd_name]).command
        return command


command = _Evaluations("evaluate", help="Measure accuracy on labelled recordings and pictures.")
