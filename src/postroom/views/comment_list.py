"""Comments and their threads as Close prints them, and what may be commented on."""

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.rooms.comments.store import Subject
from postroom.views.selection import Page, Where, as_date, cut, rows_of


class CommentCard(msgspec.Struct, frozen=True):
    """A comment, in the shape of `/comment/`. Of a deleted one the body is null."""

    id: str
    thread_id: str
    object_id: str
    object_type: str
    organization_id: str
    body: str | None
    mentions: list[str]
    created_by: str | None
    updated_by: str | None
    date_created: str
    date_updated: str
    lead_id: str
    created_at: str
    updated_at: str
    removed_at: str | None
    removed_by: str | None


class CommentPage(msgspec.Struct, frozen=True):
    """Some comments."""

    data: list[CommentCard]
    has_more: bool


class CommentThreadCard(msgspec.Struct, frozen=True):
    """All comments on one thing, in the shape of `/comment_thread/`."""

    id: str
    object_id: str
    object_type: str
    organization_id: str
    comments: list[CommentCard]
    comment_count: int
    date_created: str
    date_updated: str
    lead_id: str
    num_comments: int
    participating: list[str]
    created_at: str
    updated_at: str


class CommentThreadPage(msgspec.Struct, frozen=True):
    """Some threads of comments."""

    data: list[CommentThreadCard]
    has_more: bool


async def comment_page(
    tx: Transaction, organization_id: str, wanted: tuple[str | None, str | None], page: Page
) -> CommentPage:
    """The comments on a thing or of a thread (`wanted` is object id, thread id), oldest first."""
    where = Where.of("c.organization_id", organization_id)
    where.equal("t.object_id", wanted[0])
    where.equal("t.id", wanted[1])
    cursor = rows_of(tx, CommentCard)
    await cursor.execute(
        f"select {_COLUMNS} from comments c {_JOIN} where {where} and {_SEEN} order by c.date_created, c.id"
        " limit %(limit)s offset %(skip)s",
        {**where.values, "limit": page.limit + 1, "skip": page.skip},
    )
    return CommentPage(*cut(await cursor.fetchall(), page))


async def comment_card(tx: Transaction, organization_id: str, comment_id: str) -> CommentCard:
    """One comment. Raises NotFound."""
    cursor = rows_of(tx, CommentCard)
    await cursor.execute(
        f"select {_COLUMNS} from comments c {_JOIN} where c.organization_id = %s and c.id = %s and {_SEEN}",
        (organization_id, comment_id),
    )
    card = await cursor.fetchone()
    if card is None:
        raise NotFound("There is no such comment.")
    return card


async def comment_thread_page(
    tx: Transaction, organization_id: str, wanted: tuple[tuple[str, ...] | None, tuple[str, ...] | None], page: Page
) -> CommentThreadPage:
    """Threads by their ids or by what they are about (`wanted`), with their comments."""
    where = Where.of("t.organization_id", organization_id)
    where.among("t.id", wanted[0])
    where.among("t.object_id", wanted[1])
    cursor = rows_of(tx, CommentThreadCard)
    await cursor.execute(
        f"select t.id, t.object_id, t.object_type, t.organization_id, {_OF_THREAD}, {_COUNT},"
        f" {as_date('t.date_created')}, {as_date('t.date_updated')}, t.lead_id, {_COUNT}, {_PEOPLE},"
        f" {as_date('t.date_created')}, {as_date('t.date_updated')} from comment_threads t where {where} and {_SEEN}"
        " order by t.date_created desc, t.id limit %(limit)s offset %(skip)s",
        {**where.values, "limit": page.limit + 1, "skip": page.skip},
    )
    return CommentThreadPage(*cut(await cursor.fetchall(), page))


async def comment_thread_card(tx: Transaction, organization_id: str, thread_id: str) -> CommentThreadCard:
    """One thread with its comments. Raises NotFound."""
    page = await comment_thread_page(tx, organization_id, ((thread_id,), None), Page(1))
    if not page.data:
        raise NotFound("There is no such thread of comments.")
    return page.data[0]


async def subject_of(tx: Transaction, organization_id: str, object_id: str) -> Subject:
    """What may be commented on under this id. An email is commented on through its thread. Raises NotFound."""
    row = await (
        await tx.execute(
            "select t.id, 'emailthread', t.lead_id from seen_threads t where t.organization_id = %(org)s"
            " and t.id = %(id)s"
            " union all select coalesce(e.thread_id, e.id), 'emailthread', e.lead_id from seen_emails e"
            " where e.organization_id = %(org)s and e.id = %(id)s"
            " union all select a.id, case a.kind when 'custom' then 'custom_activity' else a.kind end, a.lead_id"
            " from activities a where a.organization_id = %(org)s and a.id = %(id)s"
            " union all select o.id, 'opportunity', o.lead_id from opportunities o"
            " where o.organization_id = %(org)s and o.id = %(id)s limit 1",
            {"org": organization_id, "id": object_id},
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is nothing of this id to comment on.")
    return Subject(*row)


_FIELDS = {
    "id": "c.id",
    "thread_id": "c.thread_id",
    "object_id": "t.object_id",
    "object_type": "t.object_type",
    "organization_id": "c.organization_id",
    "body": "case when c.is_deleted then null else c.body end",
    "mentions": "'[]'::json",
    "created_by": "c.created_by",
    "updated_by": "c.updated_by",
    "date_created": as_date("c.date_created"),
    "date_updated": as_date("c.date_updated"),
    "lead_id": "t.lead_id",
    "created_at": as_date("c.date_created"),
    "updated_at": as_date("c.date_updated"),
    "removed_at": f"case when c.is_deleted then {as_date('c.date_updated')} end",
    "removed_by": "case when c.is_deleted then c.updated_by end",
}
_COLUMNS = ", ".join(_FIELDS.values())
_JOIN = " join comment_threads t on t.organization_id = c.organization_id and t.id = c.thread_id"
_SEEN = (
    "(t.object_type <> 'emailthread' or exists (select 1 from seen_threads v"
    " where v.organization_id = t.organization_id and v.id = t.object_id))"
)
"""What is said about a conversation is for those who may read it."""
_IN_THREAD = "from comments c where c.organization_id = t.organization_id and c.thread_id = t.id"
_OF_THREAD = (
    f"coalesce((select json_agg(json_build_object({', '.join(f'{name!r}, {sql}' for name, sql in _FIELDS.items())})"
    f" order by c.date_created, c.id) {_IN_THREAD}), '[]'::json)"
)
_PEOPLE = f"coalesce((select json_agg(distinct c.created_by) {_IN_THREAD} and not c.is_deleted), '[]'::json)"
_COUNT = f"(select count(*)::int {_IN_THREAD} and not c.is_deleted)"
