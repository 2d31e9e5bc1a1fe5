"""Queries that keep a lead's email counts and its moment of last activity."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.rowset import rowset


async def lock_leads(tx: Transaction, organization_id: str, lead_ids: Sequence[str]) -> set[str]:
    """Of these leads those that exist, locked in one order, so that two mailboxes never file on a lead at once."""
    rows = await (
        await tx.execute(
            "select id from leads where organization_id = %s and id = any(%s) order by id for no key update",
            (organization_id, sorted(set(lead_ids))),
        )
    ).fetchall()
    return {row[0] for row in rows}


async def note_emails(tx: Transaction, organization_id: str, emails: Mapping[str, tuple[int, datetime]]) -> None:
    """By lead: how many emails were added (or, negative, taken away), and when the newest of them happened."""
    rows = [{"l": lead_id, "n": count, "at": latest} for lead_id, (count, latest) in emails.items()]
    await tx.execute(
        "update leads set num_emails = num_emails + n, last_activity_at = greatest(last_activity_at, at)"
        " from json_to_recordset(%s) as x(l text, n integer, at timestamptz) where organization_id = %s and id = l",
        (rowset(rows), organization_id),
    )


async def note_activity(tx: Transaction, organization_id: str, lead_id: str, at: datetime) -> None:
    """That something else happened with the lead, and when."""
    await tx.execute(
        "update leads set last_activity_at = greatest(last_activity_at, %s) where organization_id = %s and id = %s",
        (at, organization_id, lead_id),
    )
