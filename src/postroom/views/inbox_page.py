"""Tasks as Close prints them: Inbox items (`incoming_email`) with their thread, lead and contact, and lead tasks."""

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.views.kept_things import VIEWER
from postroom.views.selection import Page, Span, Where, as_date, as_name, cut, rows_of
from postroom.views.task_dates import is_dateless, is_due, is_later, task_date, task_due_date

KINDS = ("lead", "outgoing_call", "incoming_email", "email_followup")
"""The kinds of task there are by now."""

COUNTED_UP_TO = 1000
"""Inbox counts stop here: nobody reads a larger number, and counting them all costs."""


class TaskCard(msgspec.Struct, frozen=True):
    """A task, in the shape of `/task/`. Inbox items have values from `subject` on; the last six are our own."""

    id: str
    type: str = msgspec.field(name="_type")
    organization_id: str
    assigned_to: str | None
    assigned_to_name: str | None
    contact_id: str | None
    contact_name: str | None
    lead_id: str
    lead_name: str
    date: str
    due_date: str | None
    is_complete: bool
    is_dateless: bool
    view: str
    object_id: str | None
    object_type: str | None
    text: str
    priority: str
    resolution: str | None
    created_by: str | None
    created_by_name: str | None
    updated_by: str | None
    updated_by_name: str | None
    date_created: str
    date_updated: str
    subject: str | None
    body_preview: str | None
    emails: list[str]
    email_id: str | None
    email_account_id: str | None
    sender: str | None
    n_emails: int
    is_unread: bool
    has_attachments: bool
    returned: str | None
    """How a snoozed item came back: `time`, or `reply` when one was quicker. Null once it is dealt with."""


class TaskPage(msgspec.Struct, frozen=True):
    """Some tasks."""

    data: list[TaskCard]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Moments:
    """Now, the end of the caller's day, and the midnight in UTC that ends the date they have: Inbox items wait for a
    moment, lead tasks for a day."""

    now: datetime
    end_of_day: datetime
    end_of_date: datetime


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks are wanted; None and open spans narrow nothing. `caller_id` also stands for teams' Inbox items.

    `own_only`: a restricted user sees no coworker's Inbox.
    """

    moments: Moments
    caller_id: str
    kinds: tuple[str, ...] = ("lead",)
    ids: tuple[str, ...] | None = None
    lead_ids: tuple[str, ...] | None = None
    assigned_to: tuple[str, ...] | None = None
    account_ids: tuple[str, ...] | None = None
    view: str = ""
    is_complete: bool | None = None
    own_only: bool = False
    due: Span = field(default_factory=Span)
    date_created: Span = field(default_factory=Span)
    date_updated: Span = field(default_factory=Span)
    order: str = "-date"


async def task_page(tx: Transaction, organization_id: str, wanted: TaskFilter, page: Page) -> TaskPage:
    """Tasks in the order asked for."""
    sources = [source for source, kinds in _SOURCES.items() if kinds & set(wanted.kinds)]
    if not sources:
        return TaskPage([], False)
    both = len(sources) > 1
    values: dict[str, object] = {
        "now": wanted.moments.now, "end_of_day": wanted.moments.end_of_day,
        "end_of_date": wanted.moments.end_of_date, "limit": page.limit + 1,
        "top": page.limit + page.skip + 1, "skip": page.skip, "inner_skip": 0 if both else page.skip,
    }  # fmt: skip
    parts = []
    for source in sources:
        part, more = _PARTS[source](organization_id, wanted, "%(top)s" if both else "%(limit)s")
        parts.append(f"({part})")
        values |= more
    cursor = rows_of(tx, TaskCard)
    outer = _order(wanted.order, {"date": '"date"', "date_created": "date_created", "id": "id"})
    cut_again = " limit %(limit)s offset %(skip)s" if both else ""
    await cursor.execute(f"select * from ({' union all '.join(parts)}) tasks order by {outer}{cut_again}", values)
    return TaskPage(*cut(await cursor.fetchall(), page))


async def task_card(tx: Transaction, organization_id: str, task_id: str, wanted: TaskFilter) -> TaskCard:
    """One task of any kind; of `wanted` only the caller and the moments count. Raises NotFound."""
    one = TaskFilter(wanted.moments, wanted.caller_id, kinds=KINDS, ids=(task_id,), own_only=wanted.own_only)
    page = await task_page(tx, organization_id, one, Page(1))
    if not page.data:
        raise NotFound("There is no such task.")
    return page.data[0]


async def count_open_items(tx: Transaction, organization_id: str, user_id: str, now: datetime) -> int:
    """How many items wait in a user's Inbox now, up to COUNTED_UP_TO."""
    row = await (
        await tx.execute(
            "select count(*) from (select 1 from inbox_items where organization_id = %s"
            " and (user_id = %s or user_id is null) and not is_done and due_at <= %s limit %s) waiting",
            (organization_id, user_id, now, COUNTED_UP_TO),
        )
    ).fetchone()
    return int(row[0]) if row else 0


