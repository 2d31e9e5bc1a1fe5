"""Queries of what people decided about all mail of a sender: listed, and taken back. The address comes in sealed."""

from dataclasses import dataclass, field
from datetime import datetime

from postroom.ground.database import Transaction


@dataclass(frozen=True, slots=True)
class SenderDecision:
    """A decision about a sender's mail for one lead. `shown` is sealed; b"" where it was not kept yet."""

    account_id: str
    key: int
    lead_id: str
    lead_name: str
    account_email: str
    is_accepted: bool
    user_name: str
    date_created: datetime
    shown: bytes = field(repr=False)


async def keep_shown(tx: Transaction, place: tuple[str, str], decided: tuple[int, str], sealed: bytes) -> None:
    """What to show of a decision of (organization, account) about (sender, lead)."""
    await tx.execute(
        "update link_decisions set shown = %s where organization_id = %s and account_id = %s and kind = 'sender'"
        " and key = %s and lead_id = %s",
        (sealed, *place, *decided),
    )


async def sender_decisions(
    tx: Transaction, organization_id: str, user_id: str, part: tuple[int, int]
) -> list[SenderDecision]:
    """Those of a user's own accounts and of teams', the latest first. `part`: how many, after how many."""
    rows = await (
        await tx.execute(
            "select d.account_id, d.key, d.lead_id, l.name, a.email, d.is_accepted,"
            " coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email, ''), d.date_created, d.shown"
            " from link_decisions d join connected_accounts a on a.organization_id = d.organization_id"
            " and a.id = d.account_id join leads l on l.organization_id = d.organization_id and l.id = d.lead_id"
            " left join users u on u.organization_id = d.organization_id and u.id = d.user_id"
            " where d.organization_id = %s and d.kind = 'sender' and not a.is_deleted"
            " and (a.user_id = %s or a.user_id is null)"
            " order by d.date_created desc, d.key, d.lead_id limit %s offset %s",
            (organization_id, user_id, *part),
        )
    ).fetchall()
    return [SenderDecision(*row) for row in rows]


async def take_back(tx: Transaction, place: tuple[str, str], decided: tuple[int, str]) -> bool:
    """Nothing is decided any more by (organization, account) about (sender, lead); whether anything was."""
    removed = await tx.execute(
        "delete from link_decisions where organization_id = %s and account_id = %s and kind = 'sender'"
        " and key = %s and lead_id = %s",
        (*place, *decided),
    )
    return removed.rowcount > 0


async def all_sealed(tx: Transaction) -> list[tuple[str, str, int, str, bytes]]:
    """Of the whole installation, for sealing anew: organization, account, sender, lead, sealed."""
    rows = await tx.execute(
        "select organization_id, account_id, key, lead_id, shown from link_decisions"
        " where kind = 'sender' and shown <> '' order by organization_id, account_id, key, lead_id"
    )
    return [(*row[:4], bytes(row[4])) for row in await rows.fetchall()]
