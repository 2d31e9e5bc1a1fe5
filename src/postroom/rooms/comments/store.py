"""Every query of comments and their threads. A change and its event are one."""

from collections.abc import Mapping
from dataclasses import dataclass

from postroom.ground.database import Transaction
from postroom.ground.errors import Forbidden, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.ground.stamp import Stamp


@dataclass(frozen=True, slots=True)
class Subject:
    """What is commented on: an activity, an email thread or an opportunity, and the lead it stands on."""

    object_id: str
    object_type: str
    lead_id: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as stored."""

    id: str
    thread_id: str
    lead_id: str
    created_by: str | None
    is_deleted: bool
    body: str


async def insert_comment(tx: Transaction, organization_id: str, given: tuple[Subject, str], stamp: Stamp) -> str:
    """Say something (`given` is about what, safe HTML); the comment's id. The thread is begun where there is none."""
    subject, body = given
    await tx.execute(
        "insert into comment_threads (organization_id, id, lead_id, object_id, object_type, date_created, date_updated)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (organization_id, object_id)"
        " do update set date_updated = excluded.date_updated",
        (
            organization_id, new_id("comthr"), subject.lead_id, subject.object_id, subject.object_type, stamp.now,
            stamp.now,
        ),
    )  # fmt: skip
    comment_id = new_id("comm")
    await tx.execute(
        "insert into comments (organization_id, id, thread_id, body, created_by, updated_by, date_created,"
        " date_updated) select t.organization_id, %s, t.id, %s, %s, %s, %s, %s from comment_threads t"
        " where t.organization_id = %s and t.object_id = %s",
        (comment_id, body, stamp.user_id, stamp.user_id, stamp.now, stamp.now, organization_id, subject.object_id),
    )
    event = Event("comment", comment_id, "created", subject.lead_id, stamp.user_id)
    await append(tx, organization_id, [event], stamp.now)
    return comment_id


async def comment_to_change(tx: Transaction, organization_id: str, comment_id: str, user_id: str) -> Comment:
    """A comment that this user may change: one's own. Raises NotFound, Forbidden."""
    row = await (
        await tx.execute(
            "select c.id, c.thread_id, t.lead_id, c.created_by, c.is_deleted, c.body from comments c"
            " join comment_threads t on t.organization_id = c.organization_id and t.id = c.thread_id"
            " where c.organization_id = %s and c.id = %s for update of c",
            (organization_id, comment_id),
        )
    ).fetchone()
    if row is None or row[4]:
        raise NotFound("There is no such comment.")
    if row[3] != user_id:
        raise Forbidden("Only who wrote a comment may change it.")
    return Comment(*row)


async def change_comment(tx: Transaction, organization_id: str, change: tuple[Comment, str], stamp: Stamp) -> None:
    """Let a comment say something else (`change` is it and safe HTML)."""
    comment, body = change
    if body == comment.body:
        return
    await tx.execute(
        "update comments set body = %s, updated_by = %s, date_updated = %s where organization_id = %s and id = %s",
        (body, stamp.user_id, stamp.now, organization_id, comment.id),
    )
    event = Event("comment", comment.id, "updated", comment.lead_id, stamp.user_id, ("body",))
    await append(tx, organization_id, [event], stamp.now)


async def delete_comment(tx: Transaction, organization_id: str, comment: Comment, stamp: Stamp) -> None:
    """Take back what a comment says; that there was one stays."""
    await tx.execute(
        "update comments set body = '', is_deleted = true, updated_by = %s, date_updated = %s"
        " where organization_id = %s and id = %s",
        (stamp.user_id, stamp.now, organization_id, comment.id),
    )
    event = Event("comment", comment.id, "deleted", comment.lead_id, stamp.user_id)
    await append(tx, organization_id, [event], stamp.now)


async def move_threads(tx: Transaction, organization_id: str, leads: tuple[str, str]) -> None:
    """All comments of one lead (`leads` is from, to) stand on another from now on."""
    await tx.execute(
        "update comment_threads set lead_id = %s where organization_id = %s and lead_id = %s",
        (leads[1], organization_id, leads[0]),
    )


async def move_thread_of(tx: Transaction, organization_id: str, object_id: str, lead_id: str) -> None:
    """What was said about one thing stands on another lead from now on."""
    await tx.execute(
        "update comment_threads set lead_id = %s where organization_id = %s and object_id = %s",
        (lead_id, organization_id, object_id),
    )


async def follow_merged_threads(tx: Transaction, organization_id: str, merged: Mapping[str, str]) -> None:
    """Email threads became one: so does what was said about them."""
    for gone, kept in merged.items():
        names = {"org": organization_id, "gone": gone, "kept": kept}
        await tx.execute(
            "update comments c set thread_id = k.id from comment_threads g, comment_threads k"
            " where c.organization_id = %(org)s and g.organization_id = %(org)s and k.organization_id = %(org)s"
            " and g.object_id = %(gone)s and k.object_id = %(kept)s and c.thread_id = g.id",
            names,
        )
        await tx.execute(
            "delete from comment_threads g using comment_threads k where g.organization_id = %(org)s"
            " and k.organization_id = %(org)s and g.object_id = %(gone)s and k.object_id = %(kept)s",
            names,
        )
        await tx.execute(
            "update comment_threads set object_id = %(kept)s where organization_id = %(org)s and object_id = %(gone)s",
            names,
        )