async def count_due_tasks(tx: Transaction, organization_id: str, user_id: str, moments: Moments) -> int:
    """How many tasks of leads, follow-ups with them, a user has to do until the day ends, up to COUNTED_UP_TO."""
    row = await (
        await tx.execute(
            "select count(*) from (select 1 from tasks t where t.organization_id = %(org)s and t.assigned_to = %(user)s"
            f" and not t.is_complete and {is_due('t')} limit %(most)s) due",
            {
                "org": organization_id,
                "user": user_id,
                "most": COUNTED_UP_TO,
                "end_of_day": moments.end_of_day,
                "end_of_date": moments.end_of_date,
            },
        )
    ).fetchone()
    return int(row[0]) if row else 0


def _items_part(organization_id: str, wanted: TaskFilter, limit: str) -> tuple[str, dict[str, object]]:
    """The Inbox items of a page are found first, by index; what a card says beside them is only read for those."""
    order = _order(wanted.order, _COLUMNS["items"])
    found: list[str] = []
    values: dict[str, object] = {}
    for where in _item_conditions(organization_id, wanted):
        values |= where.values
        seen = f"select {_ITEM_COLUMNS} from inbox_items i where {where} and {_IS_SEEN}"
        found.append(f"({seen} order by {order} limit %(top)s)")
    page = f"select * from ({' union all '.join(found)}) i order by {order} limit {limit} offset %(inner_skip)s"
    return f"select {_ITEM_SELECT} from ({page}) i {_ITEM_JOINS}", values


def _tasks_part(organization_id: str, wanted: TaskFilter, limit: str) -> tuple[str, dict[str, object]]:
    where = _task_conditions(organization_id, wanted)
    order = _order(wanted.order, _COLUMNS["tasks"])
    return f"select {_TASK_SELECT} where {where} order by {order} limit {limit} offset %(inner_skip)s", where.values


def _item_conditions(organization_id: str, wanted: TaskFilter) -> list[Where]:
    """A person's items stand in the index in their order, and so do those of teams: a condition for each."""
    people = wanted.assigned_to
    if wanted.own_only:
        people = (wanted.caller_id,) if people is None or wanted.caller_id in people else ()
    mine = _item_condition(organization_id, wanted, "i")
    if people is None:
        return [mine]
    if len(people) == 1:
        mine.equal("i.user_id", people[0])  # not "one of": the index would give them without their order
    else:
        mine.among("i.user_id", people)
    if wanted.caller_id not in people:
        return [mine]
    of_teams = _item_condition(organization_id, wanted, "n")
    of_teams.conditions.append("i.user_id is null")
    return [mine, of_teams]


def _item_condition(organization_id: str, wanted: TaskFilter, prefix: str) -> Where:
    where = _common(Where.of("i.organization_id", organization_id, prefix), wanted, _COLUMNS["items"])
    where.among("i.account_id", wanted.account_ids)
    if wanted.view:
        where.holds(_ITEM_VIEWS[wanted.view], wanted.moments.now)
    where.equal("i.is_done", wanted.is_complete)
    return where


def _task_conditions(organization_id: str, wanted: TaskFilter) -> Where:
    where = _common(Where.of("t.organization_id", organization_id, "t"), wanted, _COLUMNS["tasks"])
    where.among("t.kind", wanted.kinds)
    where.among("t.assigned_to", wanted.assigned_to)
    if wanted.view:
        where.conditions.append(_TASK_VIEWS[wanted.view])
    where.equal("t.is_complete", wanted.is_complete)
    where.conditions.append(_FOLLOW_UP_SEEN)
    return where


def _common(where: Where, wanted: TaskFilter, columns: dict[str, str]) -> Where:
    where.among(columns["id"], wanted.ids)
    where.among(columns["lead_id"], wanted.lead_ids)
    where.within(columns["date"], wanted.due)
    where.within(columns["date_created"], wanted.date_created)
    where.within(columns["date_updated"], wanted.date_updated)
    return where


def _order(order: str, columns: dict[str, str]) -> str:
    name = order.lstrip("-")
    direction = " desc" if order.startswith("-") else ""
    return f"{columns[name]}{direction}, {columns['id']}{direction}"


