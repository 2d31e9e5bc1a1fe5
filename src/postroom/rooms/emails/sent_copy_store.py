"""Queries for the copies of sent emails that are to lie in the account's Sent folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from postroom.ground.database import Transaction
from postroom.rooms.emails.delivery import CopyState


@dataclass(frozen=True, slots=True)
class CopyToFile:
    """A sent email whose copy is to be filed. `raw_ref`: its bytes, with Bcc."""

    organization_id: str
    email_id: str
    message_id: str
    raw_ref: str
    date_sent: datetime
    copy_attempts: int


async def ask_for_copy(
    tx: Transaction, organization_id: str, email_id: str, state: CopyState, due_at: datetime | None
) -> None:
    """Settle once what is to become of the copy of an email that was just sent."""
    await tx.execute(
        "update deliveries set copy_state = %s, copy_due_at = %s"
        " where organization_id = %s and email_id = %s and copy_state = 'none'",
        (state.value, due_at, organization_id, email_id),
    )


async def copies_due(tx: Transaction, organization_id: str, account_id: str, now: datetime) -> list[CopyToFile]:
    """Copies to be filed now, the oldest first."""
    async with tx.cursor(row_factory=class_row(CopyToFile)) as cursor:
        await cursor.execute(
            "select d.organization_id, d.email_id, d.message_id, m.raw_ref, d.date_sent, d.copy_attempts"
            " from deliveries d"
            " join emails e on e.organization_id = d.organization_id and e.id = d.email_id"
            " join messages m on m.organization_id = e.organization_id and m.id = e.message_key"
            " where d.organization_id = %s and d.account_id = %s and d.copy_state = 'wanted' and d.copy_due_at <= %s"
            " order by d.date_sent limit 100",
            (organization_id, account_id, now),
        )
        return await cursor.fetchall()


async def note_copy(tx: Transaction, organization_id: str, email_id: str, state: CopyState) -> None:
    """The copy lies in Sent, by our doing or the provider's; or it has been given up (NONE)."""
    await tx.execute(
        "update deliveries set copy_state = %s, copy_due_at = null where organization_id = %s and email_id = %s",
        (state.value, organization_id, email_id),
    )


async def put_off_copies(tx: Transaction, organization_id: str, email_ids: Sequence[str], due_at: datetime) -> None:
    """The copies could not be filed now."""
    await tx.execute(
        "update deliveries set copy_attempts = copy_attempts + 1, copy_due_at = %s"
        " where organization_id = %s and email_id = any(%s) and copy_state = 'wanted'",
        (due_at, organization_id, list(email_ids)),
    )


async def has_filed(tx: Transaction, organization_id: str, account_id: str) -> bool:
    """Whether a copy was ever filed for the account, and so its provider files none by itself."""
    row = await (
        await tx.execute(
            "select 1 from deliveries where organization_id = %s and account_id = %s and copy_state = 'filed' limit 1",
            (organization_id, account_id),
        )
    ).fetchone()
    return row is not None


async def accounts_to_file(tx: Transaction, now: datetime, limit: int = 1000) -> list[tuple[str, str]]:
    """Of the whole installation: (organization, account) with copies that are to be filed and can be now."""
    rows = await (
        await tx.execute(
            "select distinct d.organization_id, d.account_id from deliveries d"
            " join connected_accounts a on a.organization_id = d.organization_id and a.id = d.account_id"
            " where d.copy_state = 'wanted' and d.copy_due_at <= %(now)s and a.is_active and a.receive_status = 'ok'"
            " and (a.retry_after is null or a.retry_after <= %(now)s) limit %(limit)s",
            {"now": now, "limit": limit},
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]
