"""A mailbox on the scripted server, connected to an organization, and a clock that can be set."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from postroom.journeys import archive
from postroom.journeys.arrive import pull_history, pull_new
from postroom.journeys.audit import audit_account
from postroom.journeys.settle import settle_placements
from postroom.rooms.users.user import ActingUser
from tests.journeys.office import Office, letter, plain
from tests.servers.scripted_imap import Account, Folder, ScriptedImap

ANNA = "anna@acme.example"
BOB = "bob@bolt.example"


@dataclass
class Box:
    """Somebody's mailbox on the scripted server, connected."""

    office: Office
    server: ScriptedImap
    user: ActingUser
    account_id: str

    @property
    def account(self) -> Account:
        return self.server.account(self.user.email)

    def folder(self, name: str = "INBOX") -> Folder:
        return self.account.folder(name)

    @property
    def inbox(self) -> Folder:
        return self.folder()

    def deliver(self, *subjects: str, sender: str = BOB, folder: str = "INBOX", **headers: Any) -> None:
        """Letters of the contact to the owner."""
        for subject in subjects:
            self.folder(folder).deliver(letter(sender, self.user.email, subject, f"Words of {subject}.", **headers))

    def fill(self, count: int) -> None:
        """So many letters of the contact, the first the oldest."""
        for number in range(count):
            self.deliver(f"Offer {number}", days_ago=(count - number) / 100)

    async def pull(self) -> None:
        """Everything there is to pull now, new and old."""
        await self.pull_new()
        for _ in range(100):
            if not await self.rows(
                "select 1 from folders where account_id = %s and is_synced and selectable and not is_gone"
                " and last_pull_at is not null and lowest_uid > 1 and error = ''",
                self.account_id,
            ):
                return
            await self.pull_history()
            if await self.rows("delete from procrastinate_jobs where task_name = 'pull_new' returning 1"):
                await self.pull_new()
        raise AssertionError("history never ends")

    async def pull_new(self) -> None:
        await pull_new(self.office.tools, self.office.organization_id, self.account_id)

    async def pull_history(self) -> None:
        await pull_history(self.office.tools, self.office.organization_id, self.account_id)

    async def settle(self) -> None:
        await settle_placements(self.office.tools, self.office.organization_id, self.account_id)

    async def done(self, *item_ids: str) -> None:
        """The owner presses Done; by default on everything that waits."""
        items = item_ids or tuple(await self.waiting())
        await archive.mark_done(self.office.tools, self.office.asker(self.user), items)

    async def waiting(self) -> list[str]:
        """Open Inbox items of the owner."""
        rows = await self.rows(
            "select id from inbox_items where not is_done and account_id = %s order by id", self.account_id
        )
        return [row[0] for row in rows]

    async def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return await self.office.rows(query, *values)

    async def one(self, query: str, *values: Any) -> Any:
        """The one value that the query answers."""
        ((value,),) = await self.rows(query, *values)
        return value

    async def subjects(self) -> list[str]:
        """Subjects of all emails, by date of writing."""
        return [row[0] for row in await self.rows("select subject from emails order by activity_at, subject")]

    async def verdicts(self, folder: str = "INBOX") -> dict[int, int]:
        """The ledger of one folder."""
        return (await self.office.ledger(self.account_id)).get(folder, {})

    async def forget_list(self) -> None:
        """As if the folders were listed long ago."""
        async with self.office.tools.db.transaction() as tx:
            await tx.execute("update connected_accounts set folders_read_at = null")

    async def adds_up(self) -> bool:
        """Whether every folder's ledger equals its server's, UID by UID."""
        audits = await audit_account(self.office.tools, self.office.organization_id, self.account_id)
        return all(audit.adds_up and not any(audit.differences.values()) for audit in audits)

    async def doubles(self) -> list[tuple[Any, ...]]:
        """Emails that stand twice on one lead."""
        return await self.rows("select subject from emails group by lead_id, subject, activity_at having count(*) > 1")


async def connected(office: Office, server: ScriptedImap, email: str = ANNA, **settings: Any) -> Box:
    """A user of this address with a mailbox on the server."""
    user = office.users.get(email) or await office.user(email)
    server.account(email)
    account_id = await office.connect(user, plain(server.port, email), "secret", **settings)
    return Box(office, server, user, account_id)


class SetClock:
    """The time as the test says: real at first, moved by `pass_by`."""

    def __init__(self) -> None:
        self.moved = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.moved

    def pass_by(self, **time: float) -> None:
        self.moved += timedelta(**time)


def with_clock(office: Office) -> SetClock:
    """Have the office live by a clock that can be set."""
    clock = SetClock()
    office.tools = replace(office.tools, clock=clock)
    return clock
