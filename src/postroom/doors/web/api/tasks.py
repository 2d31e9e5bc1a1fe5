"""/task/: the Inbox (Close's `incoming_email` tasks: Done, reopen, snooze) and tasks of leads."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, TypeVar

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.bodies import Maybe, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.groups import asked_of_users
from postroom.doors.web.query import (
    MOST_PLAIN_LIMIT,
    Asked,
    Deleted,
    end_of_date,
    end_of_day,
    moment,
    shown,
    today_of,
)
from postroom.doors.web.reach import asker_of, tools_of
from postroom.doors.web.telling import told, told_made
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.journeys.archive import mark_done, reopen, snooze
from postroom.journeys.change_task import change_task
from postroom.rooms import tasks
from postroom.rooms.tasks import (
    Due,
    DueForm,
    Priority,
    Resolution,
    TaskChange,
    TaskContent,
    TaskKind,
    TaskStamp,
    due_on,
    without_date,
)
from postroom.views.inbox_page import (
    KINDS,
    Moments,
    TaskCard,
    TaskFilter,
    TaskPage,
    count_due_tasks,
    count_open_items,
    task_card,
    task_page,
)
from postroom.views.references import require_contact, require_user
from postroom.views.selection import Page, Span

Line = Annotated[str, msgspec.Meta(max_length=1000)]
W = TypeVar("W", bound=StrEnum)
_ITEM_PREFIX = "noti_"


class TaskBody(msgspec.Struct):
    """What may be written of a task. `text`, `contact_id`, `priority`, `resolution` are not of Inbox items; `_type` and
    `lead_id` only when it is made."""

    type: Maybe[Line] = msgspec.field(name="_type", default=msgspec.UNSET)
    lead_id: Maybe[Line] = msgspec.UNSET
    contact_id: Maybe[Line] = msgspec.UNSET
    assigned_to: Maybe[Line] = msgspec.UNSET
    text: Annotated[str, msgspec.Meta(max_length=100_000)] | msgspec.UnsetType | None = msgspec.UNSET
    date: Maybe[Line] = msgspec.UNSET
    due_date: Maybe[Line] = msgspec.UNSET
    is_complete: Maybe[bool] = msgspec.UNSET
    priority: Maybe[Line] = msgspec.UNSET
    resolution: Maybe[Line] = msgspec.UNSET
    is_dateless: Maybe[bool] = msgspec.UNSET


class InboxCount(msgspec.Struct):
    """How many items wait in the caller's Inbox, and how many tasks are due by the end of the caller's day.

    Each is counted up to a thousand.
    """

    open: int
    due: int


@get(
    "/task",
    operation_id="list_tasks",
    operation_class=takes(
        "_type", "_type__in", "view", "assigned_to", "lead_id", "id__in", "is_complete", "email_account_id",
        "_order_by", "date__lt", "date__lte", "date__gt", "date__gte", "due_date__lt", "due_date__lte", "due_date__gt",
        "due_date__gte", "date_created__lt", "date_created__lte", "date_created__gt", "date_created__gte",
        "date_updated__lt", "date_updated__lte", "date_updated__gt", "date_updated__gte", "_limit", "_skip", "_fields",
    ),
)  # fmt: skip
async def list_tasks(request: ApiRequest) -> TaskPage:
    """Tasks; the Inbox is `_type=incoming_email&view=inbox`. Without `_type`, tasks of leads."""
    async with tools_of(request).db.reading() as tx:
        query = await asked_of_users(request, tx)
        page = await task_page(tx, request.user.organization_id, _filter(request, query), query.page(MOST_PLAIN_LIMIT))
    return shown(request, page)


@get("/task/count", operation_id="count_inbox")
async def count_inbox(request: ApiRequest) -> InboxCount:
    """How much waits in the caller's Inbox, and how many tasks are due. Not in Close."""
    tools, organization_id, user_id = tools_of(request), request.user.organization_id, request.user.id
    now = tools.clock()
    async with tools.db.reading() as tx:
        open_items = await count_open_items(tx, organization_id, user_id, now)
        due_tasks = await count_due_tasks(tx, organization_id, user_id, _moments(request))
    return InboxCount(open_items, due_tasks)


@get("/task/{task_id:str}", operation_id="get_task", operation_class=takes("_fields"))
async def get_task(request: ApiRequest, task_id: FromPath[str]) -> TaskCard:
    """One task."""
    return shown(request, await _card(request, task_id))


