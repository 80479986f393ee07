"""`posecoach serve`: the web server."""

import gc
import logging
import os
import signal
import socket
import sys
from dataclasses import fields

import click

from webapp import app, serving
from webapp.errors import AppError
from webapp.log import configure
from webapp.pose.backends import engine, weights_of
from webapp.settings import Settings, flag, from_sources, variable

_log = logging.getLogger(__name__)


def _options(command: click.Command) -> click.Command:
    """Give the command an option for every setting."""
    for one in fields(Settings):
        about = f"{one.metadata['about']} [default: {one.metadata['shown']}; environment: {variable(one.name)}]"
        command.params.append(click.Option([flag(one.name), one.name], metavar="VALUE", help=about))
    return command


@_options
@click.command(short_help="Serve PoseCoach to browsers.")
@click.option("--stock-eventlet", is_flag=True, hidden=True, help="without our cures, for `bench load --stock`")
def command(stock_eventlet: bool, **flags: str | None) -> None:
    """Serve PoseCoach to browsers until Ctrl-C or SIGTERM."""
    settings = from_sources(flags, os.environ)
    configure(settings.log_level)
    # What a worker would find out seconds later, when the address is announced already.
    weights_of(engine(settings.backend), [settings.models] if settings.models else ())
    listener = serving.listen(settings.host, settings.port)
    if stock_eventlet:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
    else:
        serving.install()
    stop = serving.Stop()
    stop.on_signals(signal.SIGTERM, signal.SIGINT)
    _serve(settings, listener, stop)


def _serve(settings: Settings, listener: serving.Listener, stop: serving.Stop) -> None:
    failures: list[AppError] = []

    def give_up(error: AppError) -> None:
        if any(worker["state"] == "ready" for worker in posecoach.pool.status()):
            _log.error("a worker cannot be replaced: %s", error)
            return
        failures.append(error)
        stop.order()

    posecoach = app.create_app(settings, on_unavailable=give_up)
    posecoach.start()
    gc.freeze()  # what was built so far stays: no collection looks through it again and holds the frames up
    click.echo(f"PoseCoach listens on {_address(settings.host, listener.getsockname()[1])}")
    try:
        serving.serve(posecoach.flask, listener, stop, posecoach.tell_restart, _crowd(settings))
    finally:
        posecoach.close()
    if failures:
        raise failures[0]


def _crowd(settings: Settings) -> serving.Crowd:
    """Return room for a few connections a browser; behind proxies all of them are the proxies'."""
    return serving.Crowd(sys.maxsize if settings.proxies else 4 * settings.connections_per_address)


def _address(host: str, port: int) -> str:
    name = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host  # noqa: S104 - read, not bound
    return f"http://{name}:{port}"
