"""Queries that decide what coworkers see of emails, and who has seen what.

An email is as open as the most open account that holds it; one in a private thread is for its own people alone, and
for whom they have chosen. A draft that no account has yet is as closed as any account of who writes it: which one sends
it is not known.

Of what is hidden the id is kept beside (hidden_emails), also when the email goes: events still speak of it.
"""

from collections.abc import Sequence
from datetime import datetime

from postroom.ground.database import Transaction

_RECOMPUTE = """
update emails e set coworkers_see = w.level, shared_with = w.readers from (
  select m.id, case when t.is_private then t.shared_with else array[]::text[] end as readers,
  case when coalesce(t.is_private, false) then 'nothing' else coalesce((
    select a.coworkers_see from connected_accounts a
    where a.organization_id = m.organization_id and (a.id = m.account_id or a.id in (select c.account_id from copies c
      where c.organization_id = m.organization_id and c.message_key = m.message_key))
    order by array_position(array['everything', 'metadata', 'nothing'], a.coworkers_see) limit 1), (
    select a.coworkers_see from connected_accounts a
    where a.organization_id = m.organization_id and a.user_id = m.user_id and m.status = 'draft' and not a.is_deleted
      and m.created_by is not distinct from m.user_id
    order by array_position(array['nothing', 'metadata', 'everything'], a.coworkers_see) limit 1), 'everything')
  end as level
  from emails m left join email_threads t on t.organization_id = m.organization_id and t.id = m.thread_id
  where m.organization_id = %(org)s and {which}) w
where e.organization_id = %(org)s and e.id = w.id and (e.coworkers_see <> w.level or e.shared_with <> w.readers)
returning e.id, e.thread_id, e.coworkers_see
"""
_HIDE = """
insert into hidden_emails (organization_id, email_id, users)
select organization_id, id, users || shared_with from emails where organization_id = %(org)s and id = any(%(hidden)s)
on conflict (organization_id, email_id) do update set users = excluded.users
"""
_GUARD = """
update email_threads t set is_guarded = g.is_guarded from (
  select x.id, exists (select 1 from emails e where e.organization_id = x.organization_id and e.thread_id = x.id
    and e.coworkers_see <> 'everything') as is_guarded
  from email_threads x where x.organization_id = %(org)s and x.id = any(%(threads)s)) g
where t.organization_id = %(org)s and t.id = g.id and t.is_guarded <> g.is_guarded
"""


async def judge_emails(tx: Transaction, organization_id: str, email_ids: Sequence[str]) -> None:
    """What coworkers see of these emails."""
    await _recompute(tx, organization_id, "m.id = any(%(ids)s)", {"ids": list(email_ids)})


async def judge_messages(tx: Transaction, organization_id: str, message_keys: Sequence[str]) -> None:
    """The same of all emails of these messages: another mailbox holds them now."""
    await _recompute(tx, organization_id, "m.message_key = any(%(ids)s)", {"ids": list(message_keys)})


async def judge_threads(tx: Transaction, organization_id: str, thread_ids: Sequence[str]) -> None:
    """The same of everything in these threads: others have joined them."""
    await _recompute(tx, organization_id, "m.thread_id = any(%(ids)s)", {"ids": list(thread_ids)})


async def judge_account(tx: Transaction, organization_id: str, account_id: str) -> None:
    """The same of everything that an account holds: its owner has chosen anew."""
    await _recompute(
        tx,
        organization_id,
        "(m.account_id = %(account)s or m.message_key in (select c.message_key from copies c"
        " where c.organization_id = %(org)s and c.account_id = %(account)s) or (m.status = 'draft'"
        " and m.account_id is null and m.user_id = (select a.user_id from connected_accounts a"
        " where a.organization_id = %(org)s and a.id = %(account)s)))",
        {"account": account_id},
    )


async def make_private(tx: Transaction, organization_id: str, thread_id: str, readers: Sequence[str]) -> None:
    """Only those whose mailboxes hold its emails, and these users, see the thread from now on."""
    await tx.execute(
        "update email_threads set is_private = true, shared_with = %s where organization_id = %s and id = %s",
        (sorted(set(readers)), organization_id, thread_id),
    )
    await _recompute(tx, organization_id, "m.thread_id = %(thread)s", {"thread": thread_id})


async def share_again(tx: Transaction, organization_id: str, thread_id: str) -> None:
    """Coworkers see of the thread what its accounts let them see."""
    await tx.execute(
        "update email_threads set is_private = false, shared_with = '{}' where organization_id = %s and id = %s",
        (organization_id, thread_id),
    )
    await _recompute(tx, organization_id, "m.thread_id = %(thread)s", {"thread": thread_id})


async def holders_of_thread(tx: Transaction, organization_id: str, thread_id: str) -> tuple[str, set[str]] | None:
    """The lead of a thread that the reader sees, and the users whose mailboxes hold its emails; None for no such."""
    rows = await (
        await tx.execute(
            "select t.lead_id, e.users from seen_threads t left join emails e"
            " on e.organization_id = t.organization_id and e.thread_id = t.id"
            " where t.organization_id = %s and t.id = %s",
            (organization_id, thread_id),
        )
    ).fetchall()
    return (rows[0][0], {user for row in rows for user in row[1] or ()}) if rows else None


async def note_reading(
    tx: Transaction, organization_id: str, email_ids: Sequence[str], user_id: str, now: datetime
) -> None:
    """A user opened these emails; who holds one in an own mailbox, or sees no word of it, is not written down."""
    await tx.execute(
        "insert into email_readings (organization_id, email_id, user_id, date_created)"
        " select organization_id, id, %(user)s, %(now)s from seen_emails where organization_id = %(org)s"
        " and not is_veiled and id = any(%(ids)s) and status in ('inbox', 'sent') and not %(user)s = any(users)"
        " on conflict do nothing",
        {"user": user_id, "now": now, "org": organization_id, "ids": list(email_ids)},
    )


async def forget_hidden(tx: Transaction, organization_id: str) -> int:
    """Let go of what was hidden and is gone, once no event speaks of it any more; how many."""
    removed = await tx.execute(
        "delete from hidden_emails h where h.organization_id = %s and not exists (select 1 from emails e"
        " where e.organization_id = h.organization_id and e.id = h.email_id) and not exists (select 1 from events v"
        " where v.organization_id = h.organization_id and v.object_id = h.email_id)",
        (organization_id,),
    )
    return removed.rowcount


async def _recompute(tx: Transaction, organization_id: str, which: str, values: dict[str, object]) -> None:
    rows = await (
        await tx.execute(_RECOMPUTE.format(which=which).encode(), {"org": organization_id, **values})
    ).fetchall()
    hidden = [row[0] for row in rows if row[2] == "nothing"]
    shown = [row[0] for row in rows if row[2] != "nothing"]
    if hidden:
        await tx.execute(_HIDE, {"org": organization_id, "hidden": hidden})
    if shown:
        await tx.execute(
            "delete from hidden_emails where organization_id = %s and email_id = any(%s)", (organization_id, shown)
        )
    threads = sorted({row[1] for row in rows if row[1]})
    if threads:
        await tx.execute(_GUARD.encode(), {"org": organization_id, "threads": threads})
