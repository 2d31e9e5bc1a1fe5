"""The office of every journey's test."""

import imaplib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from postroom.journeys.audit import audit_account
from postroom.rooms.users.user import ActingUser
from tests.journeys.office import Office, open_office, plain
from tests.servers.dovecot import PASSWORD, DovecotServer, dovecot, installed


class Desk:
    """Somebody's mailbox on Dovecot, connected."""

    def __init__(self, office: Office, server: DovecotServer, user: ActingUser) -> None:
        self.office, self.server, self.user = office, server, user
        self.name = f"{user.first_name.lower()}-{uuid4().hex[:8]}"
        self.account_id = ""

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        self.server.deliver(self.name, folder, raw)

    def client(self) -> imaplib.IMAP4:
        """Another mail program."""
        return self.server.client(self.name)

    def uids(self, folder: str) -> int:
        """How many messages lie in a folder."""
        return int(self.client().select(f'"{folder}"')[1][0] or 0)

    def renumber(self, folder: str) -> None:
        """Have the folder get a new UIDVALIDITY: all its messages into one that takes its name."""
        self.server.doveadm("mailbox", "update", "--uid-validity", "77777777", "-u", self.name, folder)

    async def pull(self) -> None:
        await self.office.pull(self.account_id)

    async def adds_up(self) -> bool:
        audits = await audit_account(self.office.tools, self.office.organization_id, self.account_id)
        return all(audit.adds_up and not any(audit.differences.values()) for audit in audits)


async def _desk(office: Office, server: DovecotServer, email: str) -> Desk:
    desk = Desk(office, server, await office.user(email))
    server.add_user(desk.name)
    desk.account_id = await office.connect(desk.user, plain(server.imap_port, desk.name), PASSWORD)
    return desk


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> Desk:
    """Anna's."""
    return await _desk(office, mail_server, "anna@acme.example")


@pytest.fixture
async def second_desk(office: Office, mail_server: DovecotServer) -> Desk:
    """Ben's, a coworker of Anna."""
    return await _desk(office, mail_server, "ben@acme.example")


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(database_url, tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DovecotServer]:
    """One Dovecot for a worker's tests; every test uses users of its own."""
    if not installed():
        pytest.fail("Dovecot is missing: `make test` installs dovecot-imapd and dovecot-lmtpd.")
    with dovecot(tmp_path_factory.mktemp("dovecot")) as server:
        yield server
