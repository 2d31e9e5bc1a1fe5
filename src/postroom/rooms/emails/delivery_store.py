"""Queries for deliveries: the truth that every sending job points to.

A claim carries a fence. Whoever takes a claim over raises it, so that a sender thought dead cannot hand over a message
or write a result any more; only the certain news that a server has taken a message is always written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.rooms.emails.delivery import LONGEST_UNSETTLED, Aftermath, DeliveryState

_CLAIM = """
with next as (
  select organization_id, email_id from deliveries
  where organization_id = %(org)s and account_id = %(account)s and state = 'waiting' and not is_held
    and due_at <= %(now)s and priority <= %(least_urgent)s
  order by priority, due_at, email_id limit 1 for update skip locked
)
update deliveries d set state = 'sending', attempts = d.attempts + 1, fence = d.fence + 1, claimed_at = %(now)s,
  handed_over = false, message_date = coalesce(d.message_date, %(now)s)
from next where d.organization_id = next.organization_id and d.email_id = next.email_id
returning d.organization_id, d.email_id, d.account_id, d.fence, d.attempts, d.recipients, d.message_id,
  d.message_date, d.date_sent, d.bulk_email_id
"""
_SAVE = """
update deliveries set state = %(state)s, attempts = %(attempts)s, recipients = %(recipients)s, later = %(later)s,
  refused = refused || %(refused)s, log = log || %(entry)s, due_at = coalesce(%(due_at)s, due_at), error = %(error)s,
  date_sent = case when %(reached)s then coalesce(date_sent, %(now)s) else date_sent end,
  handed_over = %(unknown)s, lookups = 0, next_lookup_at = %(lookup_at)s
where organization_id = %(org)s and email_id = %(id)s and state in ('sending', 'unknown')
  and (fence = %(fence)s or %(reached)s)
"""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An email that is to go out. `priority` 0 is a person's, 2 bulk; `message_id` with angle brackets."""

    email_id: str
    account_id: str
    recipients: tuple[str, ...]
    message_id: str
    due_at: datetime
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """One try at one email, ours until the fence is raised. `date_sent`: when somebody got it by an earlier try."""

    organization_id: str
    email_id: str
    account_id: str
    fence: int
    attempts: int
    recipients: tuple[str, ...]
    message_id: str
    message_date: datetime
    date_sent: datetime | None
    bulk_email_id: str | None = None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A delivery of which nobody knows how it ended."""

    organization_id: str
    email_id: str
    fence: int
    attempts: int
    recipients: Sequence[str]
    later: Sequence[str]
    message_id: str
    claimed_at: datetime
    lookups: int
    date_sent: datetime | None


async def queue(tx: Transaction, organization_id: str, new: NewDelivery) -> str:
    """Put an email into the outbox; the Message-ID it will have.

    One that failed and is tried again unchanged keeps the id it had: should the first try have reached somebody after
    all, servers that know the id show it once.
    """
    row = await (
        await tx.execute(
            "insert into deliveries (organization_id, email_id, account_id, state, priority, due_at, message_id,"
            " recipients) values (%s, %s, %s, 'waiting', %s, %s, %s, %s)"
            " on conflict (organization_id, email_id) do update set account_id = excluded.account_id,"
            " state = 'waiting', due_at = excluded.due_at, recipients = excluded.recipients, later = '{}',"
            " attempts = 0, fence = deliveries.fence + 1, error = '', handed_over = false, lookups = 0,"
            " next_lookup_at = null where deliveries.state = 'failed' returning message_id",
            (
                organization_id, new.email_id, new.account_id, new.priority, new.due_at, new.message_id,
                list(new.recipients),
            ),
        )
    ).fetchone()  # fmt: skip
    assert row is not None, "the email is in the outbox already"
    return str(row[0])


async def take_back(tx: Transaction, organization_id: str, email_id: str) -> bool:
    """Take an email out of the outbox, unless somebody has begun to send it: then False. Nothing to take is True.

    It waits for a claim under way and then sees what that made of the row: of the two exactly one happens.
    """
    row = await (
        await tx.execute(
            "select state, date_sent is not null from deliveries where organization_id = %s and email_id = %s"
            " for update",
            (organization_id, email_id),
        )
    ).fetchone()
    if row is not None and (row[0] not in ("waiting", "failed") or row[1]):
        return False
    await tx.execute("delete from deliveries where organization_id = %s and email_id = %s", (organization_id, email_id))
    return True


async def lock_delivery(tx: Transaction, organization_id: str, email_id: str) -> DeliveryState | None:
    """Where a delivery stands, its row locked until the transaction ends; None where there is none."""
    row = await (
        await tx.execute(
            "select state from deliveries where organization_id = %s and email_id = %s for update",
            (organization_id, email_id),
        )
    ).fetchone()
    return DeliveryState(row[0]) if row else None


async def claim_next(
    tx: Transaction, organization_id: str, account_id: str, now: datetime, least_urgent: int = 2
) -> Claim | None:
    """Claim the account's most urgent email that is due, down to this priority; None when there is none."""
    values = {"org": organization_id, "account": account_id, "now": now, "least_urgent": least_urgent}
    row = await (await tx.execute(_CLAIM.encode(), values)).fetchone()
    if row is None:
        return None
    return Claim(row[0], row[1], row[2], row[3], row[4], tuple(row[5]), row[6], row[7], row[8], row[9])


