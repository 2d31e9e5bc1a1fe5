"""Queries that put the emails and threads of one lead on another. In all of them `leads` is from, to."""

from collections.abc import Mapping
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.rooms.emails.arriving_store import merge_threads, recount_threads
from postroom.rooms.emails.merge import threads_after
from postroom.rooms.emails.move_store import follow_merged_leads
from postroom.rooms.emails.visibility_store import judge_threads

Leads = tuple[str, str]


async def move_emails(
    tx: Transaction, organization_id: str, leads: Leads, now: datetime
) -> tuple[Mapping[str, str], int, datetime | None]:
    """Everything of the first lead's mail stands on the second from now on.

    A message that was on both stays there once; conversations that have an email or a reference in common become one.
    Answers the threads that end with those that stay, how many emails the second lead has, and the newest's moment.
    """
    names = {"org": organization_id, "from": leads[0], "to": leads[1]}
    ends = await _threads_in_common(tx, organization_id, leads)
    await _drop_doubles(tx, names)
    await tx.execute("update emails set lead_id = %(to)s where organization_id = %(org)s and lead_id = %(from)s", names)
    await tx.execute(
        "update email_threads set lead_id = %(to)s where organization_id = %(org)s and lead_id = %(from)s", names
    )
    await _move_keys(tx, names)
    await follow_merged_leads(tx, organization_id, leads)
    await _gather_people(tx, organization_id, ends)
    await merge_threads(tx, organization_id, ends)
    await judge_threads(tx, organization_id, sorted(set(ends.values())))
    await recount_threads(tx, organization_id, sorted(set(ends.values())), now)
    return ends, *await _counted(tx, organization_id, leads[1])


async def _threads_in_common(tx: Transaction, organization_id: str, leads: Leads) -> Mapping[str, str]:
    rows = await (
        await tx.execute(
            "select s.thread_id, d.thread_id from thread_keys s join thread_keys d"
            " on d.organization_id = s.organization_id and d.key = s.key and d.lead_id = %(to)s"
            " where s.organization_id = %(org)s and s.lead_id = %(from)s"
            " union select s.thread_id, d.thread_id from emails s join emails d"
            " on d.organization_id = s.organization_id and d.message_key = s.message_key and d.lead_id = %(to)s"
            " where s.organization_id = %(org)s and s.lead_id = %(from)s"
            " and s.thread_id is not null and d.thread_id is not null order by 1, 2",
            {"org": organization_id, "from": leads[0], "to": leads[1]},
        )
    ).fetchall()
    return threads_after((row[0], row[1]) for row in rows)


async def _drop_doubles(tx: Transaction, names: Mapping[str, str]) -> None:
    """Of a message on both leads the second's email stays; what answers the other one answers that."""
    await tx.execute(
        "update emails e set in_reply_to_id = d.id from emails s join emails d on d.organization_id = s.organization_id"
        " and d.message_key = s.message_key and d.lead_id = %(to)s where e.organization_id = %(org)s"
        " and s.organization_id = %(org)s and s.lead_id = %(from)s and e.in_reply_to_id = s.id",
        names,
    )
    await tx.execute(
        "delete from emails s using emails d where s.organization_id = %(org)s and s.lead_id = %(from)s"
        " and d.organization_id = s.organization_id and d.lead_id = %(to)s and d.message_key = s.message_key",
        names,
    )


async def _move_keys(tx: Transaction, names: Mapping[str, str]) -> None:
    """What later mail is told by: references, and what was deleted, unless it has just come with the other lead."""
    await tx.execute(
        "insert into thread_keys (organization_id, lead_id, key, thread_id) select organization_id, %(to)s, key,"
        " thread_id from thread_keys where organization_id = %(org)s and lead_id = %(from)s on conflict do nothing",
        names,
    )
    await tx.execute("delete from thread_keys where organization_id = %(org)s and lead_id = %(from)s", names)
    await tx.execute(
        "insert into deleted_emails (organization_id, lead_id, message_key, date_created) select organization_id,"
        " %(to)s, message_key, date_created from deleted_emails where organization_id = %(org)s and lead_id = %(from)s"
        " on conflict do nothing",
        names,
    )
    await tx.execute(
        "delete from deleted_emails d using emails e where d.organization_id = %(org)s and d.lead_id = %(to)s"
        " and e.organization_id = d.organization_id and e.lead_id = d.lead_id and e.message_key = d.message_key",
        names,
    )


async def _gather_people(tx: Transaction, organization_id: str, ends: Mapping[str, str]) -> None:
    """Who takes part in a thread that ends takes part in the one that stays; what was hidden of it stays hidden."""
    for gone, kept in ends.items():
        await tx.execute(
            "update email_threads k set participants = coalesce((select jsonb_agg(distinct p) from"
            " jsonb_array_elements(k.participants || g.participants) p), '[]'),"
            " is_guarded = k.is_guarded or g.is_guarded, is_private = k.is_private or g.is_private,"
            " shared_with = case when not k.is_private then g.shared_with when not g.is_private then k.shared_with"
            " else array(select unnest(k.shared_with) intersect select unnest(g.shared_with)) end from email_threads g"
            " where k.organization_id = %(org)s and k.id = %(kept)s"
            " and g.organization_id = %(org)s and g.id = %(gone)s",
            {"org": organization_id, "kept": kept, "gone": gone},
        )


async def _counted(tx: Transaction, organization_id: str, lead_id: str) -> tuple[int, datetime | None]:
    row = await (
        await tx.execute(
            "select count(*), max(activity_at) from emails where organization_id = %s and lead_id = %s",
            (organization_id, lead_id),
        )
    ).fetchone()
    assert row is not None
    return row[0], row[1]
