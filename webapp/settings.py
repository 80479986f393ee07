"""Every server setting, defined once: flag, environment variable, help and the README's table derive from the field."""

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from webapp.errors import SettingsError
from webapp.jpeg import MAX_PIXELS
from webapp.pose.arithmetic import AUTO, CHOICES
from webapp.pose.weights import folders_of

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
) -> Any:  # noqa: ANN401 - a dataclass field has the type of its value
    """Describe a field.

    least, most: inclusive limits of a number. choices: the values allowed for a string.
    shown: the default as the help prints it, where the real one depends on the machine.
    alone: the value used when the flag is given without one.
    """
    metadata = {"about": about, "least": least, "most": most, "choices": choices, "alone": alone}
    return field(default=default, metadata={**metadata, "shown": shown or str(default)})


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server runs. Build it with `from_sources`, which validates every value."""

    host: str = _setting("127.0.0.1", "address to listen on; 0.0.0.0 for all interfaces")
    port: int = _setting(5000, "port to listen on", least=0, most=65535)
    https: str = _setting(
        "off", "serve https with a self-made certificate for the local network", choices=("off", "on"), alone="on"
    )
    certificate: Path | None = _setting(None, "your own https certificate with its chain, PEM", shown="none")
    certificate_key: Path | None = _setting(None, "private key of that certificate, PEM", shown="none")
    password: str = _setting(
        "",
        "password required from every browser; prefer the environment, which process lists do not show",
        shown="none",
    )
    backend: str = _setting("blazepose-full", "pose engine; `posecoach models` lists them")
    engines: str = _setting("", "other engines a workout may choose, comma-separated", shown="all installed")
    precision: str = _setting(
        AUTO,
        "engine arithmetic: auto is the fastest that keeps the accuracy, and f32 on processors without bf16; "
        "mixed and bf16 need bf16 and are less exact",
        choices=CHOICES,
    )
    workers: int = _setting(os.cpu_count() or 1, "pose worker processes", least=1, most=256, shown="one per core")
    processes: int = _setting(
        1, "web processes sharing the port and dividing the workers between them", least=1, most=64
    )
    streams_per_worker: int = _setting(8, "concurrent workouts per worker", least=1, most=1000)
    data: Path = _setting(ROOT / "var", "data folder", shown="var")
    store: str = _setting("", "database URL", shown="SQLite in the data folder")
    keep_series: str = _setting(
        "on", "store landmarks for charts, replay and exports: at most 4 kB/s", choices=("on", "off")
    )
    message_queue: str = _setting(
        "", "Redis URL through which several servers reach each other's browsers", shown="none"
    )
    secret_key: str = _setting(
        "",
        "64 hexadecimal digits shared by several servers; prefer the environment",
        shown="secret.key in the data folder",
    )
    models: Path | None = _setting(None, "folder of your own weights, searched first", shown="none")
    exercises: Path | None = _setting(None, "folder of your own exercises, one TOML file each", shown="none")
    series: Path | None = _setting(None, "landmark series played by the replay engine", shown="none")
    max_frame_bytes: int = _setting(2_000_000, "largest JPEG frame accepted, in bytes", least=1000)
    max_frame_pixels: int = _setting(MAX_PIXELS, "largest JPEG frame accepted, in pixels", least=1, most=MAX_PIXELS)
    max_fps: float = _setting(100.0, "frames per second accepted from one browser", least=1)
    max_bytes_per_s: int = _setting(10_000_000, "bytes per second accepted from one browser", least=1000)
    max_address_fps: float = _setting(3000.0, "frames per second accepted from one address", least=1)
    max_address_bytes_per_s: int = _setting(60_000_000, "bytes per second accepted from one address", least=1000)
    connections_per_address: int = _setting(100, "concurrent browsers per address", least=1)
    pages_per_minute: int = _setting(600, "page requests per minute and address", least=1)
    starts_per_minute: float = _setting(120.0, "workouts started per minute and address", least=1)
    proxies: int = _setting(0, "trusted reverse proxies in front of the server (X-Forwarded-For)", least=0, most=9)
    max_upload_bytes: int = _setting(500_000_000, "largest video accepted, in bytes", least=1000)
    max_upload_s: float = _setting(900.0, "longest video accepted, in seconds", least=1)
    resume_grace_s: float = _setting(120.0, "seconds a workout waits for its browser after a lost connection", least=0)
    log_level: str = _setting(
        "warning",
        "log level; debug logs whole messages, including the secrets that resume a workout",
        choices=("debug", "info", "warning", "error"),
    )
    log_format: str = _setting("text", "log lines as text or as JSON objects", choices=("text", "json"))

    @property
    def speaks_https(self) -> bool:
        """Whether to serve https: on request, or because a certificate is given."""
        return self.https == "on" or self.certificate is not None

    @property
    def keeps_series(self) -> bool:
        """Whether to store each workout's landmarks."""
        return self.keep_series == "on"

    @property
    def model_folders(self) -> tuple[Path, ...]:
        """The folders of weights to search before our own. Raises SettingsError if the chosen one is not there."""
        return folders_of(self.models)

    @property
    def exercise_folders(self) -> tuple[Path, ...]:
        """The folders of exercises that are added to our own."""
        return () if self.exercises is None else (self.exercises,)

    @property
    def authority_folder(self) -> Path:
        """Folder of the self-made certificate and the authority that signed it."""
        return self.data / "https"

    @property
    def store_url(self) -> str:
        """The database URL, with the default in the data folder filled in."""
        return self.store or f"sqlite:///{self.data / 'posecoach.db'}"


