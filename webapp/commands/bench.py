"""`posecoach bench`: speed, measured; compare figures of one run, machines differ."""

from importlib import import_module

import click

BENCHES = {
    "engines": "webapp.commands.bench_engines",
    "live": "webapp.commands.bench_live",
    "load": "webapp.commands.bench_load",
}


class _Benches(click.Group):
    """Imports a bench when it is called: each pulls in what it measures."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(BENCHES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in BENCHES:
            return None
        command: click.Command = import_module(BENCHES[cmd_name]).command
        return command


command = _Benches("bench", help="Measure speed on this machine.")
