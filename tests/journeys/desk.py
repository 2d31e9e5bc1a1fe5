"""Somebody's mailbox on Dovecot, connected."""

import imaplib
from uuid import uuid4

from postroom.journeys.audit import audit_account
from postroom.rooms.users.user import ActingUser
from tests.journeys.office import Office
from tests.servers.dovecot import DovecotServer


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
