"""A desk that sends: a user with a mailbox on Dovecot, an SMTP server beside it, a lead to write to, and a clock."""

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any

from postroom.ground.errors import PostroomError
from postroom.journeys.send import create_email, deliver_due, file_sent_copies, settle_unknown, update_email
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.emails import delivery_store, sent_copy_store
from postroom.rooms.emails.email import EmailChange, EmailContent, EmailStatus, NewEmail, Timing
from tests.journeys.office import Office, plain
from tests.servers.dovecot import DovecotServer
from tests.servers.smtp import Accepted, SmtpServer, smtp_server

BOB, CARL, DORA = "bob@bolt.example", "carl@bolt.example", "dora@bolt.example"


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Desk:
    """Anna's desk. `tools` go by `clock`."""

    office: Office
    tools: Tools
    clock: Hands
    smtp: SmtpServer
    mail: DovecotServer
    user: str
    asker: Asker
    account_id: str
    lead_id: str

    @property
    def address(self) -> str:
        return f"{self.user}@acme.example"

    async def write(self, status: str = "outbox", timing: Timing = Timing(), **content: Any) -> str:
        """An email to Bob; its id."""
        given = {"sender": self.address, "to": (BOB,), "subject": "Offer", "body_text": "Dear Bob."} | content
        new = NewEmail(self.lead_id, EmailStatus(status), EmailContent(**given), timing)
        return await create_email(self.tools, self.asker, new)

    async def become(self, email_id: str, status: str, **change: Any) -> None:
        await update_email(self.tools, self.asker, email_id, EmailChange(status=EmailStatus(status), **change))

    async def deliver(self) -> PostroomError | None:
        """One DeliverDue; what kept the account from sending, if anything did."""
        try:
            await deliver_due(self.tools, self.office.organization_id, self.account_id)
        except PostroomError as error:
            return error
        return None

    async def file_copies(self) -> None:
        self.clock.forward(seconds=10)
        await file_sent_copies(self.tools, self.office.organization_id, self.account_id)

    async def settle(self) -> None:
        await settle_unknown(self.tools, self.office.organization_id, self.account_id)

    async def work_until_quiet(self, hours: float = 200) -> None:
        """What the clock and the worker would do, until nothing is due any more or a person must act."""
        end = self.clock.now + timedelta(hours=hours)
        while self.clock.now < end:
            if not await self._work_once():
                later = await self._next_due()
                if later is None:
                    return
                self.clock.now = later
        raise AssertionError("it never comes to rest")

    async def _work_once(self) -> bool:
        here = (self.office.organization_id, self.account_id)
        async with self.tools.db.transaction() as tx:
            due = here in await delivery_store.accounts_due(tx, self.clock.now)
            settle = here in await delivery_store.accounts_to_settle(tx, self.clock.now)
            copies = here in await sent_copy_store.accounts_to_file(tx, self.clock.now)
        if due:
            await self.deliver()
        if settle:
            await self.settle()
        if copies:
            await file_sent_copies(self.tools, *here)
        return due or settle or copies

    async def _next_due(self) -> datetime | None:
        rows = await self.office.rows(
            "select min(t) from (select due_at as t from deliveries where state = 'waiting'"
            " union all select next_lookup_at from deliveries where state = 'unknown'"
            " union all select claimed_at + interval '61 seconds' from deliveries where state = 'sending'"
            " union all select copy_due_at from deliveries where copy_state = 'wanted'"
            " union all select send_retry_after from connected_accounts"
            " union all select retry_after from connected_accounts) as due where t > %s",
            self.clock.now,
        )
        return rows[0][0] if rows else None

    async def email(self, email_id: str) -> dict[str, Any]:
        names = (
            "status", "thread_id", "message_key", "message_ids", "reference_ids", "date_sent", "sender", "account_id",
            "contact_id", "envelope", "has_reply", "body_preview",
        )  # fmt: skip
        rows = await self.office.rows(f"select {', '.join(names)} from emails where id = %s", email_id)
        return dict(zip(names, rows[0], strict=True))

    async def delivery(self, email_id: str) -> dict[str, Any]:
        names = ("state", "attempts", "recipients", "refused", "error", "log", "copy_state", "due_at", "later")
        rows = await self.office.rows(f"select {', '.join(names)} from deliveries where email_id = %s", email_id)
        return dict(zip(names, rows[0], strict=True)) if rows else {}

    async def account(self) -> dict[str, Any]:
        names = ("send_status", "send_error", "send_remedy", "receive_status", "send_retry_after")
        rows = await self.office.rows(
            f"select {', '.join(names)} from connected_accounts where id = %s", self.account_id
        )
        return dict(zip(names, rows[0], strict=True))

    async def set_account(self, **columns: Any) -> None:
        """As a form, or a clock, would have set it."""
        names = ", ".join(f"{name} = %s" for name in columns)
        async with self.tools.db.transaction() as tx:
            await tx.execute(
                f"update connected_accounts set {names} where id = %s".encode(), [*columns.values(), self.account_id]
            )

    def in_sent(self) -> list[Message]:
        """What lies in the Sent folder."""
        client = self.mail.client(self.user)
        client.select("Sent")
        _, found = client.uid("search", "ALL")
        uids = found[0].split()
        raws = [client.uid("fetch", uid.decode(), "(FLAGS BODY.PEEK[])")[1][0] for uid in uids]
        client.close()
        messages = []
        for head, raw in raws:
            messages.append(email.message_from_bytes(raw))
            messages[-1]["X-Flags"] = head.decode()
        return messages

    def provider_files_its_own(self) -> None:
        """From now on what the SMTP server takes appears in Sent by itself, as at Gmail."""

        one_at_a_time = asyncio.Lock()

        async def file(one: Accepted) -> None:
            async with one_at_a_time:
                await asyncio.to_thread(self.mail.deliver, self.user, "Sent", one.raw, ["\\Seen"])

        self.smtp.on_accepted = file


@asynccontextmanager
async def open_desk(office: Office, mail: DovecotServer, user: str) -> AsyncIterator[Desk]:
    """Anna, connected and ready, with a lead that has Bob, Carl and Dora."""
    async with smtp_server() as smtp:
        mail.add_user(user)
        smtp.user(user)
        clock = Hands()
        acting = await office.user(f"{user}@acme.example")
        account_id = await office.connect(acting, plain(mail.imap_port, user), "secret", plain(smtp.port, user))
        lead_id = await office.lead("Bolt", BOB, CARL, DORA)
        tools = replace(office.tools, clock=clock)
        yield Desk(office, tools, clock, smtp, mail, user, office.asker(acting), account_id, lead_id)
        for _ in range(200):  # the server takes a moment to notice that its clients have gone
            if not smtp.open:
                break
            await asyncio.sleep(0.005)
