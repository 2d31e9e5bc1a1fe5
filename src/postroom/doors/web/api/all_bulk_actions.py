"""/bulk_action/: bulk emails, edits and deletes in one list, as Close's older clients ask for them."""

from typing import Any

import msgspec
from litestar import get

from postroom.doors.web.api import bulk_actions
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, asked, shown
from postroom.doors.web.reach import tools_of
from postroom.rooms.bulk_actions.bulk_action import Kind
from postroom.rooms.users.roles import Role
from postroom.views import bulk_list
from postroom.views.bulk_list import BulkFilter
from postroom.views.selection import Page


class AnyBulkPage(msgspec.Struct, frozen=True):
    """Some bulk actions. `_type` says which list each is of: email, edit or delete; the rest is as in that list."""

    data: list[dict[str, Any]]
    has_more: bool


@get("/bulk_action", operation_id="list_bulk_actions", operation_class=takes("_limit", "_skip", "_fields"))
async def list_bulk_actions(request: ApiRequest) -> AnyBulkPage:
    """All of them, the newest first. Restricted users see their own bulk emails alone."""
    page, user = asked(request).page(MOST_PLAIN_LIMIT), request.user
    own = user.id if user.role is Role.RESTRICTED else None
    window = Page(page.skip + page.limit + 1)
    found = [("edit", one) for one in await bulk_actions.cards(request, Kind.EDIT)]
    found += [("delete", one) for one in await bulk_actions.cards(request, Kind.DELETE)]
    async with tools_of(request).db.reading() as tx:
        emails, _ = await bulk_list.bulk_emails(tx, user.organization_id, BulkFilter(user_id=own), window)
    rows = [{"_type": kind, **msgspec.to_builtins(card)} for kind, card in found]
    rows += [{"_type": "email", **msgspec.to_builtins(one, builtin_types=(msgspec.Raw,))} for one in emails]
    rows.sort(key=lambda row: (row["date_created"], row["id"]), reverse=True)
    return shown(request, AnyBulkPage(rows[page.skip : page.skip + page.limit], len(rows) > page.skip + page.limit))


ROUTES = [list_bulk_actions]
