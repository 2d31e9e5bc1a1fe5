"""Queries that keep what a lead says of its emails, how many and when the first and newest were, and its last activity.

Searches ask every lead for these; they are written in the transaction that changes the emails.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.rowset import rowset


def _edge(extreme: str, status: str) -> str:
    """One look at an end of an index (emails_by_lead_status)."""
    return (
        f"(select {extreme}(e.activity_at) from emails e where e.organization_id = leads.organization_id"
        f" and e.lead_id = leads.id and e.status = '{status}')"
    )


MAIL_DATES = (
    f"first_incoming_at = {_edge('min', 'inbox')}, last_incoming_at = {_edge('max', 'inbox')},"
    f" first_outgoing_at = {_edge('min', 'sent')}, last_outgoing_at = {_edge('max', 'sent')}"
)
"""What an UPDATE of leads sets after their emails have changed."""


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
    """By lead: how many emails were added (or, negative, taken away), and when the newest of them happened.

    It comes after the emails themselves are written, also where none is added but one was sent.
    """
    rows = [{"l": lead_id, "n": count, "at": latest} for lead_id, (count, latest) in emails.items()]
    await tx.execute(
        "update leads set num_emails = num_emails + n, last_activity_at = greatest(last_activity_at, at),"
        f" {MAIL_DATES}"
        " from json_to_recordset(%s) as x(l text, n integer, at timestamptz) where organization_id = %s and id = l",
        (rowset(rows), organization_id),
    )


async def note_activity(tx: Transaction, organization_id: str, lead_id: str, at: datetime) -> None:
    """That something else happened with the lead, and when."""
    await tx.execute(
        "update leads set last_activity_at = greatest(last_activity_at, %s) where organization_id = %s and id = %s",
        (at, organization_id, lead_id),
    )
