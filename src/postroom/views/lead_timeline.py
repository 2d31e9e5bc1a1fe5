"""Conversations as Close prints them: threads with their emails, the newest first."""

from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.views.email_list import (
    EmailFilter,
    EmailSummary,
    PersonCard,
    summaries_of_threads,
)
from postroom.views.selection import Order, Page, Where, as_date, cut, rows_of

_LATEST = 3  # how many emails of a thread are shown without opening it


class LatestEmail(msgspec.Struct, frozen=True):
    """An email in a line: who, when, first words."""

    id: str
    sender: str | None
    activity_at: str | None
    body_preview: str | None


class MovedCard(msgspec.Struct, frozen=True):
    """From which lead a person has moved a conversation here. Its name is "" for a reader who does not see it."""

    from_lead_id: str
    from_lead_name: str
    user_name: str
    date: str


class ThreadCard(msgspec.Struct, frozen=True):
    """A conversation, in the shape of `/activity/emailthread/`."""

    type: str = msgspec.field(name="_type")
    id: str
    organization_id: str
    lead_id: str
    contact_id: str | None
    user_id: str | None
    users: list[str]
    created_by: str | None
    created_by_name: str | None
    updated_by: str | None
    updated_by_name: str | None
    date_created: str
    date_updated: str
    activity_at: str
    emails: list[EmailSummary]
    latest_emails: list[LatestEmail]
    latest_normalized_subject: str
    n_emails: int
    participants: list[PersonCard]
    comment_summary: dict[str, Any] | None
    importance: dict[str, str] | None
    summary: str | None
    is_private: bool
    moved: MovedCard | None


class ThreadPage(msgspec.Struct, frozen=True):
    """Some threads."""

    data: list[ThreadCard]
    has_more: bool


class _Thread(msgspec.Struct, frozen=True):
    """One row of email_threads."""

    id: str
    organization_id: str
    lead_id: str
    contact_id: str | None
    date_created: str
    date_updated: str
    activity_at: str
    subject: str
    n_emails: int
    participants: list[PersonCard]
    comment_summary: dict[str, Any] | None
    is_private: bool
    moved: MovedCard | None


async def thread_page(tx: Transaction, organization_id: str, wanted: EmailFilter, page: Page) -> ThreadPage:
    """Threads, the one with the newest email first, or by when each began."""
    where, order = thread_conditions(organization_id, wanted), thread_order(wanted.order)
    cursor = rows_of(tx, _Thread)
    await cursor.execute(
        f"with page as materialized (select t.id from seen_threads t where t.organization_id = %(organization_id)s"
        f" and {where} order by {order}, t.id limit %(limit)s offset %(skip)s)"
        f" select {_THREAD_COLUMNS} from seen_threads t where t.organization_id = %(organization_id)s"
        f" and t.id in (select id from page) order by {order}, t.id",
        {**where.values, "limit": page.limit + 1, "skip": page.skip},
    )
    threads, has_more = cut(await cursor.fetchall(), page)
    return ThreadPage(await _cards(tx, organization_id, threads, wanted.base_url), has_more)


async def thread_card(tx: Transaction, organization_id: str, thread_id: str, base_url: str) -> ThreadCard:
    """One thread with its emails. Raises NotFound."""
    page = await thread_page(tx, organization_id, EmailFilter(thread_ids=(thread_id,), base_url=base_url), Page(1))
    if not page.data:
        raise NotFound("There is no such email thread.")
    return page.data[0]


async def _cards(tx: Transaction, organization_id: str, threads: list[_Thread], base_url: str) -> list[ThreadCard]:
    emails = await summaries_of_threads(tx, organization_id, [thread.id for thread in threads], base_url)
    return [_card(thread, emails[thread.id]) for thread in threads]


def _card(thread: _Thread, emails: list[EmailSummary]) -> ThreadCard:
    latest = [LatestEmail(one.id, one.sender, one.activity_at, one.body_preview) for one in emails[:_LATEST]]
    newest = emails[0] if emails else None
    return ThreadCard(
        "EmailThread", thread.id, thread.organization_id, thread.lead_id, thread.contact_id,
        newest.user_id if newest else None, newest.users if newest else [], None, None, None, None,
        thread.date_created, thread.date_updated, thread.activity_at, emails, latest, thread.subject,
        thread.n_emails, thread.participants, thread.comment_summary, None, None, thread.is_private, thread.moved,
    )  # fmt: skip


def thread_order(order: Order) -> str:
    """SQL for the order: the newest first are those with the newest email, unless it was asked otherwise."""
    return order.of("t.date_created" if order.oldest_first else "t.latest_at", "t.latest_at")


def thread_conditions(organization_id: str, wanted: EmailFilter) -> Where:
    """The filter over `email_threads t`; one that names emails or users looks at the thread's emails."""
    where = Where.of("t.organization_id", organization_id, "t")
    where.among("t.id", wanted.thread_ids if wanted.ids is None else wanted.ids)
    where.among("t.lead_id", wanted.lead_ids)
    where.among("t.contact_id", wanted.contact_ids)
    if wanted.user_ids is not None:
        where.holds(
            "exists (select 1 from seen_emails u where u.organization_id = t.organization_id and u.thread_id = t.id"
            " and (u.user_id = any({}) or u.users && {}::text[]))",
            list(wanted.user_ids),
        )
    where.within("t.date_created", wanted.date_created)
    where.within("t.latest_at", wanted.activity_at)
    return where


_THREAD_COLUMNS = ", ".join(
    (
        "t.id",
        "t.organization_id",
        "t.lead_id",
        "t.contact_id",
        as_date("t.date_created"),
        as_date("t.date_updated"),
        as_date("t.seen_until"),
        "t.normalized_subject",
        "t.n_emails",
        "t.participants",
        "(select json_build_object('comment_count', count(c.id), 'thread_id', s.id) from comment_threads s"
        " left join comments c on c.organization_id = s.organization_id and c.thread_id = s.id and not c.is_deleted"
        " where s.organization_id = t.organization_id and s.object_id = t.id group by s.id)",
        "t.is_private",
        "(select json_build_object('from_lead_id', v.from_lead_id, 'from_lead_name', coalesce(f.name, ''),"
        " 'user_name', coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email, ''),"
        f" 'date', {as_date('v.date_created')}) from thread_moves v left join leads f"
        " on f.organization_id = v.organization_id and f.id = v.from_lead_id left join users u"
        " on u.organization_id = v.organization_id and u.id = v.user_id"
        " where v.organization_id = t.organization_id and v.thread_id = t.id)",
    )
)
