"""An SMTP submission server on loopback: right by default, wrong on command (`smtp_faults`); it keeps what it got.

    async with smtp_server() as server:
        server.user("anna@example.org", "secret")
        server.refuse("gone@example.com", 550, "5.1.1 User unknown")
        ...
        assert server.accepted[0].recipients == ["bob@example.com"]

It speaks the protocol itself: a mail library's server cannot drop a connection between the final dot and the 250.
`on_accepted` may hand each message on: to an INBOX, to a Sent folder as Gmail does, to Dovecot by LMTP.
"""

import asyncio
import base64
import binascii
import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.scripted_imap.connection import ClientGone, Connection
from tests.servers.shared_certificates import shared_certificates
from tests.servers.smtp_faults import AUTH_REQUIRED, SmtpFaults

_ADDRESS = re.compile(r"^(?:FROM|TO):\s*<([^>]*)>\s*(.*)$", re.IGNORECASE)
_MESSAGE_ID = re.compile(rb"^Message-ID:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message the server took. `raw` has its dots unstuffed; `options` are the words after MAIL FROM."""

    sender: str
    recipients: list[str]
    raw: bytes
    user: str
    encrypted: bool
    options: list[str]


@dataclass(slots=True)
class User:
    """Who may send: a password, and the OAuth access tokens taken now."""

    name: str
    password: str
    tokens: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Refusal:
    """A recipient that is refused, this many times more."""

    code: int
    text: str
    times: int


class SmtpServer:
    """`port` is plain with STARTTLS, `tls_port` is TLS from the start. The attributes may be changed at any time."""

    def __init__(self) -> None:
        self.host = "127.0.0.1"
        self.port = 0
        self.tls_port = 0
        self.users: dict[str, User] = {}
        self.refusals: dict[str, Refusal] = {}
        self.accepted: list[Accepted] = []
        self.log: list[str] = []
        self.faults = SmtpFaults()
        self.extensions = ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        self.mechanisms = ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"]
        self.offers_starttls = True
        self.requires_auth = True
        self.auth_needs_tls = False
        self.max_bytes: int | None = None
        self.rewrites_message_ids = False
        self.connections_opened = 0
        self.open: set[Connection] = set()
        self.on_accepted: Callable[[Accepted], Awaitable[None] | None] | None = None

    def user(self, name: str, password: str = "secret", *tokens: str) -> User:
        """Somebody who may log in."""
        self.users[name.lower()] = User(name, password, set(tokens))
        return self.users[name.lower()]

    def refuse(self, address: str, code: int, text: str, times: int = 1_000_000_000) -> None:
        """Refuse this recipient at RCPT, this many times."""
        self.refusals[address.lower()] = Refusal(code, text, times)

    @property
    def ca_file(self) -> Path:
        """The authority a client must trust."""
        return shared_certificates().ca_file

    def tls_context(self) -> ssl.SSLContext:
        made = shared_certificates()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made.certificate_file, made.key_file)
        return context

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections_opened += 1
        connection = Connection(reader, writer)
        self.open.add(connection)
        try:
            await SmtpSession(self, connection).run()
        except ClientGone:
            pass
        finally:
            connection.close()
            self.open.discard(connection)


