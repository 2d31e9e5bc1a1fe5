"""Queries for reports that came before the email they are about: hashes alone, and for some days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from postroom.ground.database import Transaction
from postroom.rooms.suppression.suppression import BounceKind

WAITS = timedelta(days=5)
"""How long servers try to deliver (RFC 5321 4.5.4.1), and a Sent folder may take to be read."""


@dataclass(frozen=True, slots=True)
class EarlyReport:
    """What one report says of one recipient of an email that is not known here yet. All hashes are keyed.

    `id_hash` is of the email's Message-ID, `address_hash` of whom it did not reach ("" where nobody is named).
    """

    id_hash: int
    report_key: str
    address_hash: int
    kind: BounceKind
    status: str
    date: datetime


async def remember(tx: Transaction, organization_id: str, reports: Sequence[EarlyReport], now: datetime) -> None:
    """Keep them until the email comes; what has waited too long goes."""
    await tx.execute(
        "delete from early_reports where organization_id = %s and date_reported < %s", (organization_id, now - WAITS)
    )
    for one in reports:
        await tx.execute(
            "insert into early_reports (organization_id, id_hash, report_key, address_hash, kind, status,"
            " date_reported) values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (organization_id, one.id_hash, one.report_key, one.address_hash, one.kind, one.status[:20], one.date),
        )


async def take(tx: Transaction, organization_id: str, id_hashes: Sequence[int]) -> list[EarlyReport]:
    """What was kept about emails with these Message-IDs; it is kept no longer."""
    rows = await (
        await tx.execute(
            "delete from early_reports where organization_id = %s and id_hash = any(%s)"
            " returning id_hash, report_key, address_hash, kind, status, date_reported",
            (organization_id, list(id_hashes)),
        )
    ).fetchall()
    return [EarlyReport(row[0], row[1], row[2], BounceKind(row[3]), row[4], row[5]) for row in rows]
