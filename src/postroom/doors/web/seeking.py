"""Who searches, and where that person's day begins: what `me`, `today` and `in:` mean in a request."""

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import Asked, zone_of
from postroom.doors.web.reach import tools_of
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.views.search_directory import Reader, with_groups

LONGEST_SEARCH = 500
"""Characters of a search in emails: what people type, or paste without meaning to."""


def words_of(query: Asked) -> str:
    """What is looked for in emails. Raises Invalid for more than anybody means: cut short it would find other mail."""
    words = query.text("query")
    if len(words) > LONGEST_SEARCH:
        raise Invalid(field_errors={"query": f"This has {len(words)} characters; {LONGEST_SEARCH} are the most."})
    return words


def reader_of(request: ApiRequest) -> Reader:
    """The calling user as one who searches, now."""
    return Reader(Seeker(request.user.id, request.user.is_admin), Here(tools_of(request).clock(), zone_of(request)))


async def seeker_of(request: ApiRequest, tx: Transaction) -> Seeker:
    """The calling user with their groups, for the rules of who may see a Smart View."""
    return await with_groups(tx, request.user.organization_id, Seeker(request.user.id, request.user.is_admin))
