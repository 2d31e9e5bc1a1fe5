"""The server itself: its accounts, its faults, its log, and the two ports it listens on."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from tests.servers.certificates import Certificates
from tests.servers.scripted_imap import verbs
from tests.servers.scripted_imap.account import Account, new_account, new_gmail_account
from tests.servers.scripted_imap.capabilities import FULL, Flavour
from tests.servers.scripted_imap.command import Command, CommandLog
from tests.servers.scripted_imap.connection import Connection
from tests.servers.scripted_imap.faults import Faults
from tests.servers.scripted_imap.folder import Folder
from tests.servers.scripted_imap.folder_sets import FolderSet
from tests.servers.scripted_imap.lines import Lines
from tests.servers.scripted_imap.message import Message
from tests.servers.scripted_imap.session import Session
from tests.servers.shared_certificates import shared_certificates


class ScriptedImap:
    """A server on 127.0.0.1: `port` is plain with STARTTLS, `tls_port` is TLS from the start.

    `capabilities` after login can be switched with `offer` and `withhold` at any time; open sessions see it at once.
    """

    def __init__(self, flavour: Flavour) -> None:
        self.flavour = flavour
        self.before_login = list(flavour.before_login)
        self.after_login = list(flavour.after_login)
        self.accounts: dict[str, Account] = {}
        self.faults = Faults()
        self.log = CommandLog()
        self.host = "127.0.0.1"
        self.port = 0
        self.tls_port = 0
        self.offers_starttls = True
        self.requires_tls = False
        self.connections_per_user: int | None = None
        self.connections_opened = 0
        self.sessions: set[Session] = set()
        self._certificates: Certificates | None = None

    def account(self, name: str, password: str = "secret", folders: FolderSet | None = None) -> Account:
        """The account of this name; made with the flavour's folders at the first call."""
        if name.lower() not in self.accounts:
            chosen = folders or self.flavour.folders
            made = (
                new_gmail_account(name, password, chosen)
                if self.flavour.is_gmail
                else new_account(name, password, chosen, self.flavour.separator)
            )
            self.accounts[name.lower()] = made
        return self.accounts[name.lower()]

    def offer(self, *names: str) -> None:
        """Advertise and obey these capabilities, before and after login alike where it makes sense."""
        for name in names:
            lists = [self.before_login] if name.startswith(("AUTH=", "SASL-IR")) else [self.after_login]
            for words in lists:
                if name not in words:
                    words.append(name)

    def withhold(self, *names: str) -> None:
        """Neither advertise nor obey these capabilities."""
        if "STARTTLS" in names:
            self.offers_starttls = False
        self.before_login = [name for name in self.before_login if name not in names]
        self.after_login = [name for name in self.after_login if name not in names]

    def file_sent(self, raw: bytes, user: str) -> int | None:
        """Mail was sent by SMTP and the provider files a copy by itself, as Gmail does."""
        return self.accounts[user.lower()].file_sent(raw)

    @property
    def ca_file(self) -> Path:
        """The authority a client must trust to accept this server for `localhost` and 127.0.0.1."""
        return self._own_certificates().ca_file

    def serve_certificate(self, certificates: Certificates) -> None:
        """Show another certificate from the next handshake on STARTTLS; `tls_port` keeps the first."""
        self._certificates = certificates

    def tls_context(self) -> ssl.SSLContext:
        made = self._own_certificates()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made.certificate_file, made.key_file)
        return context

    def drop_all(self) -> None:
        """Reset every open connection, as a restarted server would."""
        for session in list(self.sessions):
            session.connection.reset()

    def perform(self, session: Session, command: Command) -> Lines:
        return verbs.perform(session, command)

    def set_flags(self, session: Session, folder: Folder, uid: int, flags: set[str], how: str) -> None:
        """A client's STORE; in Gmail the flags are of the message and \\Deleted removes the label at once."""
        gmail = session.account.gmail if session.account else None
        mail = gmail.mail_at(folder, uid) if gmail else None
        if gmail is None or mail is None:
            folder.set_flags([uid], flags, how)
            return
        if "\\Deleted" in flags and how != "-":
            gmail.remove_from(folder, uid)
            return
        changed = {"+": mail.flags | flags, "-": mail.flags - flags, "=": flags}[how]
        gmail.reflag(mail, changed)

    def mark_read(self, session: Session, folder: Folder, message: Message) -> None:
        """A FETCH without PEEK (RFC 3501 section 6.4.5)."""
        self.set_flags(session, folder, message.uid, {"\\Seen"}, "+")

    def remove(self, session: Session, folder: Folder, uids: Iterable[int]) -> None:
        """A client's EXPUNGE or the second half of its MOVE."""
        gmail = session.account.gmail if session.account else None
        if gmail is None:
            folder.expunge(*uids)
            return
        for uid in list(uids):
            gmail.remove_from(folder, uid)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from greeting to end."""
        self.connections_opened += 1
        session = Session(self, Connection(reader, writer), self.connections_opened)
        self.sessions.add(session)
        try:
            await session.run()
        finally:
            self.sessions.discard(session)

    def _own_certificates(self) -> Certificates:
        if self._certificates is None:
            self._certificates = shared_certificates()
        return self._certificates


@contextlib.asynccontextmanager
async def scripted_imap(flavour: Flavour = FULL) -> AsyncIterator[ScriptedImap]:
    """A running server; when the block ends it is gone, with all its connections."""
    server = ScriptedImap(flavour)
    plain = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=1 << 20)
    encrypted = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=1 << 20, ssl=server.tls_context())
    server.port = plain.sockets[0].getsockname()[1]
    server.tls_port = encrypted.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        plain.close()
        encrypted.close()
        server.drop_all()
        for _ in range(500):
            if not server.sessions:
                break
            await asyncio.sleep(0.01)
