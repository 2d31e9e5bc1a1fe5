"""Who searches, and where that person's day begins: what `me`, `today` and `in:` mean in a request."""

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import zone_of
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
