"""/comment/ and /comment_thread/: what colleagues say to each other about an activity or opportunity."""

from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, asked, shown
from postroom.doors.web.reach import stamp_of, tools_of
from postroom.ground.errors import Invalid
from postroom.rooms.activities.rich_text import from_html
from postroom.rooms.comments import store
from postroom.views.comment_list import (
    CommentCard,
    CommentPage,
    CommentThreadCard,
    CommentThreadPage,
    comment_card,
    comment_page,
    comment_thread_card,
    comment_thread_page,
    subject_of,
)

Text = Annotated[str, msgspec.Meta(max_length=100_000)]


class CommentBody(msgspec.Struct):
    """What a comment says, as HTML, and what it is about (only when it is made)."""

    body: Text
    object_id: str = ""


@get("/comment", operation_id="list_comments", operation_class=takes("object_id", "thread_id", "_limit", "_skip"))
async def list_comments(request: ApiRequest) -> CommentPage:
    """The comments on one thing or of one thread, oldest first. Give either `object_id` or `thread_id`."""
    query = asked(request)
    object_id, thread_id = query.text("object_id") or None, query.text("thread_id") or None
    if (object_id is None) == (thread_id is None):
        raise Invalid("Give either object_id or thread_id.")
    async with tools_of(request).db.reading() as tx:
        if object_id:
            object_id = (await subject_of(tx, request.user.organization_id, object_id)).object_id
        page = await comment_page(
            tx, request.user.organization_id, (object_id, thread_id), query.page(MOST_PLAIN_LIMIT)
        )
    return shown(request, page)


@get("/comment/{comment_id:str}", operation_id="get_comment", operation_class=takes("_fields"))
async def get_comment(request: ApiRequest, comment_id: FromPath[str]) -> CommentCard:
    """One comment."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, await comment_card(tx, request.user.organization_id, comment_id))


@post("/comment", operation_id="create_comment", status_code=201)
async def create_comment(request: ApiRequest, data: JSONBody[CommentBody]) -> CommentCard:
    """Comment on an activity, an email (through its thread) or an opportunity."""
    organization_id, body = request.user.organization_id, _body(data.body)
    if not data.object_id:
        raise Invalid(field_errors={"object_id": "This field is required."})
    async with tools_of(request).db.transaction() as tx:
        subject = await subject_of(tx, organization_id, data.object_id)
        comment_id = await store.insert_comment(tx, organization_id, (subject, body), stamp_of(request))
        return await comment_card(tx, organization_id, comment_id)


@put("/comment/{comment_id:str}", operation_id="update_comment")
async def update_comment(request: ApiRequest, comment_id: FromPath[str], data: JSONBody[CommentBody]) -> CommentCard:
    """Change what one's own comment says."""
    organization_id, body = request.user.organization_id, _body(data.body)
    async with tools_of(request).db.transaction() as tx:
        await comment_card(tx, organization_id, comment_id)  # NotFound on a conversation that is kept from the caller
        comment = await store.comment_to_change(tx, organization_id, comment_id, request.user.id)
        await store.change_comment(tx, organization_id, (comment, body), stamp_of(request))
        return await comment_card(tx, organization_id, comment_id)


@delete("/comment/{comment_id:str}", operation_id="delete_comment", status_code=204)
async def delete_comment(request: ApiRequest, comment_id: FromPath[str]) -> None:
    """Take back what one's own comment says; that there was one stays."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.transaction() as tx:
        await comment_card(tx, organization_id, comment_id)  # NotFound on a conversation that is kept from the caller
        comment = await store.comment_to_change(tx, organization_id, comment_id, request.user.id)
        await store.delete_comment(tx, organization_id, comment, stamp_of(request))


@get(
    "/comment_thread",
    operation_id="list_comment_threads",
    operation_class=takes("ids", "object_ids", "_limit", "_skip"),
)
async def list_threads(request: ApiRequest) -> CommentThreadPage:
    """Threads, those of `ids` or `object_ids` or all, with their comments; the newest thread first."""
    query = asked(request)
    ids, object_ids = query.ids("ids", "id__in"), query.ids("object_ids", "object_id")
    async with tools_of(request).db.reading() as tx:
        page = await comment_thread_page(
            tx, request.user.organization_id, (ids, object_ids), query.page(MOST_PLAIN_LIMIT)
        )
    return shown(request, page)


@get("/comment_thread/{comment_thread_id:str}", operation_id="get_comment_thread", operation_class=takes("_fields"))
async def get_thread(request: ApiRequest, comment_thread_id: FromPath[str]) -> CommentThreadCard:
    """One thread with its comments."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, await comment_thread_card(tx, request.user.organization_id, comment_thread_id))


def _body(given: str) -> str:
    text, html = from_html(given)
    if not text:
        raise Invalid(field_errors={"body": "This field is required."})
    return html


ROUTES = [list_comments, get_comment, create_comment, update_comment, delete_comment, list_threads, get_thread]
