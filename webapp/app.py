"""Builds every part of the server from the settings and connects them."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_socketio import SocketIO
from werkzeug.http import parse_cookie
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import pages
from webapp.card import draw
from webapp.errors import AppError, Restarting, TakenOver
from webapp.exercises import load_library
from webapp.gateway import events, wire
from webapp.gateway.abandoned import AbandonedWorkouts
from webapp.gateway.connection import Connect, Connection, Send
from webapp.gateway.connection_limit import limit_connections, one_address_a_subscriber
from webapp.gateway.message_queue import message_queue
from webapp.gateway.password_gate import require_password
from webapp.gateway.rate_limits import Addresses, RateLimits
from webapp.gateway.under_way import UnderWay
from webapp.gateway.wire import Limits
from webapp.log import PACKETS
from webapp.metrics import Metrics
from webapp.pages import health, traffic
from webapp.pages.authority import authority_page
from webapp.pages.login import login_page
from webapp.pages.site import Site
from webapp.password import Password
from webapp.people import COOKIE, People, load_key
from webapp.pose.choice import EngineChoice
from webapp.pose.offers import Offers
from webapp.pose.pool import PosePool
from webapp.request_id import named
from webapp.serving.certificate import AUTHORITY
from webapp.serving.off_the_loop import off_the_loop
from webapp.settings import ROOT, Settings
from webapp.siblings import Siblings
from webapp.store import Store, open_store
from webapp.uploads import Uploads, UploadSettings

PING_INTERVAL_S = 5
PING_TIMEOUT_S = 10
TEND_EVERY_S = 5
KEEP_SERIES_EVERY_S = 1.0
HANDING_OVER_S = 3.0
"""How long each step of the server's end waits for a store that hangs; together less than what containers allow."""

_log = logging.getLogger(__name__)
_quiet = logging.getLogger(PACKETS)


@dataclass(frozen=True, slots=True)
class PoseCoach:
    """The server's parts, for the code that runs and stops them."""

    flask: Flask
    socketio: SocketIO
    pool: PosePool
    store: Store
    under_way: UnderWay
    abandoned: AbandonedWorkouts
    uploads: Uploads
    settings: Settings

    def start(self) -> None:
        """Start the workers and the care of abandoned workouts; returns at once."""
        self.pool.start()
        self.uploads.start()
        self.socketio.start_background_task(self._tend)
        self.socketio.start_background_task(self._keep_series)

    def _tend(self) -> None:
        while True:
            self.socketio.sleep(TEND_EVERY_S)
            self.under_way.let_go_of_lost()
            self.under_way.finish_abandoned(self.settings.resume_grace_s)
            self.abandoned.tend(self.under_way.ids, self.settings.resume_grace_s)

    def _keep_series(self) -> None:
        while True:
            self.socketio.sleep(KEEP_SERIES_EVERY_S)
            try:
                for _ in self.under_way.keep_series():
                    self.socketio.sleep(0)
            except Exception:
                _log.exception("the landmarks of a workout were not stored")

    def drain(self) -> None:
        """Begin no more workouts, store those in progress, and tell their browsers that the server shuts down.

        A browser comes back with its workout's secret: to this server's successor, or to another running server.
        """
        _try_for(HANDING_OVER_S, self.under_way.hand_over)
        goes = wire.error(Restarting())
        self.socketio.server.emit("error", goes, ignore_queue=True)  # to this server's browsers only

    def close(self) -> None:
        """Stop the workers and close the store; workouts in progress stay in it, to be resumed."""
        self.uploads.stop()
        self.pool.stop()
        _try_for(HANDING_OVER_S, self.under_way.end_series)
        self.under_way.keep_rest()
        _try_for(HANDING_OVER_S, self.store.close)


def _try_for(most_s: float, work: Callable[[], object]) -> None:
    """Do some work, at most for so long: a store that hangs must not keep the server from ending."""
    doing = threading.Thread(target=work, daemon=True)
    doing.start()
    doing.join(most_s)
    if doing.is_alive():
        _log.error("the store has not answered within %g s; the server ends without it", most_s)


