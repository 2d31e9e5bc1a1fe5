"""What a person typed about a mail server, read into a login: `host:port`, ports that name their encryption, the user.

Rules: the user name is the address unless given; a port of its own protocol decides the encryption unless given;
without encryption only this machine is accepted.
"""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address

from postroom.ground.errors import Invalid
from postroom.rooms.accounts.account import Encryption, ServerLogin, Side
from postroom.wire.mime.address_key import ascii_domain

_PORT_ENCRYPTION = {
    993: Encryption.TLS,  # RFC 8314 3.2
    465: Encryption.TLS,  # RFC 8314 3.3
    143: Encryption.STARTTLS,
    587: Encryption.STARTTLS,  # RFC 6409 3.1
    2525: Encryption.STARTTLS,  # what Mailgun, SendGrid and others offer where 587 is blocked
    25: Encryption.STARTTLS,
}
_USUAL_PORT = {
    Side.RECEIVE: {Encryption.TLS: 993, Encryption.STARTTLS: 143, Encryption.NONE: 143},
    Side.SEND: {Encryption.TLS: 465, Encryption.STARTTLS: 587, Encryption.NONE: 25},
}
_USUAL_ENCRYPTION = {Side.RECEIVE: Encryption.TLS, Side.SEND: Encryption.STARTTLS}
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;]{1,64}@[^\s@<>\"(),:;]{1,255}")


@dataclass(frozen=True, slots=True)
class TypedServer:
    """A server as typed. `host` may hold `:port`. Anything left out is filled in; `password` None: unchanged."""

    host: str
    port: int | None = None
    encryption: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def read_address(email: str) -> str:
    """An account's address as it will be shown. Raises Invalid."""
    typed = email.strip()
    if not _ADDRESS.fullmatch(typed) or not typed.isprintable():
        raise Invalid(field_errors={"email": "Write the address alone, such as ada@example.com."})
    return typed


def read_login(typed: TypedServer, side: Side, email: str) -> ServerLogin:
    """Where to log in. Raises Invalid under the field's name (imap, smtp) with what to write instead."""
    try:
        host, port_in_host = _host_and_port(typed.host.strip())
        port = port_in_host if port_in_host is not None else typed.port
        encryption = _encryption(typed.encryption, port, side)
        if encryption is Encryption.NONE and not _is_this_machine(host):
            raise _Wrong("Without encryption only a server on this machine is possible: choose TLS or STARTTLS.")
        user = email if typed.user is None or not typed.user.strip() else typed.user.strip()
        if not user.isprintable():
            raise _Wrong("The user name holds characters that no server takes.")
        if port is not None and not 0 < port < 65536:
            raise _Wrong("A port is a number from 1 to 65535.")
        return ServerLogin(host, port or _USUAL_PORT[side][encryption], encryption, user)
    except _Wrong as error:
        raise Invalid(field_errors={"imap" if side is Side.RECEIVE else "smtp": str(error)}) from error


class _Wrong(ValueError):
    """What is wrong with one field, for the person who typed it."""


def _host_and_port(text: str) -> tuple[str, int | None]:
    """`mail.example.com:465`, `[::1]:993`, `mail.example.com`; also a bare IPv6 address."""
    if "://" in text or "/" in text or "@" in text:
        raise _Wrong("Write the server's name alone, such as mail.example.com or mail.example.com:465.")
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return _ip(host), _port(rest.removeprefix(":")) if rest else None
    if text.count(":") > 1:
        return _ip(text), None
    host, colon, port = text.partition(":")
    return _host(host), _port(port) if colon else None


def _port(text: str) -> int:
    if not text.strip().isdecimal():
        raise _Wrong("What stands after the colon must be a port, such as mail.example.com:465.")
    return int(text)


def _host(text: str) -> str:
    name = ascii_domain(text)
    if not name:
        raise _Wrong("The server's name is missing.")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise _Wrong(f"{text!r} is not a server's name.")
    return name


def _ip(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise _Wrong(f"{text!r} is not an IP address.") from error


def _encryption(text: str | None, port: int | None, side: Side) -> Encryption:
    if text is None or not text.strip():
        return _PORT_ENCRYPTION.get(port or 0, _USUAL_ENCRYPTION[side])
    try:
        return {"ssl": Encryption.TLS, "ssl/tls": Encryption.TLS}.get(text.lower()) or Encryption(text.lower())
    except ValueError as error:
        raise _Wrong(f"Encryption is tls, starttls or none, not {text!r}.") from error


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")  # RFC 6761 6.3