async def hand_over(tx: Transaction, claim: Claim) -> bool:
    """From here on the server may be told of it. False where the claim has been taken over: then it must not be."""
    row = await tx.execute(
        "update deliveries set handed_over = true where organization_id = %s and email_id = %s and fence = %s"
        " and state = 'sending'",
        (claim.organization_id, claim.email_id, claim.fence),
    )
    return row.rowcount == 1


async def save_aftermath(
    tx: Transaction, claim: Claim | Unsettled, result: Aftermath, entry: Mapping[str, str], now: datetime
) -> bool:
    """Write down what a try came to, with its entry in the log. False where somebody else has decided meanwhile."""
    unknown = result.state is DeliveryState.UNKNOWN
    saved = await tx.execute(
        _SAVE.encode(),
        {
            "org": claim.organization_id,
            "id": claim.email_id,
            "fence": claim.fence,
            "state": result.state.value,
            "attempts": result.attempts,
            "recipients": list(result.recipients),
            "later": list(result.later),
            "refused": Jsonb([asdict(one) for one in result.refused]),
            "entry": Jsonb([dict(entry)]),
            "due_at": result.due_at,
            "error": result.error,
            "reached": result.reached,
            "unknown": unknown,
            "lookup_at": now if unknown else None,
            "now": now,
        },
    )
    return saved.rowcount == 1


async def set_claims_aside(tx: Transaction, organization_id: str, account_id: str, now: datetime) -> None:
    """Claims of a sender that is gone: what was not handed over waits again, of the rest nobody knows.

    Called by the only one who may send for the account now; a sender that lives on after all has lost its fence. An
    email over which senders die again and again waits longer each time, so that the others get past it.
    """
    await tx.execute(
        "update deliveries set fence = fence + 1,"
        " state = case when handed_over then 'unknown' else 'waiting' end,"
        " next_lookup_at = case when handed_over then %(now)s end,"
        " due_at = case when handed_over or attempts < 3 then due_at"
        " else %(now)s + attempts * interval '15 minutes' end"
        " where organization_id = %(org)s and account_id = %(account)s and state = 'sending'",
        {"org": organization_id, "account": account_id, "now": now},
    )


async def is_due(tx: Transaction, organization_id: str, account_id: str, now: datetime, least_urgent: int = 2) -> bool:
    """Whether the account has anything to send now, down to this priority."""
    row = await (
        await tx.execute(
            "select 1 from deliveries where organization_id = %s and account_id = %s and state = 'waiting'"
            " and not is_held and due_at <= %s and priority <= %s limit 1",
            (organization_id, account_id, now, least_urgent),
        )
    ).fetchone()
    return row is not None


