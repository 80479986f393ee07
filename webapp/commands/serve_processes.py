"""`posecoach serve --processes`: the parent of several web processes on one port."""

import logging
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from webapp import serving
from webapp.errors import SettingsError
from webapp.people import load_key
from webapp.processes import Place, Processes, shared_out
from webapp.settings import Settings, flag
from webapp.siblings import Siblings
from webapp.store import open_store

_PARENT = 0

_log = logging.getLogger(__name__)


def serve_processes(
    settings: Settings,
    flags: Mapping[str, str | None],
    listener: serving.Listener,
    stop: serving.Stop,
    greet: Callable[[], None],
) -> None:
    """Serve with several processes until the order to stop; raise the failure that made serving impossible."""
    _prepare(settings)
    with tempfile.TemporaryDirectory(prefix="posecoach-") as name:
        folder = Path(name)
        processes = _processes(settings, flags, listener.fileno(), folder, stop)
        processes.start(greet)
        stop.wait()
        listener.close()
        processes.stop()
    if processes.failure is not None:
        raise processes.failure


def _prepare(settings: Settings) -> None:
    """Create what all processes would otherwise create at the same time: the key and the database's tables."""
    if "memory:" in settings.store_url or settings.store_url.rstrip("/") == "sqlite:":
        raise SettingsError("Several processes need a shared database; leave out --store or --processes.")
    if settings.workers < settings.processes:
        _log.warning(
            "each of the %s web processes needs a worker, so there are more than --workers says", settings.processes
        )
    load_key(settings.data, settings.secret_key)
    open_store(settings.store_url).close()


def _processes(
    settings: Settings, flags: Mapping[str, str | None], listener: int, folder: Path, stop: serving.Stop
) -> Processes:
    count, shares = settings.processes, shared_out(settings.workers, settings.processes)
    siblings = Siblings(folder, _PARENT, count)

    def command(number: int, lifeline: int) -> list[str]:
        place = Place(number, count, listener, lifeline, folder)
        own = {"workers": str(shares[number - 1]), "processes": "1"}
        passed = [part for name, value in {**flags, **own}.items() if value is not None for part in (flag(name), value)]
        return [sys.executable, "-m", "webapp", "serve", "--place", place.written(), *passed]

    def others_serve(number: int) -> bool:
        return any(one["ready"] for other, one in siblings.ask("ready").items() if other != number)

    return Processes(count, listener, command, others_serve, stop.order)