def create_app(
    settings: Settings, on_unavailable: Callable[[AppError], None], siblings: Siblings | None = None
) -> PoseCoach:
    """Build the server, or one of several sibling processes.

    on_unavailable is called when a worker cannot open the pose engine.
    """
    store = off_the_loop(open_store(settings.store_url))
    library = load_library(settings.exercise_folders)
    engine = _engine(settings)
    wanted = settings.engines.replace(" ", "").split(",") if settings.engines else None
    offers = Offers(engine, settings.data, wanted)
    pool = PosePool(engine, settings.workers, settings.streams_per_worker, on_unavailable)
    metrics = Metrics()
    under_way = UnderWay(
        library,
        store,
        metrics.store_errors.inc,
        lambda former: _tell_taken_over(socketio, former),
        keeps_series=settings.keeps_series,
    )
    flask = Flask("webapp", static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    people = People(load_key(settings.data, settings.secret_key))
    uploads = Uploads(settings.data / "uploads", _upload_settings(settings, engine), library, store)
    site = Site(store, library, offers, people, _forgetting(under_way, uploads), uploads, off_the_loop(draw))
    flask.register_blueprint(pages.blueprint(site))
    health.add_health(flask, pool, siblings)
    health.add_metrics(flask, metrics, pool, under_way.__len__, siblings)
    socketio = _socketio(flask, settings, siblings)
    addresses = Addresses(_rate_limits(settings))
    connect = _connector(people, under_way, pool, offers, metrics)
    events.register(socketio, connect, _limits(settings), addresses)
    if settings.speaks_https and settings.certificate is None:
        flask.register_blueprint(authority_page(settings.authority_folder / AUTHORITY))
    password = _password(flask, settings, people)
    traffic.limit(flask, settings.pages_per_minute, settings.message_queue)  # after the last page is registered
    traffic.tell(flask)
    _protect(flask, addresses, settings.proxies, password)
    return PoseCoach(flask, socketio, pool, store, under_way, AbandonedWorkouts(library, store), uploads, settings)


def _engine(settings: Settings) -> EngineChoice:
    cache_folder = settings.data / "networks"
    return EngineChoice(settings.backend, settings.model_folders, settings.precision, settings.series, cache_folder)


def _upload_settings(settings: Settings, engine: EngineChoice) -> UploadSettings:
    limits = settings.max_upload_bytes, settings.max_upload_s
    return UploadSettings(engine, settings.exercise_folders, *limits, settings.keeps_series)


def _forgetting(under_way: UnderWay, uploads: Uploads) -> Callable[[str], None]:
    """Return a function that ends everything in progress of a person and stores none of it."""

    def forget(person: str) -> None:
        under_way.forget(person)
        uploads.forget(person)

    return forget


def _limits(settings: Settings) -> Limits:
    return Limits(settings.max_frame_bytes, settings.max_frame_pixels)


def _rate_limits(settings: Settings) -> RateLimits:
    return RateLimits(
        settings.max_fps,
        settings.max_bytes_per_s,
        settings.connections_per_address,
        settings.starts_per_minute,
        settings.max_address_fps,
        settings.max_address_bytes_per_s,
    )


def _password(flask: Flask, settings: Settings, people: People) -> Password | None:
    """Return the password, after adding its login page; None for an open server."""
    if not settings.password:
        return None
    password = Password(settings.password, people.password_signature(settings.password))
    flask.register_blueprint(login_page(password))
    return password


def _protect(flask: Flask, addresses: Addresses, proxies: int, password: Password | None) -> None:
    """Pass every request through the connection limit and password; behind trusted proxies with its real address."""
    unlocked = flask.wsgi_app if password is None else require_password(flask.wsgi_app, password)
    limited = one_address_a_subscriber(limit_connections(unlocked, addresses))
    app = named(limited, behind_proxies=proxies > 0)
    way_in = ProxyFix(app, proxies, proxies, proxies) if proxies else app
    flask.wsgi_app = way_in  # type: ignore[method-assign, assignment]  # Flask's documented way to wrap an app


def _connector(people: People, under_way: UnderWay, pool: PosePool, offers: Offers, metrics: Metrics) -> Connect:
    def connect(name: str, environ: dict[str, Any], send: Send) -> Connection:
        person = people.person(parse_cookie(environ).get(COOKIE, ""))
        return Connection(name, person, send, under_way, pool, offers, metrics)

    return connect


def _tell_taken_over(socketio: SocketIO, holder: str) -> None:
    """Notify the browser that had a workout, on whichever process or server, without waiting for the queue."""
    taken_over = wire.error(TakenOver())
    socketio.start_background_task(socketio.server.emit, "error", taken_over, to=holder)


def _socketio(flask: Flask, settings: Settings, siblings: Siblings | None) -> SocketIO:
    """Return Socket.IO over WebSocket only, for pages of this origin; messages of one browser are handled in order."""
    return SocketIO(
        flask,
        async_mode="eventlet",
        transports=["websocket"],
        serializer=events.OneAttachment,
        async_handlers=False,
        manage_session=False,
        ping_interval=PING_INTERVAL_S,
        ping_timeout=PING_TIMEOUT_S,
        max_http_buffer_size=settings.max_frame_bytes + 1,
        logger=_quiet,
        engineio_logger=_quiet,
        **message_queue(settings.message_queue, siblings),
    )
