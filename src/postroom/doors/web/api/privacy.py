"""Who sees a conversation: made private by those who hold it, and who has read it. Not in Close."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import get, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Deleted
from postroom.doors.web.reach import asker_of, tools_of
from postroom.journeys import thread_privacy
from postroom.rooms.emails import visibility_store
from postroom.views.email_readers import PrivacyCard, ReaderCard, readers_of_thread, thread_privacy_card
from postroom.views.lead_timeline import thread_card

Line = Annotated[str, msgspec.Meta(max_length=200)]


class PrivacyBody(msgspec.Struct):
    """Whether only those whose mailboxes hold it see it, and which coworkers besides."""

    is_private: bool
    reader_ids: Annotated[list[Line], msgspec.Meta(max_length=500)] = []


class ReaderPage(msgspec.Struct):
    """Coworkers who opened something of it without holding it themselves."""

    data: list[ReaderCard]


async def note_reading(request: ApiRequest, email_ids: Sequence[str]) -> None:
    """Write down that the caller has opened these emails; nothing where their own mailbox holds them."""
    if not email_ids:
        return
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        org, user_id = request.user.organization_id, request.user.id
        await visibility_store.note_reading(tx, org, email_ids, user_id, tools.clock())


@get("/activity/emailthread/{thread_id:str}/privacy", operation_id="get_thread_privacy")
async def get_privacy(request: ApiRequest, thread_id: FromPath[str]) -> PrivacyCard:
    """Who sees it, and whether the caller may change that."""
    async with tools_of(request).db.reading() as tx:
        return await thread_privacy_card(tx, request.user.organization_id, thread_id, request.user.id)


@put("/activity/emailthread/{thread_id:str}/privacy", operation_id="put_thread_privacy")
async def put_privacy(request: ApiRequest, thread_id: FromPath[str], data: JSONBody[PrivacyBody]) -> Deleted:
    """Make a conversation private, or share it again."""
    tools = tools_of(request)
    if data.is_private:
        await thread_privacy.make_private(tools, asker_of(request), thread_id, data.reader_ids)
    else:
        await thread_privacy.share_again(tools, asker_of(request), thread_id)
    return Deleted()


@get("/activity/emailthread/{thread_id:str}/readers", operation_id="get_thread_readers")
async def get_readers(request: ApiRequest, thread_id: FromPath[str]) -> ReaderPage:
    """Who of the coworkers has read it."""
    async with tools_of(request).db.reading() as tx:
        await thread_card(tx, request.user.organization_id, thread_id, "")  # NotFound for one that nobody may see here
        return ReaderPage(await readers_of_thread(tx, request.user.organization_id, thread_id))


ROUTES = [get_privacy, put_privacy, get_readers]
