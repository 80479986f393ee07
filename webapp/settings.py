"""Every setting of the server, once: flag, environment name, help and the README's table derive from the field."""

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from webapp.errors import SettingsError
from webapp.jpeg import MAX_PIXELS
from webapp.pose.arithmetic import AUTO, CHOICES

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT_PREFIX = "POSECOACH_"


def _setting(
    default: object,
    about: str,
    *,
    least: float | None = None,
    most: float | None = None,
    choices: tuple[str, ...] = (),
    shown: str = "",
    alone: str | None = None,
) -> Any:  # noqa: ANN401 - a dataclass field stands for a value of the field's own type
    """Describe a field.

    shown: what the help prints as default where the value differs from machine to machine.
    alone: the value that the flag by itself stands for.
    """
    metadata = {"about": about, "least": least, "most": most, "choices": choices, "alone": alone}
    return field(default=default, metadata={**metadata, "shown": shown or str(default)})


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server runs. Build it with `from_sources`, which checks every value."""

    host: str = _setting("127.0.0.1", "address to listen on; 0.0.0.0 for every network")
    port: int = _setting(5000, "port to listen on", least=0, most=65535)
    https: str = _setting(
        "off", "speak https, with a certificate of its own for the local network", choices=("off", "on"), alone="on"
    )
    certificate: Path | None = _setting(None, "a certificate of yours for https, as PEM, with its chain", shown="none")
    certificate_key: Path | None = _setting(None, "the private key of the certificate, as PEM", shown="none")
    password: str = _setting(
        "",
        "what every browser is asked for; better given in the environment, where no list of processes shows it",
        shown="none",
    )
    backend: str = _setting("blazepose-full", "pose engine; `posecoach models` lists them")
    engines: str = _setting("", "others that a workout may choose, with commas between", shown="all that are here")
    precision: str = _setting(
        AUTO,
        "arithmetic of the engine: auto is the quickest that keeps its accuracy, f32 where the processor lacks bf16; "
        "mixed and bf16 need it, and are less exact",
        choices=CHOICES,
    )
    workers: int = _setting(os.cpu_count() or 1, "processes that estimate poses", least=1, most=256, shown="one a core")
    processes: int = _setting(
        1, "web processes on the port, which share the workers out between them", least=1, most=64
    )
    streams_per_worker: int = _setting(8, "workouts that one worker takes at a time", least=1, most=1000)
    data: Path = _setting(ROOT / "var", "folder for what is kept", shown="var")
    store: str = _setting("", "URL of the database", shown="SQLite in the data folder")
    keep_series: str = _setting(
        "on", "keep the landmarks of workouts, for chart and replay: at most 4 kB a second", choices=("on", "off")
    )
    message_queue: str = _setting(
        "", "URL of the Redis over which several servers reach each other's browsers", shown="none"
    )
    secret_key: str = _setting(
        "",
        "64 hexadecimal digits that several servers share; better given in the environment",
        shown="secret.key in the data folder",
    )
    models: Path | None = _setting(None, "a folder of weights of your own, searched first", shown="none")
    exercises: Path | None = _setting(None, "folder of your own exercises, one TOML file each", shown="none")
    series: Path | None = _setting(None, "landmark series that the replay engine plays", shown="none")
    max_frame_bytes: int = _setting(2_000_000, "largest JPEG frame that is taken, in bytes", least=1000)
    max_frame_pixels: int = _setting(
        MAX_PIXELS, "largest JPEG frame that is taken, in pixels", least=1, most=MAX_PIXELS
    )
    max_fps: float = _setting(100.0, "frames a second that are taken from one browser", least=1)
    max_bytes_per_s: int = _setting(10_000_000, "bytes a second that are taken from one browser", least=1000)
    max_address_fps: float = _setting(3000.0, "frames a second that are taken from one address", least=1)
    max_address_bytes_per_s: int = _setting(60_000_000, "bytes a second that are taken from one address", least=1000)
    connections_per_address: int = _setting(100, "browsers that one address may have at a time", least=1)
    pages_per_minute: int = _setting(600, "pages that one address may ask for in a minute", least=1)
    starts_per_minute: float = _setting(120.0, "workouts that one address may begin in a minute", least=1)
    proxies: int = _setting(
        0, "reverse proxies in front of the server, whose X-Forwarded-For is believed", least=0, most=9
    )
    max_upload_bytes: int = _setting(500_000_000, "largest video that is taken, in bytes", least=1000)
    max_upload_s: float = _setting(900.0, "longest video that is taken, in seconds", least=1)
    resume_grace_s: float = _setting(120.0, "seconds that a lost browser's workout waits for its return", least=0)
    log_level: str = _setting(
        "warning",
        "what is logged; debug shows every message whole, with the secrets that resume a workout",
        choices=("debug", "info", "warning", "error"),
    )
    log_format: str = _setting("text", "a line of the log is text or a JSON object", choices=("text", "json"))

    @property
    def speaks_https(self) -> bool:
        """Whether to speak https: when asked to, or when there is a certificate for it."""
        return self.https == "on" or self.certificate is not None

    @property
    def authority_folder(self) -> Path:
        """Where the certificate of our own is kept, with the authority that signed it."""
        return self.data / "https"

    @property
    def store_url(self) -> str:
        """The database's URL, the default in the data folder included."""
        return self.store or f"sqlite:///{self.data / 'posecoach.db'}"


def flag(name: str) -> str:
    """Return the command line's name of a field."""
    return "--" + name.replace("_", "-")


def variable(name: str) -> str:
    """Return the environment's name of a field."""
    return ENVIRONMENT_PREFIX + name.upper()


def from_sources(flags: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """Build the settings: a flag goes before the environment, the environment before the default.

    SettingsError names the source, the value and what is allowed.
    """
    values: dict[str, Any] = {}
    for one in fields(Settings):
        given = flags.get(one.name)
        if given is not None:
            values[one.name] = _checked(one, given, flag(one.name))
        elif variable(one.name) in environment:
            values[one.name] = _checked(one, environment[variable(one.name)], variable(one.name))
    return Settings(**values)


def _checked(one: "Field[Any]", text: str, source: str) -> object:
    if one.type in (int, float):
        return _number(one, text, source)
    if one.metadata["choices"] and text not in one.metadata["choices"]:
        raise SettingsError(f"{source} is {text!r}; allowed: {', '.join(one.metadata['choices'])}.")
    if not text:
        raise SettingsError(f"{source} is empty; leave it out for the default ({one.metadata['shown']}).")
    return text if one.type is str else Path(text).expanduser()


def _number(one: "Field[Any]", text: str, source: str) -> float:
    least, most = one.metadata["least"], one.metadata["most"]
    kind = "a whole number" if one.type is int else "a number"
    limits = f"{kind} from {least}" + (f" to {most}" if most is not None else " on")
    try:
        value: float = int(text) if one.type is int else float(text)
    except ValueError as exc:
        raise SettingsError(f"{source} is {text!r}; allowed: {limits}.") from exc
    if not least <= value <= (most if most is not None else float("inf")):
        raise SettingsError(f"{source} is {text!r}; allowed: {limits}.")
    return value


def table() -> str:
    """Return the README's table of settings, in Markdown."""
    rows = ["| flag | environment | default | what it does |", "|---|---|---|---|"]
    rows += [
        f"| `{flag(one.name)}` | `{variable(one.name)}` | {one.metadata['shown']} | {one.metadata['about']} |"
        for one in fields(Settings)
    ]
    return "\n".join(rows)
