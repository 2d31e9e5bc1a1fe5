"""/activity/ and /activity/emailthread/: everything that happened on leads, and their conversations."""

from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.groups import asked_of_users
from postroom.doors.web.query import Asked, Deleted, asked, cut_to_known, shown
from postroom.doors.web.reach import asker_of, tools_of
from postroom.ground.errors import Invalid
from postroom.journeys.archive import mark_read, mark_unread
from postroom.journeys.move_thread import move_thread
from postroom.journeys.send import delete_email
from postroom.views.activity_list import ActivityFilter, ActivityPage, ThreadMode, activity_page
from postroom.views.email_list import EmailFilter
from postroom.views.lead_timeline import ThreadCard, ThreadPage, thread_card, thread_page
from postroom.views.readable_bodies import readable_among
from postroom.views.record_list import WORDS

FILTERS = (
    "lead_id", "contact_id", "user_id", "id__in", "_type", "_type__in",
    "date_created__gt", "date_created__gte", "date_created__lt", "date_created__lte",
    "activity_at__gt", "activity_at__gte", "activity_at__lt", "activity_at__lte",
    "_limit", "_skip", "_fields", "_order_by",
)  # fmt: skip
BODIES = {"body_text", "body_text_quoted", "body_html_quoted", "_all"}
"""Fields that are made ready to be read only where they are asked for."""


_WORDS = {word.lower(): word for word in (*WORDS, "Email", "EmailThread", "Created")} | {"customactivity": "Custom"}
"""Close's words for the kinds, whatever case a client writes."""


class ReadBody(msgspec.Struct):
    """Whether a thread counts as read."""

    is_read: bool


class MoveBody(msgspec.Struct):
    """The lead that a conversation is to stand on."""

    lead_id: Annotated[str, msgspec.Meta(max_length=200)]


@get("/activity", operation_id="list_activities", operation_class=takes(*FILTERS, "thread_emails"))
async def list_activities(request: ApiRequest) -> ActivityPage:
    """Activities, newest first; `thread_emails` true or only shows conversations."""
    query = asked(request)
    kinds = query.ids("_type", "_type__in")
    if query.text("_order_by").removeprefix("-") not in ("", "date_created", "activity_at"):
        raise Invalid(field_errors={"_order_by": "This must be date_created or activity_at, or the same with a -."})
    words = None if kinds is None else frozenset(_WORDS.get(kind.lower(), kind) for kind in kinds)
    async with tools_of(request).db.reading() as tx:
        query = await asked_of_users(request, tx)
        wanted = ActivityFilter(email_filter(request, query), _mode(query), words)
        page = await activity_page(tx, request.user.organization_id, wanted, query.page())
    if BODIES & set(query.ids("_fields") or BODIES):
        page = ActivityPage(await readable_among(page.data), page.has_more)
    return shown_of_kinds(request, page)


@get("/activity/emailthread", operation_id="list_email_threads", operation_class=takes(*FILTERS))
async def list_threads(request: ApiRequest) -> ThreadPage:
    """Conversations, the one with the newest email first."""
    async with tools_of(request).db.reading() as tx:
        query = await asked_of_users(request, tx)
        page = await thread_page(tx, request.user.organization_id, email_filter(request, query), query.page())
    return shown(request, page)


@get("/activity/emailthread/{thread_id:str}", operation_id="get_email_thread", operation_class=takes("_fields"))
async def get_thread(request: ApiRequest, thread_id: FromPath[str]) -> ThreadCard:
    """One conversation with its emails, without their bodies."""
    tools = tools_of(request)
    async with tools.db.reading() as tx:
        card = await thread_card(tx, request.user.organization_id, thread_id, tools.config.base_url)
    return shown(request, card)


@post("/activity/emailthread/{thread_id:str}/read", operation_id="read_email_thread", status_code=200)
async def read_thread(request: ApiRequest, thread_id: FromPath[str], data: JSONBody[ReadBody]) -> Deleted:
    """Mark a conversation as read or unread, here and in the caller's own mailboxes."""
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        await thread_card(tx, request.user.organization_id, thread_id, "")
    if data.is_read:
        await mark_read(tools, asker_of(request), thread_id)
    else:
        await mark_unread(tools, asker_of(request), thread_id)
    return Deleted()


@post("/activity/emailthread/{thread_id:str}/move", operation_id="move_email_thread", status_code=200)
async def move_to_lead(request: ApiRequest, thread_id: FromPath[str], data: JSONBody[MoveBody]) -> ThreadCard:
    """Put a conversation on another lead, or back; what answers it later goes there too. Not in Close."""
    tools = tools_of(request)
    await move_thread(tools, asker_of(request), thread_id, data.lead_id)
    async with tools.db.reading() as tx:
        return await thread_card(tx, request.user.organization_id, thread_id, tools.config.base_url)


@delete("/activity/emailthread/{thread_id:str}", operation_id="delete_email_thread", status_code=200)
async def delete_thread(request: ApiRequest, thread_id: FromPath[str]) -> Deleted:
    """Take a conversation with all its emails off the lead; the mailboxes keep theirs."""
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        thread = await thread_card(tx, request.user.organization_id, thread_id, "")
    for email in thread.emails:
        await delete_email(tools, asker_of(request), email.id)
    return Deleted()


def shown_of_kinds(request: ApiRequest, page: ActivityPage) -> ActivityPage:
    """The page cut down to `_fields`, each row to those that its kind has: no kind has all that clients ask for."""
    names = asked(request).ids("_fields")
    if not names:
        return page
    rows = msgspec.json.decode(msgspec.json.encode(page.data))
    return ActivityPage([cut_to_known(row, set(names)) for row in rows], page.has_more)


def email_filter(request: ApiRequest, query: Asked) -> EmailFilter:
    """The filters that emails and threads share."""
    return EmailFilter(
        ids=query.ids("id__in", "id"),
        lead_ids=query.ids("lead_id", "lead_id__in"),
        contact_ids=query.ids("contact_id", "contact_id__in"),
        user_ids=query.ids("user_id", "user_id__in"),
        thread_ids=query.ids("thread_id"),
        statuses=query.ids("status", "status__in"),
        date_created=query.span("date_created"),
        activity_at=query.span("activity_at"),
        order=query.order(),
        base_url=tools_of(request).config.base_url,
    )


def _mode(query: Asked) -> ThreadMode:
    text = query.text("thread_emails").lower()
    if text in ("", "false"):
        return ThreadMode.EMAILS
    if text not in ("true", "only"):
        raise Invalid(field_errors={"thread_emails": "This must be true or only."})
    return ThreadMode(text)


ROUTES = [list_activities, list_threads, get_thread, read_thread, move_to_lead, delete_thread]
