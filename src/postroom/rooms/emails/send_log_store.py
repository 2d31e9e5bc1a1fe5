"""The log of what was sent: counted for the limits of providers. It is the deliveries themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from postroom.ground.database import Transaction

_COUNT = """
select count(*) filter (where claimed_at > %(minute)s) as in_minute,
  min(claimed_at) filter (where claimed_at > %(minute)s) as oldest_in_minute,
  count(*) filter (where claimed_at > %(hour)s) as in_hour,
  min(claimed_at) filter (where claimed_at > %(hour)s) as oldest_in_hour,
  count(*) as in_day, min(claimed_at) as oldest_in_day
from deliveries where organization_id = %(org)s and account_id = %(account)s and claimed_at > %(day)s
  and state in ('sending', 'unknown', 'sent')
"""


@dataclass(frozen=True, slots=True)
class SendLog:
    """Emails given to the server in the last minute, hour and 24 hours, and when the oldest of each went."""

    in_minute: int
    oldest_in_minute: datetime | None
    in_hour: int
    oldest_in_hour: datetime | None
    in_day: int
    oldest_in_day: datetime | None


async def sent_to_domains(
    tx: Transaction, organization_id: str, account_id: str, since: datetime
) -> list[tuple[str, int, datetime]]:
    """By whose server it was for, how much bulk email an account has sent since then, and when the first of it went."""
    rows = await (
        await tx.execute(
            "select domain, count(*), min(claimed_at) from deliveries where organization_id = %s and account_id = %s"
            " and claimed_at > %s and domain <> '' and state in ('sending', 'unknown', 'sent') group by domain",
            (organization_id, account_id, since),
        )
    ).fetchall()
    return [(row[0], row[1], row[2]) for row in rows]


async def send_log(tx: Transaction, organization_id: str, account_id: str, now: datetime) -> SendLog:
    """What an account has sent, or may have."""
    async with tx.cursor(row_factory=class_row(SendLog)) as cursor:
        await cursor.execute(
            _COUNT,
            {
                "org": organization_id,
                "account": account_id,
                "minute": now - timedelta(minutes=1),
                "hour": now - timedelta(hours=1),
                "day": now - timedelta(days=1),
            },
        )
        found = await cursor.fetchone()
    assert found is not None, "an aggregate always has a row"
    return found
