"""Logging in: the way the server offers and our secret fits."""

import base64
import binascii
import json

from postroom.ground.errors import NeedsUser, Remedy
from postroom.wire.imap.connection import Connection, InFlight
from postroom.wire.imap.errors import login_refused, unencrypted
from postroom.wire.imap.responses import Reply
from postroom.wire.imap.syntax import is_quotable, quoted
from postroom.wire.imap.types import BearerToken, ImapSettings, Password


async def log_in(connection: Connection, settings: ImapSettings, offered: frozenset[str]) -> Reply:
    """Log in; the server's OK. Raises NeedsUser, Temporary."""
    secret = settings.secret
    if isinstance(secret, BearerToken):
        return await _by_token(connection, settings, secret, offered)
    if "AUTH=PLAIN" in offered:
        reply = await _authenticate(connection, b"PLAIN", _plain(settings.user, secret), offered)
        # Some servers list PLAIN and know only LOGIN; a refused password is a NO, not a BAD.
        if reply.status != b"BAD" or "LOGINDISABLED" in offered:
            return _accepted(connection, reply)
    if "LOGINDISABLED" in offered:
        raise unencrypted(connection.place, "it takes no passwords on this kind of connection.")
    return _accepted(connection, await _login(connection, settings.user, secret))


def _accepted(connection: Connection, reply: Reply) -> Reply:
    if not reply.is_ok:
        raise login_refused(connection.place, reply)
    return reply


def _plain(user: str, secret: Password) -> bytes:
    """RFC 4616, with no identity to act for."""
    return b"\0" + _utf8(user) + b"\0" + _utf8(secret.text)


def _utf8(text: str) -> bytes:
    """A lone surrogate cannot be in anybody's password; it is refused as a wrong one is."""
    return text.encode("utf-8", "replace")


async def _login(connection: Connection, user: str, secret: Password) -> Reply:
    words = [_utf8(user), _utf8(secret.text)]
    line = b"LOGIN"
    command: InFlight | None = None
    for word in words:
        if is_quotable(word):
            line += b" " + quoted(word)
            continue
        line += b" {%d}" % len(word)
        command = _sent(connection, command, line)
        if await connection.invitation(command) is None:
            return await command.reply
        line = word
    return await _sent(connection, command, line).reply


def _sent(connection: Connection, command: InFlight | None, line: bytes) -> InFlight:
    if command is None:
        return connection.start(line)
    connection.send_line(line)
    return command


async def _by_token(
    connection: Connection, settings: ImapSettings, secret: BearerToken, offered: frozenset[str]
) -> Reply:
    if "AUTH=XOAUTH2" in offered:
        return _accepted(
            connection, await _authenticate(connection, b"XOAUTH2", _xoauth2(settings.user, secret), offered)
        )
    if "AUTH=OAUTHBEARER" in offered:
        return _accepted(
            connection, await _authenticate(connection, b"OAUTHBEARER", _oauthbearer(settings, secret), offered)
        )
    words = f"{settings.host} does not take a sign-in by OAuth; connect it with a password."
    raise NeedsUser(words, remedy=Remedy.SETTINGS)


def _xoauth2(user: str, secret: BearerToken) -> bytes:
    """Google's and Microsoft's, older than the RFC."""
    return _utf8(f"user={user}\1auth=Bearer {secret.text}\1\1")


def _oauthbearer(settings: ImapSettings, secret: BearerToken) -> bytes:
    """RFC 7628 section 3.1; in the name a comma or = is written as =2C or =3D (RFC 5801 section 4)."""
    name = settings.user.replace("=", "=3D").replace(",", "=2C")
    where = f"host={settings.host}\1port={settings.port}"
    return _utf8(f"n,a={name},\1{where}\1auth=Bearer {secret.text}\1\1")


def spoken_secrets(settings: ImapSettings) -> tuple[str, ...]:
    """The secret in every form in which it goes over the wire, for a server that echoes it to be muted."""
    secret = settings.secret
    if isinstance(secret, BearerToken):
        messages = [_xoauth2(settings.user, secret), _oauthbearer(settings, secret)]
    else:
        messages = [_plain(settings.user, secret)]
    forms = [*(base64.b64encode(message).decode() for message in messages), secret.text]
    quoted_form = quoted(_utf8(secret.text)).decode()[1:-1]
    return tuple(form for form in [*forms, quoted_form] if form)


async def _authenticate(connection: Connection, mechanism: bytes, first: bytes, offered: frozenset[str]) -> Reply:
    """AUTHENTICATE with one client message, in the same line where SASL-IR is offered (RFC 4959)."""
    message = base64.b64encode(first)
    at_once = "SASL-IR" in offered
    command = connection.start(b"AUTHENTICATE " + mechanism + (b" " + message if at_once else b""))
    reason = ""
    for turn in range(4):
        challenge = await connection.invitation(command)
        if challenge is None:
            break
        if turn == 0 and not at_once:
            connection.send_line(message)
            continue
        # A challenge now is the error in JSON; an empty answer (RFC 7628: ^A) lets the server say NO.
        reason = _reason(challenge)
        connection.send_line(b"AQ==" if mechanism == b"OAUTHBEARER" else b"")
    reply = await command.reply
    return reply._replace(text=f"{reply.text} ({reason})") if reason and not reply.is_ok else reply


def _reason(challenge: bytes) -> str:
    try:
        said = json.loads(base64.b64decode(challenge))
        return str(said["status"])[:60] if isinstance(said, dict) and "status" in said else ""
    except (ValueError, binascii.Error, RecursionError):
        return ""
