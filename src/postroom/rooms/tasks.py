"""Tasks that people write for a lead: their table and its queries. Inbox items are the inbox room's."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id

TABLES = ("tasks",)


class TaskKind(StrEnum):
    """What people make: a task, or a call they mean to make (Close's words)."""

    LEAD = "lead"
    OUTGOING_CALL = "outgoing_call"


class Priority(StrEnum):
    """Close's words for how urgent a task is."""

    MEDIUM = "medium"
    HIGH = "high"


class Resolution(StrEnum):
    """How a task ended that was not simply done; `NONE` where it was, or has not ended."""

    NONE = ""
    ABANDONED = "abandoned"
    SKIPPED = "skipped"


class DueForm(StrEnum):
    """How exactly it is said when a task is due."""

    MOMENT = "moment"
    DAY = "day"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Due:
    """When a task is due. Of a day it is midnight in UTC; a task without a date stands at the day it was written."""

    at: datetime
    form: DueForm = DueForm.MOMENT


@dataclass(frozen=True, slots=True)
class TaskContent:
    """What a person may write of a task."""

    text: str
    due: Due
    assigned_to: str | None = None
    contact_id: str | None = None
    is_complete: bool = False
    priority: str = Priority.MEDIUM
    resolution: str = Resolution.NONE
    kind: str = TaskKind.LEAD


@dataclass(frozen=True, slots=True)
class TaskChange:
    """The same, where None means: as it is. An empty `contact_id` is nobody."""

    text: str | None = None
    due: Due | None = None
    assigned_to: str | None = None
    is_complete: bool | None = None
    contact_id: str | None = None
    priority: Priority | None = None
    resolution: Resolution | None = None


@dataclass(frozen=True, slots=True)
class DoneTask:
    """A task of a lead that has just been completed."""

    lead_id: str
    content: TaskContent


@dataclass(frozen=True, slots=True)
class TaskStamp:
    """Who changes a task, and when."""

    user_id: str
    now: datetime


def due_on(day: date) -> Due:
    """On this day, wherever the task's owner is."""
    return Due(datetime.combine(day, time(), UTC), DueForm.DAY)


def without_date(written_on: date) -> Due:
    """Whenever; written on this day."""
    return Due(datetime.combine(written_on, time(), UTC), DueForm.NONE)


async def insert_task(tx: Transaction, organization_id: str, task: tuple[str, TaskContent], stamp: TaskStamp) -> str:
    """Make a task on a lead (`task` is lead id and content); its id. Raises NotFound for an unknown lead."""
    lead_id, content = task
    task_id = new_id("task")
    made = await tx.execute(
        "insert into tasks (organization_id, id, kind, lead_id, contact_id, assigned_to, text, due_at, due_form,"
        " is_complete, priority, resolution, created_by, updated_by, date_created, date_updated)"
        " select organization_id, %s, %s, id, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s from leads"
        " where organization_id = %s and id = %s",
        (
            task_id, content.kind, content.contact_id, content.assigned_to or stamp.user_id, content.text,
            content.due.at, content.due.form, content.is_complete, content.priority, content.resolution, stamp.user_id,
            stamp.user_id, stamp.now, stamp.now, organization_id, lead_id,
        ),
    )  # fmt: skip
    if not made.rowcount:
        raise NotFound("There is no such lead.")
    made_event = Event(f"task.{content.kind}", task_id, "created", lead_id, stamp.user_id)
    await append(tx, organization_id, [made_event], stamp.now)
    return task_id


async def insert_follow_up(
    tx: Transaction, organization_id: str, email_id: str, task: tuple[str, TaskContent], now: datetime
) -> str:
    """Make the task that an email without an answer leaves (`task` is lead id and content); its id."""
    lead_id, content = task
    task_id = new_id("task")
    await tx.execute(
        "insert into tasks (organization_id, id, kind, lead_id, contact_id, object_id, assigned_to, text, due_at,"
        " date_created, date_updated) values (%s, %s, 'email_followup', %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            organization_id, task_id, lead_id, content.contact_id, email_id, content.assigned_to, content.text,
            content.due.at, now, now,
        ),
    )  # fmt: skip
    made = Event("task.email_followup", task_id, "created", lead_id, content.assigned_to)
    await append(tx, organization_id, [made], now)
    return task_id


async def change_task(
    tx: Transaction, organization_id: str, change: tuple[str, TaskChange], stamp: TaskStamp
) -> DoneTask | None:
    """Change what `change` (task id, change) names; a lead's task, if this is what completed it. Raises NotFound."""
    task_id, wanted = change
    row = await (
        await tx.execute(
            "select kind, lead_id, text, due_at, due_form, assigned_to, contact_id, is_complete, priority, resolution"
            " from tasks where organization_id = %s and id = %s for update",
            (organization_id, task_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such task.")
    kind, lead_id, before = row[0], row[1], TaskContent(row[2], Due(row[3], DueForm(row[4])), *row[5:])
    given = {one.name: value for one in fields(wanted) if (value := getattr(wanted, one.name)) is not None}
    if "contact_id" in given:
        given["contact_id"] = given["contact_id"] or None
    after = replace(before, **given)
    changed = tuple(name for name in given if getattr(before, name) != getattr(after, name))
    if not changed:
        return None
    await tx.execute(
        "update tasks set text = %s, due_at = %s, due_form = %s, assigned_to = %s, is_complete = %s, contact_id = %s,"
        " priority = %s, resolution = %s, updated_by = %s, date_updated = %s where organization_id = %s and id = %s",
        (
            after.text, after.due.at, after.due.form, after.assigned_to, after.is_complete, after.contact_id,
            after.priority, after.resolution, stamp.user_id, stamp.now, organization_id, task_id,
        ),
    )  # fmt: skip
    action = "completed" if after.is_complete and not before.is_complete else "updated"
    event = Event(f"task.{kind}", task_id, action, lead_id, stamp.user_id, changed)
    await append(tx, organization_id, [event], stamp.now)
    return DoneTask(lead_id, after) if action == "completed" and kind == "lead" else None


async def delete_task(tx: Transaction, organization_id: str, task_id: str, stamp: TaskStamp) -> None:
    """Remove a task. Raises NotFound."""
    row = await (
        await tx.execute(
            "delete from tasks where organization_id = %s and id = %s returning lead_id, kind",
            (organization_id, task_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such task.")
    await append(tx, organization_id, [Event(f"task.{row[1]}", task_id, "deleted", row[0], stamp.user_id)], stamp.now)


async def move_follow_ups(tx: Transaction, organization_id: str, email_ids: Sequence[str], lead_id: str) -> None:
    """The follow-ups of these emails are for another lead from now on."""
    await tx.execute(
        "update tasks set lead_id = %s, contact_id = null where organization_id = %s and object_id = any(%s)"
        " and kind = 'email_followup'",
        (lead_id, organization_id, list(email_ids)),
    )


async def move_tasks(tx: Transaction, organization_id: str, leads: tuple[str, str]) -> None:
    """All tasks of one lead (`leads` is from, to) are of another from now on."""
    await tx.execute(
        "update tasks set lead_id = %s where organization_id = %s and lead_id = %s",
        (leads[1], organization_id, leads[0]),
    )
