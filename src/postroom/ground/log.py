"""Log lines: structured, and free of what people wrote, of whom they wrote to, and of secrets.

Every line passes `Redaction`, whoever logged it. Email addresses become `<address>`; registered secrets and what looks
like a password, token or key become `<secret>`; of a text of several lines only the first is kept, of a long one only
the beginning, and long quotations go, so that no message gets in by way of a library's error. Fields come by
`extra={"account": "emailacct_…"}`: ids, not names.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TextIO

from postroom.ground.config import Config, LogFormat
from postroom.ground.events import request_now

_LONGEST_TEXT = 600
"""Characters of one text in a line: enough for an error and a server's answer, too little for a letter."""

_SHORTEST_SECRET = 6
"""Shorter registered texts are not looked for: redacting every `a` would leave no log."""

# Wide on purpose: whatever stands around an @, in any script, percent-encoded or in the brackets of IMAP and SMTP.
_AT = "(?:@|%40|\uff20)"
_ADDRESS = re.compile(rf"(?:\"[^\"]{{0,200}}\"|[^\s<>()\[\],;:\"'=/]+){_AT}(?:\[[^\s\]]*\]|[^\s<>()\[\],;:\"'/&?]+)")
_URL_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/]*@", re.IGNORECASE)
_SECRET_NAME = re.compile(
    r"pass(?:word|wd|phrase)?$|secret|token|api_?key|authorization|cookie|credential|assertion", re.IGNORECASE
)
_NAMED_SECRET = re.compile(
    r"((?:pass(?:word|wd|phrase)?|secret|token|api_?key|authorization|cookie|credential|assertion|[?&]code)"
    r"[\"']?\s*[:=]\s*[\"']?)(?:(?:bearer|basic)\s+)?[^\s\"',;&)}\]]+",
    re.IGNORECASE,
)
_HTTP_CREDENTIAL = re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9+/_.=~-]{16,}", re.IGNORECASE)
_MAIL_CREDENTIAL = re.compile(r"(?<!=)\b(LOGIN|PLAIN|XOAUTH2|OAUTHBEARER)\s+\S+(?:\s+\S+)?")
_API_KEY = re.compile(r"\bapi_[0-9A-Za-z]{8,}\.[0-9A-Za-z]+")
_LONG_QUOTATION = re.compile(r"'[^']{80,}'|\"[^\"]{80,}\"")
_LINE_BREAK = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]|\\r|\\n")  # escaped ones too: Python's repr of bytes
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # a terminal obeys some of them

_STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has by itself; whatever else it has came by `extra`."""


class Redaction:
    """Takes out of texts what must not stand in a log. Secrets may be registered from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: tuple[str, ...] = ()

    def register(self, secret: str) -> None:
        """Never let this text through: a key or password that this process holds."""
        if len(secret) >= _SHORTEST_SECRET:
            with self._lock:  # longest first: a secret may be part of another
                self._secrets = tuple(sorted({*self._secrets, secret}, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """The text without secrets and addresses: its first line, and no more than the beginning of that."""
        for secret in self._secrets:
            text = text.replace(secret, "<secret>")
        first = _LINE_BREAK.split(text, maxsplit=1)[0][: 4 * _LONGEST_TEXT]
        first = _URL_PASSWORD.sub(r"\1<secret>@", first)
        for pattern in (_API_KEY, _LONG_QUOTATION):
            first = pattern.sub("<secret>" if pattern is _API_KEY else "<text>", first)
        for pattern in (_HTTP_CREDENTIAL, _MAIL_CREDENTIAL):
            first = pattern.sub(r"\1 <secret>", first)
        first = _NAMED_SECRET.sub(r"\1<secret>", first)
        first = _CONTROL.sub("?", _ADDRESS.sub("<address>", first))[:_LONGEST_TEXT]
        return first if len(text) <= _LONGEST_TEXT and "\n" not in text else f"{first} … ({len(text)} characters)"


class LineFormatter(logging.Formatter):
    """One line for each record, plain or JSON, redacted as a whole."""

    def __init__(self, form: LogFormat, redaction: Redaction) -> None:
        super().__init__()
        self._form = form
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line without secrets, addresses and line breaks."""
        fields = {name: value for name, value in vars(record).items() if name not in _STANDARD_FIELDS}
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._redaction.clean(_message(record)),
            **{name: self._clean(name, value) for name, value in fields.items()},
        }
        if request_id := request_now():
            line["request_id"] = request_id
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = [self._redaction.clean(part) for part in _error_lines(record.exc_info[1])]
        return json.dumps(line, ensure_ascii=False) if self._form is LogFormat.JSON else _plain(line)

    def _clean(self, name: str, value: object) -> object:
        if _SECRET_NAME.search(name):
            return "<secret>"
        if value is None or isinstance(value, bool | int | float):
            return value
        return self._redaction.clean(str(value))


def set_up_logging(config: Config, stream: TextIO | None = None) -> Redaction:
    """Send all log lines of this process, libraries included, to standard error. Returns where to register secrets."""
    redaction = Redaction()
    for secret in _secrets_of(config):
        redaction.register(secret)
    outlet = logging.StreamHandler(stream or sys.stderr)
    outlet.setFormatter(LineFormatter(config.log_format, redaction))
    root = logging.getLogger()
    root.handlers[:] = [outlet]
    root.setLevel(config.log_level.upper())
    for name in ("httpx", "httpx2", "httpcore", "asyncio", "procrastinate", "psycopg", "uvicorn.access"):
        # These tell of single requests, jobs and queries, with their arguments.
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    return redaction


def _secrets_of(config: Config) -> Iterable[str]:
    if config.sealing_keys:
        yield config.sealing_keys
        yield from (key.partition(":")[2] for key in config.sealing_keys.replace(",", "\n").split())
    if config.database_url:
        yield config.database_url
    if config.metrics_token:
        yield config.metrics_token


def _message(record: logging.LogRecord) -> str:
    """The text with its arguments in place. A wrong number of arguments must not lose the line, nor print them."""
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)


def _error_lines(error: BaseException) -> list[str]:
    """An exception and its causes: kind, words, and where; no source lines, which may hold texts."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        where = [
            f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in traceback.extract_tb(current.__traceback__)
        ]
        lines.append(f"{type(current).__name__}: {current} at {' < '.join(reversed(where[-4:]))}")
        current = current.__cause__ or current.__context__
    return lines


def _plain(line: Mapping[str, object]) -> str:
    """`time LEVEL logger: message field=value …`, without line breaks, which could forge a line."""
    rest = " ".join(
        f"{name}={value}" for name, value in line.items() if name not in ("time", "level", "logger", "message")
    )
    return f"{line['time']} {str(line['level']).upper():7} {line['logger']}: {line['message']} {rest}".rstrip()