@post("/task", operation_id="create_task", status_code=200)
async def create_task(request: ApiRequest, data: JSONBody[TaskBody]) -> TaskCard:
    """Make a task on a lead, for the caller unless `assigned_to` names somebody."""
    lead_id = tidy(data.lead_id)
    if not lead_id:
        raise Invalid(field_errors={"lead_id": "This field is required."})
    content = TaskContent(
        tidy(data.text) or "", _due_of_new(request, data), tidy(data.assigned_to) or None,
        tidy(data.contact_id) or None, data.is_complete is True,
        _one_of(Priority, "priority", data.priority) or Priority.MEDIUM,
        _one_of(Resolution, "resolution", data.resolution) or Resolution.NONE,
        _one_of(TaskKind, "_type", data.type) or TaskKind.LEAD,
    )  # fmt: skip
    async with tools_of(request).db.transaction() as tx:
        await require_user(tx, request.user.organization_id, "assigned_to", content.assigned_to)
        await require_contact(tx, request.user.organization_id, "contact_id", content.contact_id)
        task_id = await tasks.insert_task(tx, request.user.organization_id, (lead_id, content), _stamp(request))
        await told_made(request, tx, "task.lead", task_id)
    return shown(request, await _card(request, task_id))


@put("/task/{task_id:str}", operation_id="update_task")
async def update_task(request: ApiRequest, task_id: FromPath[str], data: JSONBody[TaskBody]) -> TaskCard:
    """Done and reopen (`is_complete`), snooze (`date`); of lead tasks also the text and who does it."""
    await _change(request, [task_id], data)
    return shown(request, await _card(request, task_id))


@put("/task", operation_id="update_tasks", operation_class=takes("_type", "id__in", "view", "assigned_to", "lead_id"))
async def update_tasks(request: ApiRequest, data: JSONBody[TaskBody]) -> TaskPage:
    """The same for all tasks that the filters name, 200 at most; all or none."""
    async with tools_of(request).db.transaction() as tx:
        query = await asked_of_users(request, tx)
        wanted = _filter(request, query)
        if wanted.ids is not None and query.ids("_type", "_type__in") is None:
            wanted = replace(wanted, kinds=KINDS)  # ids say of which kind they are
        page = await task_page(tx, request.user.organization_id, wanted, Page(200))
    ids = [task.id for task in page.data]
    await _change(request, ids, data)
    async with tools_of(request).db.reading() as tx:
        changed = await task_page(tx, request.user.organization_id, _just(request, ids), Page(200))
    by_id = {task.id: task for task in changed.data}
    return TaskPage([by_id[task_id] for task_id in ids if task_id in by_id], page.has_more)


@delete("/task/{task_id:str}", operation_id="delete_task", status_code=200)
async def delete_task(request: ApiRequest, task_id: FromPath[str]) -> Deleted:
    """Remove a task of a lead. Inbox items are marked done instead."""
    if task_id.startswith(_ITEM_PREFIX):
        raise Invalid("Inbox items are not deleted; mark them as done.")
    async with tools_of(request).db.transaction() as tx, told(request, tx, "task.lead", task_id):
        await _demand_seen(request, tx, task_id)
        await tasks.delete_task(tx, request.user.organization_id, task_id, _stamp(request))
    return Deleted()


async def _change(request: ApiRequest, task_ids: Sequence[str], data: TaskBody) -> None:
    """Items and tasks have a transaction each: what could refuse either is asked before the first."""
    change = TaskChange(
        None if isinstance(data.text, msgspec.UnsetType) else data.text or "",
        _due("date", data.date) or _due("due_date", data.due_date),
        tidy(data.assigned_to) or None,
        _is_complete(data),
        tidy(data.contact_id),
        _one_of(Priority, "priority", data.priority),
        _one_of(Resolution, "resolution", data.resolution),
    )
    async with tools_of(request).db.reading() as tx:
        await require_user(tx, request.user.organization_id, "assigned_to", change.assigned_to)
        await require_contact(tx, request.user.organization_id, "contact_id", change.contact_id or None)
    items = [task_id for task_id in task_ids if task_id.startswith(_ITEM_PREFIX)]
    if items:
        await _change_items(request, items, data)
    async with tools_of(request).db.transaction() as tx:
        for task_id in task_ids:
            if not task_id.startswith(_ITEM_PREFIX):
                async with told(request, tx, "task.lead", task_id):
                    one = replace(change, due=_due_after(request, data, await _demand_seen(request, tx, task_id)))
                    await change_task(tx, request.user.organization_id, (task_id, one), _stamp(request))


async def _change_items(request: ApiRequest, item_ids: Sequence[str], data: TaskBody) -> None:
    """A date is a snooze and opens the item; is_complete alone is Done or reopen. What is only said again, by a program
    that sends back what it has read, changes nothing."""
    tools, asker, is_complete = tools_of(request), asker_of(request), _is_complete(data)
    async with tools.db.reading() as tx:
        cards = [await _demand_seen(request, tx, item_id) for item_id in item_ids]
    due_of = {card.id: _said_of_due(data, card) for card in cards}
    later = {
        card.id: due.at
        for card in cards
        if (due := due_of[card.id]) and (due != _due_of(card) or (card.is_complete and is_complete is None))
    }
    if is_complete is True:
        await mark_done(tools, asker, [card.id for card in cards if not card.is_complete])
        return
    for until in set(later.values()):
        await snooze(tools, asker, [item_id for item_id, at in later.items() if at == until], until)
    if is_complete is False:
        await reopen(tools, asker, [card.id for card in cards if card.is_complete and card.id not in later])


