"""An organization at work: tools on a fresh database, users with mailboxes, leads with contacts, and what they hold."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from postroom.doors.wiring import open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.journeys.arrive import pull_history, pull_new
from postroom.journeys.backfill import address_added, backfill
from postroom.journeys.set_up import found
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.access import Asker
from postroom.rooms.accounts.account import AccountSettings, Encryption, ServerLogin, Side, secret_context
from postroom.rooms.accounts.store import AccountToAdd
from postroom.rooms.leads import store as lead_store
from postroom.rooms.leads.lead import ContactContent, ContactEmail, LeadContent, NewLead, Stamp
from postroom.rooms.users import store as user_store
from postroom.rooms.users.user import ActingUser, NewUser, Role

UNUSABLE = "!"
"""No password fits it; who has it counts as somebody who has signed in."""

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@dataclass
class Office:
    """Postroom's tools and one organization."""

    tools: Tools
    organization_id: str
    admin: ActingUser
    users: dict[str, ActingUser] = field(default_factory=dict)

    async def user(self, email: str, role: Role = Role.USER) -> ActingUser:
        async with self.tools.db.transaction() as tx:
            new = NewUser(email, email.split("@", maxsplit=1)[0].title(), "Test", UNUSABLE, role)
            made = await user_store.insert_user(tx, self.organization_id, new, self.tools.clock())
        self.users[email] = made
        return made

    async def connect(
        self, user: ActingUser, imap: ServerLogin, password: str, smtp: ServerLogin | None = None, **settings: Any
    ) -> str:
        """A connected account for the user's own address, as it is after the form was saved."""
        email = settings.pop("email", user.email)
        new = AccountToAdd(user.id, "custom_email", "custom", email, AccountSettings(**settings))
        async with self.tools.db.transaction() as tx:
            now = self.tools.clock()
            account_id = await account_store.add(tx, self.organization_id, new, now)
            account = await account_store.get(tx, self.organization_id, account_id)
            for side, login in ((Side.RECEIVE, imap), (Side.SEND, smtp)):
                if login is None:
                    continue
                await account_store.save_login(tx, account, side, login, now)
                context = secret_context(self.organization_id, account_id, side)
                sealed = self.tools.vault.seal(password.encode(), context)
                await account_store.save_secret(tx, self.organization_id, account_id, side, sealed)
        return account_id

    async def lead(self, name: str, *addresses: str) -> str:
        """A lead with one contact for each address; their past mail is asked for."""
        contacts = tuple(ContactContent(name=a.split("@")[0].title(), emails=(ContactEmail(a),)) for a in addresses)
        async with self.tools.db.transaction() as tx:
            stamp = Stamp(self.admin.id, self.tools.clock())
            new = NewLead(LeadContent(name=name), contacts)
            lead_id, keys = await lead_store.insert_lead(tx, self.organization_id, new, stamp)
            await address_added(self.tools, tx, self.organization_id, keys)
        return lead_id

    async def pull(self, account_id: str) -> None:
        """Everything that there is to pull, new and old."""
        await pull_new(self.tools, self.organization_id, account_id)
        for _ in range(1000):
            if not await self.rows(
                "select 1 from folders where account_id = %s and is_synced and selectable and not is_gone"
                " and last_pull_at is not null and lowest_uid > 1",
                account_id,
            ):
                return
            await pull_history(self.tools, self.organization_id, account_id)
        raise AssertionError("history never ends")

    async def backfill(self, account_id: str) -> None:
        await backfill(self.tools, self.organization_id, account_id)

    def asker(self, user: ActingUser) -> Asker:
        return Asker(self.organization_id, user.id, user.role.value)

    async def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        async with self.tools.db.transaction() as tx:
            return await (await tx.execute(query, values)).fetchall()

    async def subjects(self, lead_id: str) -> list[str]:
        """Subjects of the lead's emails, oldest first."""
        rows = await self.rows("select subject from emails where lead_id = %s order by activity_at, subject", lead_id)
        return [row[0] for row in rows]

    async def ledger(self, account_id: str) -> dict[str, dict[int, int]]:
        """Sightings by folder and verdict."""
        found: dict[str, dict[int, int]] = {}
        for name, verdict, count in await self.rows(
            "select f.name, s.verdict, count(*) from sightings s join folders f on f.id = s.folder_id"
            " where f.account_id = %s group by 1, 2",
            account_id,
        ):
            found.setdefault(name, {})[verdict] = count
        return found


@asynccontextmanager
async def open_office(database_url: str, folder: Path) -> AsyncIterator[Office]:
    """A fresh organization `Acme` with an admin, whose mail servers are on loopback."""
    config = Config(data_folder=folder, blob_folder=folder / "blobs", allow_networks=LOOPBACK_NETWORKS)
    async with open_tools(config, database_url) as tools:
        async with tools.db.transaction() as tx:
            admin = await found(
                tx, "Acme", NewUser("admin@acme.example", "Ada", "Min", UNUSABLE, Role.ADMIN), tools.clock()
            )
        yield Office(tools, admin.organization_id, admin)


def plain(port: int, user: str) -> ServerLogin:
    """A login on loopback without encryption."""
    return ServerLogin("127.0.0.1", port, Encryption.NONE, user)


def letter(
    sender: str,
    to: str,
    subject: str,
    text: str = "Hello.",
    *,
    message_id: str | None = None,
    days_ago: float = 0,
    **headers: str,
) -> bytes:
    """An email's bytes. Headers by keyword: `in_reply_to="<…>"` becomes In-Reply-To."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(datetime.now(UTC) - timedelta(days=days_ago))
    if message_id != "":
        message["Message-ID"] = (
            message_id or f"<{abs(hash((sender, to, subject, text)))}@{sender.rsplit('@', maxsplit=1)[-1]}>"
        )
    for name, value in headers.items():
        message[name.replace("_", "-").title()] = value
    message.set_content(text)
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
