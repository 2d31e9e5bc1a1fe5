"""Who sees a thread: who holds it, with whom it is shared, what its accounts show; and who has opened its emails."""

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.views.selection import as_date, rows_of


class PrivacyCard(msgspec.Struct, frozen=True):
    """Who sees a thread. `coworkers_see`: everything, metadata or nothing; of emails that differ, the most open.

    `holder_ids`: users whose mailboxes hold it. `reader_ids`: with whom it is shared while it is private.
    """

    is_private: bool
    coworkers_see: str
    holder_ids: list[str]
    reader_ids: list[str]
    may_change: bool


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


async def thread_privacy_card(tx: Transaction, organization_id: str, thread_id: str, user_id: str) -> PrivacyCard:
    """Who sees it, as this user is told. Raises NotFound for a thread that the viewer does not see."""
    cursor = rows_of(tx, PrivacyCard)
    await cursor.execute(
        "select t.is_private, e.level, e.users, case when %(user)s = any(e.users) then t.shared_with else '{}' end,"
        " %(user)s = any(e.users) from email_threads t"
        " join seen_threads s on s.organization_id = t.organization_id and s.id = t.id"
        " cross join lateral (select coalesce((array_agg(m.coworkers_see order by array_position("
        " array['everything', 'metadata', 'nothing'], m.coworkers_see)))[1], 'everything') as level,"
        " array(select distinct unnest(u.users) from seen_emails u where u.organization_id = t.organization_id"
        " and u.thread_id = t.id order by 1) as users from seen_emails m"
        " where m.organization_id = t.organization_id and m.thread_id = t.id) e"
        " where t.organization_id = %(org)s and t.id = %(thread)s",
        {"org": organization_id, "thread": thread_id, "user": user_id},
    )
    card = await cursor.fetchone()
    if card is None:
        raise NotFound("There is no such email thread.")
    return card