async def _card(request: ApiRequest, task_id: str) -> TaskCard:
    async with tools_of(request).db.reading() as tx:
        return await _demand_seen(request, tx, task_id)


async def _demand_seen(request: ApiRequest, tx: Transaction, task_id: str) -> TaskCard:
    """The task as the caller sees it. Raises NotFound for one that they may not know of, such as the follow-up of an
    email that is kept from them."""
    return await task_card(tx, request.user.organization_id, task_id, _filter(request, Asked({})))


def _just(request: ApiRequest, task_ids: Sequence[str]) -> TaskFilter:
    return replace(_filter(request, Asked({})), kinds=KINDS, ids=tuple(task_ids))


def _filter(request: ApiRequest, query: Asked) -> TaskFilter:
    view, order = query.text("view"), query.text("_order_by").partition(",")[0].strip() or "-date"
    if view not in ("", "inbox", "future", "archive"):
        raise Invalid(field_errors={"view": "This must be inbox, future or archive."})
    if order.lstrip("-") not in ("date", "date_created") or order.startswith("--"):
        raise Invalid(field_errors={"_order_by": "This must be date or date_created, with - for the latest first."})
    kinds, assigned = query.ids("_type", "_type__in"), query.ids("assigned_to", "assigned_to__in")
    return TaskFilter(
        _moments(request),
        request.user.id,
        kinds=("lead",) if kinds is None else KINDS if "all" in kinds else kinds,
        ids=query.ids("id__in", "id"),
        lead_ids=query.ids("lead_id"),
        assigned_to=assigned and tuple(request.user.id if one == "me" else one for one in assigned),
        account_ids=query.ids("email_account_id"),
        view=view,
        is_complete=query.flag("is_complete"),
        own_only=request.user.role.value == "restricted",
        due=Span() if view in ("inbox", "future") else _when(query),  # as in Close, these views set the date
        date_created=query.span("date_created"),
        date_updated=query.span("date_updated"),
        order=order,
    )


def _one_of(words: type[W], field: str, given: Maybe[str]) -> W | None:
    """One of these words; None where the key is absent, or null and there is no word for nothing. Raises Invalid."""
    text = tidy(given)
    if text is None or (not text and "" not in words.__members__.values()):
        return None
    if text not in words.__members__.values():
        raise Invalid(field_errors={field: f"This must be one of {', '.join(filter(None, words))}."})
    return words(text)


def _when(query: Asked) -> Span:
    """`date` and `due_date` are one here; of two that are given the first counts."""
    given = query.in_utc().span("date")
    return query.in_utc().span("due_date") if given == Span() else given


def _moments(request: ApiRequest) -> Moments:
    now = tools_of(request).clock()
    return Moments(now, end_of_day(request, now), end_of_date(request, now))


def _due_of_new(request: ApiRequest, data: TaskBody) -> Due:
    """Without a date, or with `is_dateless`, a task has none. A whole task of elsewhere keeps the day it says, as that
    on which it was written: so one that is to come is today."""
    said = _due("date", data.date) or _due("due_date", data.due_date)
    if said and data.is_dateless is not True:
        return said
    today = today_of(request, tools_of(request).clock())
    return without_date(min(said.at.date(), today) if said else today)


def _due_after(request: ApiRequest, data: TaskBody, card: TaskCard) -> Due | None:
    """When a task is due from now on; None where nothing new is said. A `date` of null, or `is_dateless`, takes its
    date away: not a `due_date` of null, which stands in every answer about a task without a date."""
    said, before = _said_of_due(data, card), _due_of(card)
    if said and (said.at != before.at or (said.form is not before.form and not card.is_dateless)):
        return said
    if card.is_dateless:
        return due_on(before.at.date()) if data.is_dateless is False else None
    is_taken_away = data.is_dateless is True or data.date is None
    return without_date(today_of(request, tools_of(request).clock())) if is_taken_away else None


def _said_of_due(data: TaskBody, card: TaskCard) -> Due | None:
    """Both names may stand in the body, and the one counts that says something new."""
    date, due_date = _due("date", data.date), _due("due_date", data.due_date)
    return due_date if due_date and date == _due("date", card.date) else date or due_date


def _due_of(card: TaskCard) -> Due:
    due = _due("date", card.date)
    assert due is not None  # every card has a date
    return replace(due, form=DueForm.NONE) if card.is_dateless else due


def _due(field: str, given: Maybe[str]) -> Due | None:
    """A moment, or a day where no time is given; None where it is absent, null or empty."""
    text = (tidy(given) or "").strip()
    if not text:
        return None
    at = moment(field, text)
    return due_on(at.date()) if len(text) <= len("2026-12-31") else Due(at)


def _is_complete(data: TaskBody) -> bool | None:
    return data.is_complete if isinstance(data.is_complete, bool) else None


def _stamp(request: ApiRequest) -> TaskStamp:
    return TaskStamp(request.user.id, tools_of(request).clock())


ROUTES = [list_tasks, count_inbox, get_task, create_task, update_task, update_tasks, delete_task]