class SmtpSession:
    """One client's dialogue (RFC 5321 section 4.1)."""

    def __init__(self, server: SmtpServer, connection: Connection) -> None:
        self.server = server
        self.connection = connection
        self.over = False
        self.user = ""
        self.sender: str | None = None
        self.recipients: list[str] = []
        self.options: list[str] = []
        self.raw = b""

    async def run(self) -> None:
        await self._step("CONNECT", lambda: self.say(220, "scripted.example ESMTP ready"))
        while not self.over:
            line = (await self.connection.read_line(limit=100_000)).decode("utf-8", "replace")
            self.server.log.append(line)
            verb, _, rest = line.partition(" ")
            await self._command(verb.upper(), rest)

    async def say(self, code: int, text: str) -> None:
        """A reply; each line of `text` is one line of it."""
        lines = text.split("\n")
        marks = ["-"] * (len(lines) - 1) + [" "]
        self.connection.write(
            "".join(f"{code}{mark}{line}\r\n" for mark, line in zip(marks, lines, strict=True)).encode()
        )
        await self.connection.flush()

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def take(self) -> None:
        """Keep the message and hand it on."""
        raw = self.raw
        if self.server.rewrites_message_ids:
            new = b"Message-ID: <rewritten.%d@relay.example>" % len(self.server.accepted)
            raw = _MESSAGE_ID.sub(new, raw, count=1)
        made = Accepted(
            self.sender or "", list(self.recipients), raw, self.user, self.connection.is_encrypted, self.options
        )
        self.server.accepted.append(made)
        if self.server.on_accepted is not None:
            waiting = self.server.on_accepted(made)
            if waiting is not None:
                await waiting

    async def _step(self, name: str, honest: Callable[[], Awaitable[None]]) -> None:
        for fault in self.server.faults.due(name):
            if await fault.act(self):
                return
        await honest()

    async def _command(self, verb: str, rest: str) -> None:
        match verb:
            case "EHLO" | "HELO":
                await self._step("EHLO", lambda: self._hello(verb))
            case "STARTTLS":
                await self._step("STARTTLS", self._start_tls)
            case "AUTH":
                await self._step("AUTH", lambda: self._authenticate(rest))
            case "MAIL":
                await self._step("MAIL", lambda: self._mail(rest))
            case "RCPT":
                await self._step("RCPT", lambda: self._recipient(rest))
            case "DATA":
                await self._step("DATA", self._data)
            case "RSET":
                self._forget()
                await self.say(250, "2.0.0 Ok")
            case "NOOP":
                await self.say(250, "2.0.0 Ok")
            case "QUIT":
                await self._step("QUIT", lambda: self.say(221, "2.0.0 Bye"))
                self.over = True
            case _:
                await self.say(500, f"5.5.1 Unknown command {verb}")

    async def _hello(self, verb: str) -> None:
        self._forget()
        lines = ["scripted.example"]
        if verb == "EHLO":
            lines += self.server.extensions
            if self.server.max_bytes is not None:
                lines.append(f"SIZE {self.server.max_bytes}")
            if self.server.offers_starttls and not self.connection.is_encrypted:
                lines.append("STARTTLS")
            if self.server.mechanisms and (self.connection.is_encrypted or not self.server.auth_needs_tls):
                lines.append("AUTH " + " ".join(self.server.mechanisms))
        await self.say(250, "\n".join(lines))

    async def _start_tls(self) -> None:
        if not self.server.offers_starttls or self.connection.is_encrypted:
            await self.say(503, "5.5.1 TLS is not offered here")
            return
        await self.say(220, "2.0.0 Ready to start TLS")
        await self.connection.start_tls(self.server.tls_context())
        self.user = ""
        self._forget()

    async def _authenticate(self, rest: str) -> None:
        words = rest.split()
        mechanism = words[0].upper() if words else ""
        if mechanism not in self.server.mechanisms:
            await self.say(504, "5.5.4 Unrecognized authentication type")
            return
        try:
            user = await self._who(mechanism, words[1] if len(words) > 1 else None)
        except (binascii.Error, UnicodeDecodeError):
            await self.say(501, "5.5.2 Cannot decode response")
            return
        if user is None:
            await self.say(535, "5.7.8 Error: authentication failed")
            return
        self.user = user.name
        await self.say(235, "2.7.0 Authentication successful")

    async def _who(self, mechanism: str, first: str | None) -> User | None:
        if mechanism == "LOGIN":
            name = await self._ask("Username:") if first is None else _decoded(first)
            password = await self._ask("Password:")
            return self._with_password(name, password)
        answer = await self._ask("") if first is None else _decoded(first)
        if mechanism == "PLAIN":
            parts = answer.split("\0")
            return self._with_password(parts[1], parts[2]) if len(parts) == 3 else None
        fields = dict(part.partition("=")[::2] for part in answer.split("\x01") if "=" in part)
        name = fields.get("user", "")
        if mechanism == "OAUTHBEARER":
            name = next((part[2:] for part in answer.split("\x01")[0].split(",") if part.startswith("a=")), "")
        user = self.server.users.get(name.lower())
        if user is not None and fields.get("auth", "").partition(" ")[2] in user.tokens:
            return user
        # The reason comes as a challenge that the client answers with an empty line, then the 535.
        await self._ask('{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}')
        return None

    def _with_password(self, name: str, password: str) -> User | None:
        user = self.server.users.get(name.lower())
        return user if user is not None and user.password == password else None

    async def _ask(self, prompt: str) -> str:
        await self.say(334, base64.b64encode(prompt.encode()).decode())
        line = await self.connection.read_line()
        return "" if line == b"*" else _decoded(line.decode())

    async def _mail(self, rest: str) -> None:
        match = _ADDRESS.match(rest)
        if match is None:
            await self.say(501, "5.5.4 Syntax: MAIL FROM:<address>")
            return
        if self.server.requires_auth and not self.user:
            await self.say(*AUTH_REQUIRED)
            return
        options = match[2].split()
        size = next((int(word[5:]) for word in options if word.upper().startswith("SIZE=")), 0)
        if self.server.max_bytes is not None and size > self.server.max_bytes:
            await self.say(552, "5.3.4 Message size exceeds fixed limit")
            return
        if not rest.isascii() and not ("SMTPUTF8" in self.server.extensions and "SMTPUTF8" in options):
            await self.say(553, "5.6.7 Non-ASCII address without SMTPUTF8")
            return
        self._forget()
        self.sender, self.options = match[1], options
        await self.say(250, "2.1.0 Ok")

    async def _recipient(self, rest: str) -> None:
        match = _ADDRESS.match(rest)
        if self.sender is None or match is None:
            await self.say(503, "5.5.1 Error: need MAIL command")
            return
        if not rest.isascii() and "SMTPUTF8" not in self.options:
            await self.say(553, "5.6.7 Non-ASCII address without SMTPUTF8")
            return
        refusal = self.server.refusals.get(match[1].lower())
        if refusal is not None and refusal.times > 0:
            refusal.times -= 1
            await self.say(refusal.code, refusal.text)
            return
        self.recipients.append(match[1])
        await self.say(250, "2.1.5 Ok")

    async def _data(self) -> None:
        if not self.recipients:
            await self.say(554, "5.5.1 Error: no valid recipients")
            return
        await self.say(354, "End data with <CR><LF>.<CR><LF>")
        self.raw = await self._read_body()
        await self._step("BODY", self._accept)
        self._forget()

    async def _accept(self) -> None:
        if self.server.max_bytes is not None and len(self.raw) > self.server.max_bytes:
            await self.say(552, "5.3.4 Message file too big")
            return
        await self.take()
        await self.say(250, f"2.0.0 Ok: queued as {len(self.server.accepted):08d}")

    async def _read_body(self) -> bytes:
        """Up to CRLF . CRLF exactly (a lone LF does not end a line, RFC 5321 section 4.1.1.4), dots unstuffed."""
        body, line = bytearray(), bytearray()
        while True:
            line += await self.connection.read_raw_line()
            if not line.endswith(b"\r\n"):
                continue
            if line == b".\r\n" and (not body or body.endswith(b"\r\n")):
                return bytes(body)
            body += line[1:] if line.startswith(b".") else line
            line.clear()

    def _forget(self) -> None:
        self.sender, self.recipients, self.options, self.raw = None, [], [], b""


@contextlib.asynccontextmanager
async def smtp_server() -> AsyncIterator[SmtpServer]:
    """A running server; when the block ends it is gone, with its connections."""
    server = SmtpServer()
    plain = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    encrypted = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=server.tls_context())
    server.port = plain.sockets[0].getsockname()[1]
    server.tls_port = encrypted.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        plain.close()
        encrypted.close()
        for connection in list(server.open):
            connection.reset()


def _decoded(word: str) -> str:
    return "" if word == "=" else base64.b64decode(word, validate=True).decode()
