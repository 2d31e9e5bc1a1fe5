"""Mailboxes on real servers for the contract tests: Dovecot always, Cyrus and Courier where they are asked for."""

import contextlib
import imaplib
import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from postroom.wire.imap.folders import list_folders
from postroom.wire.imap.session import Session, open_session
from postroom.wire.imap.types import Encryption, Folder, FolderRole, ImapSettings, Password
from tests.servers.courier import courier
from tests.servers.cyrus import cyrus
from tests.servers.debian_packages import Unobtainable, default_cache
from tests.servers.dovecot import DovecotServer, dovecot, installed
from tests.servers.real_server import real_servers_wanted

EVERYTHING_OPTIONAL = frozenset({
    "CONDSTORE", "QRESYNC", "ENABLE", "ESEARCH", "UIDPLUS", "MOVE", "LITERAL+", "LITERAL-", "IDLE", "SASL-IR",
    "NAMESPACE", "SPECIAL-USE", "XLIST", "LIST-EXTENDED", "ID", "AUTH=PLAIN", "COMPRESS=DEFLATE", "UTF8=ACCEPT",
})  # fmt: skip
KINDS = {
    "all": frozenset[str](),
    "no-qresync": frozenset({"QRESYNC"}),
    "bare": EVERYTHING_OPTIONAL,
}
WANTED = ("dovecot", "cyrus", "courier") if real_servers_wanted() else ("dovecot",)
_numbers = itertools.count(1)


@dataclass
class Mailbox:
    """A fresh user on a real server; `deliver` is another mail program's work."""

    server: Any
    user: str
    disregard: frozenset[str]
    _other: list[imaplib.IMAP4] = field(default_factory=list)

    def settings(
        self, encryption: Encryption = Encryption.NONE, disregard: frozenset[str] | None = None
    ) -> ImapSettings:
        port = self.server.imaps_port if encryption is Encryption.TLS else self.server.imap_port
        return ImapSettings(
            host="localhost",
            port=port,
            encryption=encryption,
            user=self.user,
            secret=Password("secret"),
            trusted_ca=self.server.ca_file,
            disregard=self.disregard if disregard is None else disregard,
        )

    @contextlib.asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        async with await open_session(self.settings()) as session:
            yield session

    def other(self) -> imaplib.IMAP4:
        """Another mail program, logged in to the same mailbox."""
        if not self._other:
            client = imaplib.IMAP4("127.0.0.1", self.server.imap_port, timeout=60)
            client.login(self.user, "secret")
            self._other.append(client)
        return self._other[0]

    def deliver(self, raw: bytes, folder: str = "INBOX", flags: str = "") -> None:
        status, answer = self.other().append(f'"{folder}"', flags, None, raw)  # type: ignore[arg-type]
        assert status == "OK", answer

    def elsewhere(self, folder: str, *commands: tuple[str, ...]) -> list[Any]:
        """UID commands of another mail program in a folder."""
        other = self.other()
        assert other.select(f'"{folder}"')[0] == "OK"
        answers = []
        for command in commands:
            status, answer = other.uid(*command) if command[0] != "EXPUNGE" else other.expunge()
            assert status == "OK", answer
            answers.append(answer)
        other.close() if "UNSELECT" not in other.capabilities else other.unselect()
        return answers

    def end(self) -> None:
        for client in self._other:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.shutdown()


@pytest.fixture(scope="session")
def dovecot_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DovecotServer]:
    if not installed():
        pytest.skip("Dovecot is not installed (make setup installs it)")
    with dovecot(tmp_path_factory.mktemp("dovecot")) as server:
        yield server


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The servers of the contract tests, each started when first asked for."""
    with contextlib.ExitStack() as running:
        yield _Servers(running, tmp_path_factory.mktemp("servers"))


class _Servers(dict[str, Any]):
    def __init__(self, running: contextlib.ExitStack, folder: Path) -> None:
        super().__init__()
        self._running, self._folder = running, folder

    def __missing__(self, name: str) -> Any:
        if name == "dovecot" and not installed():
            pytest.skip("Dovecot is not installed (make setup installs it)")
        openers: dict[str, Any] = {
            "dovecot": lambda: dovecot(self._folder),
            "cyrus": lambda: cyrus(default_cache()),
            "courier": lambda: courier(default_cache()),
        }
        try:
            self[name] = self._running.enter_context(openers[name]())
        except Unobtainable as reason:
            pytest.skip(str(reason))
        return self[name]


@pytest.fixture(params=[(name, kind) for name in WANTED for kind in KINDS], ids="-".join)
def mailbox(request: pytest.FixtureRequest, servers: dict[str, Any]) -> Iterator[Mailbox]:
    """A fresh mailbox on each server, with all it offers, without QRESYNC, and with nothing optional."""
    name, kind = request.param
    server = servers[name]
    user = f"user{next(_numbers)}"
    server.add_user(user)
    made = Mailbox(server, user, KINDS[kind])
    yield made
    made.end()


@pytest.fixture
def ada(servers: dict[str, Any]) -> Iterator[Mailbox]:
    """A fresh mailbox on Dovecot, with all it offers."""
    user = f"user{next(_numbers)}"
    servers["dovecot"].add_user(user)
    made = Mailbox(servers["dovecot"], user, frozenset())
    yield made
    made.end()


async def folder_of(session: Session, role: FolderRole) -> Folder:
    """The folder with a role."""
    return next(folder for folder in await list_folders(session) if folder.role is role)


def mail(number: int, size: int = 0) -> bytes:
    """A message that can be told from others."""
    head = (
        f"From: Ann <ann{number}@example.org>\r\nTo: us@example.com\r\nSubject: Number {number}\r\n"
        f"Message-ID: <number-{number}@example.org>\r\nDate: Mon, 1 Jan 2024 10:00:00 +0000\r\n\r\n"
    )
    body = f"Hello {number}\r\n"
    return (head + body + "x" * max(0, size - len(head) - len(body) - 2)).encode() + b"\r\n"
