"""Logging in and what may be said before: LOGIN, AUTHENTICATE, STARTTLS, CAPABILITY, ID, ENABLE, COMPRESS, LOGOUT."""

import base64
import json
from typing import TYPE_CHECKING

from tests.servers.scripted_imap.account import Account
from tests.servers.scripted_imap.command import Command
from tests.servers.scripted_imap.lines import Hangup, Lines, StartCompression, StartTls, Tagged, bad, no, ok, untagged

if TYPE_CHECKING:
    from tests.servers.scripted_imap.session import Session


async def login(session: "Session", command: Command) -> Lines:
    if not session.may_log_in:
        yield no("[PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.")
        return
    name, password = command.word(0).decode("utf-8", "replace"), command.word(1).decode("utf-8", "replace")
    account = session.server.accounts.get(name.lower())
    right = account is not None and account.password == password
    yield _enter(session, account if right else None)


async def authenticate(session: "Session", command: Command) -> Lines:
    """PLAIN, LOGIN, XOAUTH2 and OAUTHBEARER, with the first answer in the command (SASL-IR) or asked for."""
    mechanism = command.word(0).decode().upper()
    if not session.can(f"AUTH={mechanism}"):
        yield no("Unsupported authentication mechanism.")
        return
    first = command.word(1) if len(command.arguments) > 1 else None
    if first is not None and not session.can("SASL-IR"):
        yield bad("Initial response is not supported.")
        return
    if mechanism == "LOGIN":
        name = await session.ask(b"+ " + base64.b64encode(b"Username:") + b"\r\n")
        word = await session.ask(b"+ " + base64.b64encode(b"Password:") + b"\r\n")
        account = session.server.accounts.get(base64.b64decode(name).decode().lower())
        right = account is not None and account.password == base64.b64decode(word).decode()
        yield _enter(session, account if right else None)
        return
    if first is None:
        first = await session.ask(b"+ \r\n")
    if first == b"*":
        yield bad("Authentication aborted.")
        return
    account = _who(session, mechanism, base64.b64decode(b"" if first == b"=" else first))
    if account is None and mechanism in ("XOAUTH2", "OAUTHBEARER"):
        # The failure comes as a challenge that the client answers with an empty line (XOAUTH2) or ^A (RFC 7628 3.2.3).
        body = {"status": "400", "schemes": "Bearer", "scope": "https://mail.google.com/"}
        await session.ask(b"+ " + base64.b64encode(json.dumps(body).encode()) + b"\r\n")
    yield _enter(session, account)


def _who(session: "Session", mechanism: str, answer: bytes) -> Account | None:
    if mechanism == "PLAIN":
        parts = answer.decode("utf-8", "replace").split("\0")
        account = session.server.accounts.get(parts[1].lower()) if len(parts) == 3 else None
        return account if account is not None and account.password == parts[2] else None
    fields = dict(part.partition("=")[::2] for part in answer.decode("utf-8", "replace").split("\x01") if "=" in part)
    if mechanism == "OAUTHBEARER":
        # gs2 header: n,a=user@host, (RFC 7628 section 3.1)
        head = answer.decode("utf-8", "replace").split("\x01")[0]
        name = next((part[2:] for part in head.split(",") if part.startswith("a=")), "")
    else:
        name = fields.get("user", "")
    account = session.server.accounts.get(name.lower())
    kind, _, token = fields.get("auth", "").partition(" ")
    return account if account is not None and kind.lower() == "bearer" and token in account.tokens else None


def _enter(session: "Session", account: Account | None) -> Tagged:
    if account is None:
        return no(session.server.flavour.wrong_password)
    limit = session.server.connections_per_user
    if limit is not None and account.sessions >= limit:
        return no(session.server.flavour.too_many_connections)
    account.sessions += 1
    session.account = account
    return ok(f"[CAPABILITY {' '.join(session.capabilities)}] Logged in")


async def capability(session: "Session", command: Command) -> Lines:
    yield untagged(f"CAPABILITY {' '.join(session.capabilities)}")
    yield ok()


async def starttls(session: "Session", command: Command) -> Lines:
    if not session.can("STARTTLS"):
        yield bad("TLS is not offered here.")
        return
    yield ok("Begin TLS negotiation now.")
    yield StartTls()


async def compress(session: "Session", command: Command) -> Lines:
    if command.word(0).upper() != b"DEFLATE" or not session.can("COMPRESS=DEFLATE"):
        yield no("Unsupported compression.")
        return
    yield ok("DEFLATE active")
    yield StartCompression()


async def enable(session: "Session", command: Command) -> Lines:
    wanted = {word.decode().upper() for word in command.arguments if isinstance(word, bytes)}
    known = {name for name in ("CONDSTORE", "QRESYNC", "UTF8=ACCEPT") if session.can(name)}
    session.enabled |= wanted & known
    if "QRESYNC" in session.enabled:
        session.enabled.add("CONDSTORE")
    yield untagged("ENABLED" + "".join(f" {name}" for name in sorted(wanted & known)))
    yield ok()


async def identify(session: "Session", command: Command) -> Lines:
    yield untagged('ID ("name" "Scripted IMAP" "vendor" "Postroom tests")')
    yield ok()


async def namespace(session: "Session", command: Command) -> Lines:
    separator = session.server.flavour.separator
    prefix = "INBOX." if any(name == "INBOX.Sent" for name, _ in session.server.flavour.folders) else ""
    yield untagged(f'NAMESPACE (("{prefix}" "{separator}")) NIL NIL')
    yield ok()


async def noop(session: "Session", command: Command) -> Lines:
    yield ok()


async def logout(session: "Session", command: Command) -> Lines:
    yield untagged("BYE Logging out")
    yield ok("Logout completed.")
    yield Hangup()
