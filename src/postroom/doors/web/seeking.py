"""Who searches, and where that person's day begins: what `me`, `today` and `in:` mean in a request."""

from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.reach import tools_of
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.views.search_directory import Reader


def reader_of(request: ApiRequest) -> Reader:
    """The calling user as one who searches, now."""
    return Reader(seeker_of(request), Here(tools_of(request).clock(), zone_of(request)))


def seeker_of(request: ApiRequest) -> Seeker:
    """The calling user, for the rules of who may see a Smart View."""
    return Seeker(request.user.id, request.user.is_admin)


def zone_of(request: ApiRequest) -> tzinfo:
    """`X-TZ-Offset`, hours east of UTC as decimal text; else the user's own zone."""
    text = request.headers.get("x-tz-offset", "")
    try:
        return timezone(timedelta(hours=float(text))) if text else ZoneInfo(request.user.timezone)
    except (ValueError, OverflowError, ZoneInfoNotFoundError):  # nan, text, more than a day: no zone anybody lives in
        return UTC
