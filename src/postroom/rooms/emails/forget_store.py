"""Queries that let go of messages no lead holds any more: after a lead or an email was deleted."""

from collections.abc import Sequence
from datetime import datetime

from postroom.ground.database import Transaction


async def unheld_messages(tx: Transaction, limit: int) -> list[tuple[str, str]]:
    """(organization, message) of messages that are no email on any lead; for the sweep, which serves all of them."""
    rows = await (
        await tx.execute(
            "select m.organization_id, m.id from messages m where not exists (select 1 from emails e"
            " where e.organization_id = m.organization_id and e.message_key = m.id) limit %s",
            (limit,),
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def forget_messages(
    tx: Transaction, organization_id: str, keys: Sequence[str], now: datetime
) -> tuple[list[str], list[str]]:
    """Forget those of these messages that still are no email anywhere; their bytes are down for erasure.

    Answers the messages forgotten, and which of them somebody had deleted from a lead.
    """
    names = {"org": organization_id, "keys": list(keys), "now": now}
    rows = await (
        await tx.execute(
            "with gone as (delete from messages m where m.organization_id = %(org)s and m.id = any(%(keys)s)"
            " and not exists (select 1 from emails e where e.organization_id = m.organization_id"
            " and e.message_key = m.id) returning m.id, m.raw_ref),"
            " down as (insert into erasures (organization_id, raw_ref, date_created)"
            " select %(org)s, raw_ref, %(now)s from gone where raw_ref <> '' on conflict do nothing)"
            " select g.id, exists (select 1 from deleted_emails d where d.organization_id = %(org)s"
            " and d.message_key = g.id) from gone g",
            names,
        )
    ).fetchall()
    return [row[0] for row in rows], [row[0] for row in rows if row[1]]


async def erasures_due(tx: Transaction, limit: int) -> list[tuple[str, str]]:
    """(organization, blob) of bytes that are to be erased; for the sweep, which serves all of them."""
    rows = await (await tx.execute("select organization_id, raw_ref from erasures limit %s", (limit,))).fetchall()
    return [(row[0], row[1]) for row in rows]


async def erased(tx: Transaction, organization_id: str, raw_ref: str) -> None:
    """These bytes are gone."""
    await tx.execute("delete from erasures where organization_id = %s and raw_ref = %s", (organization_id, raw_ref))


async def forget_threads_of_gone_leads(tx: Transaction) -> None:
    """What ties emails to threads of leads that are gone; for the sweep, which serves all organizations."""
    await tx.execute(
        "delete from thread_keys k where not exists (select 1 from leads l"
        " where l.organization_id = k.organization_id and l.id = k.lead_id)"
    )