def flag(name: str) -> str:
    """Return the command-line flag of a field."""
    return "--" + name.replace("_", "-")


def variable(name: str) -> str:
    """Return the environment variable of a field."""
    return ENVIRONMENT_PREFIX + name.upper()


def from_sources(flags: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """Build the settings; a flag overrides the environment, which overrides the default.

    Raises SettingsError, naming the source, the value and what is allowed.
    """
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        given = flags.get(setting.name)
        if given is not None:
            values[setting.name] = _checked(setting, given, flag(setting.name))
        elif variable(setting.name) in environment:
            values[setting.name] = _checked(setting, environment[variable(setting.name)], variable(setting.name))
    return Settings(**values)


def misspelt(environment: Mapping[str, str]) -> list[str]:
    """Return a sentence for each variable that looks like a setting, but is none."""
    known = [variable(setting.name).removeprefix(ENVIRONMENT_PREFIX) for setting in fields(Settings)]
    given = sorted(name.removeprefix(ENVIRONMENT_PREFIX) for name in environment if name.startswith(ENVIRONMENT_PREFIX))
    near = {name: get_close_matches(name, known, 1) for name in given if name not in known}
    asked = {name: f"; did you mean {ENVIRONMENT_PREFIX}{one[0]}?" if one else "." for name, one in near.items()}
    return [f"{ENVIRONMENT_PREFIX}{name} is no setting{end}" for name, end in asked.items()]


def _checked(setting: "Field[Any]", text: str, source: str) -> object:
    if setting.type in (int, float):
        return _number(setting, text, source)
    if setting.metadata["choices"] and text not in setting.metadata["choices"]:
        raise SettingsError(f"{source} is {text!r}; allowed: {', '.join(setting.metadata['choices'])}.")
    if not text:
        raise SettingsError(f"{source} is empty; leave it out for the default ({setting.metadata['shown']}).")
    return text if setting.type is str else Path(text).expanduser()


def _number(setting: "Field[Any]", text: str, source: str) -> float:
    least, most = setting.metadata["least"], setting.metadata["most"]
    kind = "a whole number" if setting.type is int else "a number"
    limits = f"{kind} from {least}" + (f" to {most}" if most is not None else " on")
    try:
        value: float = int(text) if setting.type is int else float(text)
    except ValueError as exc:
        raise SettingsError(f"{source} is {text!r}; allowed: {limits}.") from exc
    if not least <= value <= (most if most is not None else float("inf")):
        raise SettingsError(f"{source} is {text!r}; allowed: {limits}.")
    return value


def table() -> str:
    """Return the README's settings table, in Markdown."""
    rows = ["| flag | environment | default | what it does |", "|---|---|---|---|"]
    rows += [
        f"| `{flag(setting.name)}` | `{variable(setting.name)}` "
        f"| {setting.metadata['shown']} | {setting.metadata['about']} |"
        for setting in fields(Settings)
    ]
    return "\n".join(rows)