async def note_why_waiting(
    tx: Transaction, organization_id: str, account_id: str, error: str, now: datetime
) -> list[tuple[str, str]]:
    """Why the account's mail stays in the outbox, on each that is due; answers (email, lead) where that is news."""
    rows = await (
        await tx.execute(
            "update deliveries d set error = %s from emails e where d.organization_id = %s and d.account_id = %s"
            " and d.state = 'waiting' and d.due_at <= %s and d.error <> %s"
            " and e.organization_id = d.organization_id and e.id = d.email_id returning d.email_id, e.lead_id",
            (error, organization_id, account_id, now, error),
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def fail_waiting(tx: Transaction, organization_id: str, account_id: str, error: str) -> list[str]:
    """The account will never send again: give up what waits for it; the emails concerned that nobody got."""
    rows = await (
        await tx.execute(
            "update deliveries set state = case when date_sent is null then 'failed' else 'sent' end, error = %s"
            " where organization_id = %s and account_id = %s and state = 'waiting' returning email_id, date_sent",
            (error, organization_id, account_id),
        )
    ).fetchall()
    return [row[0] for row in rows if row[1] is None]


async def lookups_due(tx: Transaction, organization_id: str, account_id: str, now: datetime) -> list[Unsettled]:
    """What must be looked for in the account's Sent folder now, the oldest first."""
    async with tx.cursor(row_factory=class_row(Unsettled)) as cursor:
        await cursor.execute(
            "select organization_id, email_id, fence, attempts, recipients, later, message_id, claimed_at, lookups,"
            " date_sent from deliveries where organization_id = %s and account_id = %s and state = 'unknown'"
            " and next_lookup_at <= %s order by claimed_at limit 100",
            (organization_id, account_id, now),
        )
        return await cursor.fetchall()


async def note_lookup(tx: Transaction, unsettled: Unsettled, next_at: datetime) -> None:
    """It was looked for and not found; look again then."""
    await tx.execute(
        "update deliveries set lookups = lookups + 1, next_lookup_at = %s"
        " where organization_id = %s and email_id = %s and state = 'unknown' and fence = %s",
        (next_at, unsettled.organization_id, unsettled.email_id, unsettled.fence),
    )


async def accounts_due(tx: Transaction, now: datetime, limit: int = 1000) -> list[tuple[str, str]]:
    """Of the whole installation: (organization, account) with mail that is due or was left in the middle.

    Accounts that cannot send now are left out, or the clock would ask them every second; the removed stand among
    those due, so that their mail is given up.
    """
    rows = await (
        await tx.execute(
            "select distinct d.organization_id, d.account_id from deliveries d"
            " join connected_accounts a on a.organization_id = d.organization_id and a.id = d.account_id"
            " where (d.state = 'waiting' and not d.is_held and d.due_at <= %(now)s"
            " or d.state = 'sending' and d.claimed_at <= %(stale)s)"
            " and (a.is_deleted or a.is_active and a.send_enabled and a.send_status = 'ok'"
            " and (a.send_retry_after is null or a.send_retry_after <= %(now)s)) limit %(limit)s",
            {"now": now, "stale": now - timedelta(minutes=1), "limit": limit},
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def accounts_to_settle(tx: Transaction, now: datetime, limit: int = 1000) -> list[tuple[str, str]]:
    """Of the whole installation: (organization, account) with mail that must be looked for in Sent now.

    Accounts whose mailbox cannot be opened now wait, but not for ever: then a person is asked.
    """
    rows = await (
        await tx.execute(
            "select distinct d.organization_id, d.account_id from deliveries d"
            " join connected_accounts a on a.organization_id = d.organization_id and a.id = d.account_id"
            " where d.state = 'unknown' and d.next_lookup_at <= %(now)s and (a.is_deleted or not a.is_active"
            " or a.imap_host = '' or d.claimed_at <= %(overdue)s or a.receive_status = 'ok'"
            " and (a.retry_after is null or a.retry_after <= %(now)s)) limit %(limit)s",
            {"now": now, "overdue": now - LONGEST_UNSETTLED, "limit": limit},
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]
