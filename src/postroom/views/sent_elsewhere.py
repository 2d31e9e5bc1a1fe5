"""Mail that an account's user sent with other programs, as its Sent folder tells: providers count it too."""

from datetime import datetime, timedelta

from psycopg.rows import class_row

from postroom.ground.database import Transaction
from postroom.rooms.emails.send_log_store import SendLog
from postroom.rooms.mailbox.sightings import Verdict

NEWEST_UIDS = 10_000
"""Of a Sent folder; no provider lets an account send more in a day, and an older message is not among them."""

_COUNT = """
with elsewhere as (
  select s.date as at from folders f join sightings s on s.organization_id = f.organization_id and s.folder_id = f.id
    and s.uid > f.highest_uid - %(newest)s and s.date > %(day)s and s.date <= %(now)s
  where f.organization_id = %(org)s and f.account_id = %(account)s and f.role = 'sent' and not f.is_gone
    and s.verdict <> %(draft)s
    and not exists (select 1 from email_message_ids m join deliveries d on d.organization_id = m.organization_id
      and d.email_id = m.email_id where m.organization_id = f.organization_id and m.id_hash = s.message_id_hash)
)
select count(*) filter (where at > %(minute)s) as in_minute, min(at) filter (where at > %(minute)s) as oldest_in_minute,
  count(*) filter (where at > %(hour)s) as in_hour, min(at) filter (where at > %(hour)s) as oldest_in_hour,
  count(*) as in_day, min(at) as oldest_in_day
from elsewhere
"""


async def sent_elsewhere(tx: Transaction, organization_id: str, account_id: str, now: datetime) -> SendLog:
    """Messages in the account's Sent folder, by their dates, that did not go out from here."""
    async with tx.cursor(row_factory=class_row(SendLog)) as cursor:
        await cursor.execute(
            _COUNT,
            {
                "org": organization_id,
                "account": account_id,
                "now": now,
                "minute": now - timedelta(minutes=1),
                "hour": now - timedelta(hours=1),
                "day": now - timedelta(days=1),
                "newest": NEWEST_UIDS,
                "draft": Verdict.DRAFT.value,
            },
        )
        found = await cursor.fetchone()
    assert found is not None, "an aggregate always has a row"
    return found
