"""Who of the coworkers has opened the emails of a thread without holding them in a mailbox of their own."""

import msgspec

from postroom.ground.database import Transaction
from postroom.views.selection import as_date, rows_of


class ReaderCard(msgspec.Struct, frozen=True):
    """A coworker, and when they first opened something of it."""

    user_id: str
    user_name: str
    emails: int
    date: str


async def readers_of_thread(tx: Transaction, organization_id: str, thread_id: str) -> list[ReaderCard]:
    """The first reader first. Of a thread that the viewer does not see, nobody."""
    cursor = rows_of(tx, ReaderCard)
    await cursor.execute(
        "select r.user_id, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email, ''), count(*),"
        f" {as_date('min(r.date_created)')} from email_readings r"
        " join seen_emails e on e.organization_id = r.organization_id and e.id = r.email_id"
        " left join users u on u.organization_id = r.organization_id and u.id = r.user_id"
        " where r.organization_id = %s and e.thread_id = %s group by 1, 2 order by min(r.date_created)",
        (organization_id, thread_id),
    )
    return await cursor.fetchall()