_SOURCES = {"items": {"incoming_email"}, "tasks": {"lead", "outgoing_call", "email_followup"}}
_COLUMNS = {
    "items": {
        "id": "i.id", "lead_id": "i.lead_id", "date": "i.due_at",
        "date_created": "i.date_created", "date_updated": "i.date_updated",
    },
    "tasks": {
        "id": "t.id", "lead_id": "t.lead_id", "date": "t.due_at",
        "date_created": "t.date_created", "date_updated": "t.date_updated",
    },
}  # fmt: skip
_ITEM_VIEWS = {
    "inbox": "(not i.is_done and i.due_at <= {})",
    "future": "(not i.is_done and i.due_at > {})",
    "archive": "(i.is_done and {}::timestamptz is not null)",
}
_TASK_VIEWS = {
    "inbox": f"(not t.is_complete and {is_due('t')})",
    "future": f"(not t.is_complete and {is_later('t')})",
    "archive": "t.is_complete",
}
_ITEM_COLUMNS = (
    "i.organization_id, i.id, i.account_id, i.user_id, i.lead_id, i.contact_id, i.thread_id, i.is_done, i.due_at,"
    " i.snoozed_until, i.date_created, i.date_updated"
)
_IS_SEEN = (
    "exists (select 1 from seen_emails s where s.organization_id = i.organization_id and s.thread_id = i.thread_id)"
)
_LEAD_NAME = (
    "coalesce(nullif(l.name, ''), (select nullif(c1.name, '') from contacts c1 where c1.organization_id ="
    " l.organization_id and c1.lead_id = l.id order by c1.position limit 1), 'Untitled')"
)
_USER_NAME = as_name("u")
_ITEM_SELECT = (
    f"i.id as id, 'incoming_email', i.organization_id, i.user_id, {_USER_NAME}, i.contact_id, nullif(c.name, ''),"
    f" i.lead_id, {_LEAD_NAME}, {as_date('i.due_at')} as date, {as_date('i.due_at')}, i.is_done, false,"
    " case when i.is_done then 'archive' when i.due_at > %(now)s then 'future' else 'inbox' end,"
    " i.thread_id, 'emailthread', coalesce(e.subject, ''), 'medium', null, null, null, null, null,"
    f" {as_date('i.date_created')} as date_created, {as_date('i.date_updated')},"
    " e.subject, e.body_preview, coalesce(m.ids, '[]'::json), null, i.account_id, e.sender, coalesce(m.n, 0),"
    " exists (select 1 from seen_emails ue join placements p on p.organization_id = ue.organization_id"
    " and p.account_id = i.account_id and p.message_key = ue.message_key"
    " where ue.organization_id = i.organization_id and ue.thread_id = i.thread_id and not p.crm_seen),"
    " coalesce(m.has_files, false),"
    " case when i.is_done or i.due_at > %(now)s or i.snoozed_until is null then null"
    " when i.snoozed_until > i.due_at then 'reply' else 'time' end"
)
_ITEM_JOINS = (
    " join leads l on l.organization_id = i.organization_id and l.id = i.lead_id"
    " left join users u on u.organization_id = i.organization_id and u.id = i.user_id"
    " left join contacts c on c.organization_id = i.organization_id and c.id = i.contact_id"
    " left join lateral (select subject, body_preview, sender from seen_emails"
    " where organization_id = i.organization_id and thread_id = i.thread_id"
    " and status <> 'draft' order by activity_at desc limit 1) e on true"
    " left join lateral (select json_agg(id order by activity_at desc) ids, count(*) n,"
    " bool_or(attachments <> '[]') has_files from seen_emails"
    " where organization_id = i.organization_id and thread_id = i.thread_id) m on true"
)
# A follow-up's text names the subject of its email.
_VEILED = (
    f"exists (select 1 from emails fe where fe.organization_id = t.organization_id and fe.id = t.object_id"
    f" and fe.coworkers_see <> 'everything' and {VIEWER} not in ('', coalesce(t.assigned_to, ''))"
    f" and not {VIEWER} = any(fe.users || fe.shared_with))"
)
_FOLLOW_UP_SEEN = (
    "(t.kind <> 'email_followup' or not exists (select 1 from kept_things g where g.organization_id = t.organization_id"
    f" and g.object_id = t.id and {VIEWER} <> '' and not {VIEWER} = any(g.users)))"
)
_TASK_SELECT = (
    f"t.id as id, t.kind, t.organization_id, t.assigned_to, {_USER_NAME}, t.contact_id, nullif(c.name, ''),"
    f" t.lead_id, {_LEAD_NAME}, {task_date('t')} as date, {task_due_date('t')}, t.is_complete, {is_dateless('t')},"
    f" case when t.is_complete then 'archive' when {is_later('t')} then 'future' else 'inbox' end,"
    " case when t.kind = 'email_followup' then fu.thread_id else t.object_id end,"
    " case when fu.thread_id is not null then 'emailthread' end,"
    f" case when t.kind = 'email_followup' and {_VEILED} then 'No reply to an email' else t.text end,"
    f" t.priority, nullif(t.resolution, ''), t.created_by, {as_name('cu')}, t.updated_by, {as_name('uu')},"
    f" {as_date('t.date_created')} as date_created, {as_date('t.date_updated')},"
    " fu.subject, fu.body_preview, '[]'::json, case when t.kind = 'email_followup' then t.object_id end, null, null, 0,"
    " false, false, null"
    " from tasks t"
    " join leads l on l.organization_id = t.organization_id and l.id = t.lead_id"
    " left join users u on u.organization_id = t.organization_id and u.id = t.assigned_to"
    " left join lateral (select s.thread_id, s.subject, s.body_preview from seen_emails s where t.kind ="
    " 'email_followup' and s.organization_id = t.organization_id and s.id = t.object_id) fu on true"
    " left join users cu on cu.organization_id = t.organization_id and cu.id = t.created_by"
    " left join users uu on uu.organization_id = t.organization_id and uu.id = t.updated_by"
    " left join contacts c on c.organization_id = t.organization_id and c.id = t.contact_id"
)
_PARTS = {"items": _items_part, "tasks": _tasks_part}
