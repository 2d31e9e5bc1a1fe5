"""/event/: what happened in the last 30 days, the latest first."""

import base64
import binascii
import re
from dataclasses import replace

from litestar import get
from litestar.params import FromPath

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Asked, asked, shown
from postroom.doors.web.reach import tools_of
from postroom.ground.errors import Permanent
from postroom.rooms.users.roles import Role
from postroom.views.event_log import EventCard, EventFilter, EventPage, Viewer, event_card, event_page
from postroom.views.event_states import Here

MOST_EVENTS = 50
"""Of one page, and as many as come unasked (Close)."""
_CURSOR = re.compile(r"([<>])(\d{1,18})")


@get(
    "/event",
    operation_id="list_events",
    operation_class=takes(
        "object_type", "object_id", "action", "lead_id", "user_id", "request_id", "date_updated__gt",
        "date_updated__gte", "date_updated__lt", "date_updated__lte", "_cursor", "_limit", "_fields",
    ),
)  # fmt: skip
async def list_events(request: ApiRequest) -> EventPage:
    """Events, the latest first, 50 at most; `cursor_next` goes on to older ones, `cursor_previous` to newer ones."""
    query, tools = asked(request), tools_of(request)
    limit = min(query.number("_limit", MOST_EVENTS), MOST_EVENTS)
    wanted, organization_id = _filter(query), request.user.organization_id
    async with tools.db.transaction() as tx:
        cards, places, has_more = await event_page(tx, organization_id, (wanted, limit), viewer_of(request))
        older, newer = has_more, wanted.before is not None
        if wanted.after is not None:
            older, newer = True, has_more
    if places is None:
        return shown(request, EventPage([], None, None))
    next_page = _cursor("<", places[1]) if older else None
    return shown(request, EventPage(cards, next_page, _cursor(">", places[0]) if newer else None))


@get("/event/{event_id:str}", operation_id="get_event", operation_class=takes("_fields"))
async def get_event(request: ApiRequest, event_id: FromPath[str]) -> EventCard:
    """One event."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, await event_card(tx, request.user.organization_id, event_id, viewer_of(request)))


def viewer_of(request: ApiRequest) -> Viewer:
    """The calling user as one who looks at events."""
    tools, user = tools_of(request), request.user
    here = Here(tools.config.base_url, tools.clock())
    return Viewer(user.id, user.is_admin, user.role is Role.RESTRICTED, here)


def _filter(query: Asked) -> EventFilter:
    wanted = EventFilter(
        object_types=query.ids("object_type", "object_type__in"),
        object_ids=query.ids("object_id", "object_id__in"),
        actions=query.ids("action", "action__in"),
        lead_ids=query.ids("lead_id", "lead_id__in"),
        user_ids=query.ids("user_id", "user_id__in"),
        request_ids=query.ids("request_id"),
        date_updated=query.in_utc().span("date_updated"),
    )
    side, place = _place(query.text("_cursor"))
    return replace(wanted, before=place if side == "<" else None, after=place if side == ">" else None)


def _cursor(side: str, place: int) -> str:
    return base64.urlsafe_b64encode(f"{side}{place}".encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[str, int | None]:
    """Where a page begins; the first page where the cursor is empty. It says nothing that has to be kept secret."""
    if not cursor:
        return "", None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise Permanent("Invalid cursor") from error
    found = _CURSOR.fullmatch(text)
    if not found:
        raise Permanent("Invalid cursor")
    return found[1], int(found[2])


ROUTES = [list_events, get_event]
