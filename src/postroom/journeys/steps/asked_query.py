"""A query that a request gave and a job answers later: read in either language, and asked as the user who gave it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.rooms.smart_views.structured import query_from
from postroom.rooms.smart_views.tree import Query
from postroom.rooms.users import store as users
from postroom.views.search_directory import Reader


@dataclass(frozen=True, slots=True)
class GivenQuery:
    """As it stands in a body: text, or a tree that may lack the node which says what is looked for."""

    query: str | None = None
    s_query: Mapping[str, Any] | None = None
    results_limit: int | None = None
    sort: tuple[Any, ...] = ()
    object_type: str = "lead"


def read_query(given: GivenQuery) -> Query:
    """What is looked for. Raises Invalid with the place of a mistake."""
    if given.s_query is None:
        return parse(given.query or "")
    envelope = {"results_limit": given.results_limit, "sort": list(given.sort)}
    if isinstance(given.s_query.get("query"), Mapping):
        return query_from({**envelope, **given.s_query})
    kind = {"type": "object_type", "object_type": given.object_type}
    return query_from({**envelope, "query": {"type": "and", "queries": [kind, given.s_query]}})


async def reader_for(tx: Transaction, organization_id: str, user_id: str, now: datetime) -> Reader:
    """The user as one who searches now. Raises NotFound for one who may not act any more."""
    try:
        user = await users.acting_user(tx, organization_id, user_id)
    except NotFound as error:
        raise NotFound("The user who asked for this is not active any more.") from error
    try:
        zone: tzinfo = ZoneInfo(user.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return Reader(Seeker(user.id, user.is_admin), Here(now, zone))
