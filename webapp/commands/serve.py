"""`posecoach serve`: the web server."""

import gc
import logging
import os
import socket
import ssl
import sys
from collections.abc import Callable
from dataclasses import fields

import click

from webapp import app, core_dumps, serving, stop_signals
from webapp.commands.greeting import greeting
from webapp.commands.serve_processes import serve_processes
from webapp.errors import AppError
from webapp.gateway.message_queue import silence
from webapp.log import configure
from webapp.pose.backends import check_usable, engine
from webapp.processes import Lifeline, Place
from webapp.serving.addresses import local_names, network_address
from webapp.serving.certificate import Pair, local_certificate
from webapp.settings import Settings, flag, from_sources, misspelt, variable
from webapp.siblings import Siblings

_log = logging.getLogger(__name__)


def _options(command: click.Command) -> click.Command:
    """Give the command an option for every setting."""
    for one in fields(Settings):
        about = f"{one.metadata['about']} [default: {one.metadata['shown']}; environment: {variable(one.name)}]"
        needs_value = one.metadata["alone"] is None
        alone = {} if needs_value else {"is_flag": False, "flag_value": one.metadata["alone"]}
        metavar = "VALUE" if needs_value else "[VALUE]"
        command.params.append(click.Option([flag(one.name), one.name], metavar=metavar, help=about, **alone))
    return command


@_options
@click.command(short_help="Serve PoseCoach to browsers.")
@click.option("--stock-eventlet", is_flag=True, hidden=True, help="without our fixes, for `bench load --stock`")
@click.option("--place", hidden=True, help="what one of several web processes inherits from its parent")
def command(stock_eventlet: bool, place: str | None, **flags: str | None) -> None:
    """Serve PoseCoach to browsers until Ctrl-C or SIGTERM."""
    settings = from_sources(flags, os.environ)
    core_dumps.forbid()
    configure(settings.log_level, settings.log_format)
    if place is None:
        _warn(settings)
    stop = serving.Stop()
    stop.on_signals(*stop_signals.STOP_SIGNALS)
    stop_signals.unblock()
    if not stock_eventlet:
        serving.install()
    if place is not None:
        _serve_as_one_of_many(settings, Place.read(place), stop)
        return
    # a worker would find this out seconds later, after the address has been announced
    folders = settings.model_folders
    check_usable(engine(settings.backend, folders), folders, settings.precision)
    listener = serving.listen(settings.host, settings.port)
    if stock_eventlet:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
    _tls(settings)  # create or reject the certificate before announcing the address

    def greet() -> None:
        click.echo(_greeting(settings, listener.getsockname()[1]))

    if settings.processes > 1:
        serve_processes(settings, flags, listener, stop, greet)
    else:
        _serve(settings, listener, stop, greet)


def _warn(settings: Settings) -> None:
    """Log what does not prevent serving, but will be missed."""
    for problem in misspelt(os.environ):
        _log.warning("%s", problem)
    if settings.message_queue and (reason := silence(settings.message_queue)):
        _log.warning(
            "Redis does not answer (%s): start it, or correct --message-queue. Until it answers, "
            "this server tells the others nothing and counts page requests on its own.",
            reason,
        )


def _serve_as_one_of_many(settings: Settings, place: Place, stop: serving.Stop) -> None:
    """Serve on the inherited socket; problems are reported by the parent, once for all."""
    lifeline = Lifeline(place)
    lifeline.order_when_cut(stop.order)
    siblings = Siblings(place.folder, place.number, place.of)
    try:
        _serve(settings, serving.inherited(place.listener), stop, lifeline.listens, siblings)
    except AppError as error:
        lifeline.failed(error)


def _serve(
    settings: Settings,
    listener: serving.Listener,
    stop: serving.Stop,
    greet: Callable[[], None],
    siblings: Siblings | None = None,
) -> None:
    failures: list[AppError] = []

    def give_up(error: AppError) -> None:
        if any(worker["state"] == "ready" for worker in posecoach.pool.status()):
            _log.error("a worker cannot be replaced: %s", error)
            return
        failures.append(error)
        stop.order()

    posecoach = app.create_app(settings, give_up, siblings)
    posecoach.start()
    if siblings is not None:
        siblings.listen()
    gc.freeze()  # exempt what was built so far from garbage collection, which would delay frames
    connections = _connection_pool(settings)
    greet()
    try:
        shared = listener if siblings is None else _shared(listener, connections, posecoach)
        serving.serve(posecoach.flask, shared, stop, posecoach.drain, connections, _tls(settings))
    finally:
        posecoach.close()
    if failures:
        raise failures[0]


def _shared(
    listener: serving.Listener, pool: serving.ConnectionPool, posecoach: app.PoseCoach
) -> serving.SharedListener:
    return serving.SharedListener(listener, pool.size, lambda: posecoach.pool.full)


def _tls(settings: Settings) -> ssl.SSLContext | None:
    """Return the certificate for https: the given one, or else a self-made one."""
    if not settings.speaks_https:
        return None
    if settings.certificate is None:
        return local_certificate(settings.authority_folder, local_names()).context()
    return Pair(settings.certificate, settings.certificate_key or settings.certificate).context()


def _greeting(settings: Settings, port: int) -> str:
    own_authority = settings.speaks_https and settings.certificate is None
    return greeting(settings.host, port, network_address(), https=settings.speaks_https, own_authority=own_authority)


def _connection_pool(settings: Settings) -> serving.ConnectionPool:
    """Return the limit of connections per address, several a browser; unlimited behind proxies."""
    return serving.ConnectionPool(sys.maxsize if settings.proxies else 4 * settings.connections_per_address)
