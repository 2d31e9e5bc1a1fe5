"""Whom a bulk email is for: its query read, and walked slice by slice in an order that does not move under the walk."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.journeys.tools import Tools
from postroom.rooms.bulk.bulk_email import MOST_LEADS, Audience
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.rooms.smart_views.structured import query_from
from postroom.rooms.smart_views.tree import And, Field, Holds, OneOf, Query, SortKey, Word
from postroom.rooms.users import store as user_store
from postroom.views.lead_search import Search, find
from postroom.views.search_directory import Reader
from postroom.views.selection import Page

SLICE = 2_000
_MOST_CONTACTS = 1_000_000
_MOST_NAMED = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """An audience read: the query, whose answer stands still where nobody sorts it, and the contacts' filter."""

    query: Query
    contacts: Query | None
    reader: Reader


async def asked_by(tx: Transaction, organization_id: str, user_id: str, given: tuple[Audience, datetime]) -> Asked:
    """Read an audience as this user means it. Raises Invalid, NotFound."""
    audience, now = given
    user = await user_store.acting_user(tx, organization_id, user_id)
    return read_audience(audience, Reader(Seeker(user.id, user.is_admin), Here(now, _zone(user.timezone))))


def read_audience(audience: Audience, reader: Reader) -> Asked:
    """The queries of an audience. Raises Invalid naming the field."""
    query = _query(audience)
    if query.kind not in ("lead", "contact"):
        raise Invalid(field_errors={"query": "A query for leads or contacts is expected here."})
    limits = [one for one in (query.limit, audience.results_limit, MOST_LEADS) if one is not None]
    query = replace(query, limit=min(limits))
    if not query.sort:
        # A lead that is mailed becomes the latest one in most lists; by their ids leads stand still.
        query = replace(query, sort=(SortKey(Field("id")),))
    contacts = None
    if audience.contact_query:
        try:
            contacts = replace(parse(audience.contact_query), kind="contact", limit=None, sort=())
        except Invalid as error:
            raise Invalid(field_errors={"contact_query": str(error)}) from error
    return Asked(query, contacts, reader)


async def slices(tools: Tools, organization_id: str, asked: Asked) -> AsyncIterator[tuple[int, tuple[str, ...]]]:
    """What the query finds: how many came before, and the ids. Each slice is read in a transaction of its own."""
    search = Search(asked.query, Page(SLICE))
    while True:
        async with tools.db.transaction() as tx:
            found = await find(tx, organization_id, search, asked.reader)
        if found.ids:
            yield search.seen, found.ids
        if not found.has_more or found.after is None:
            return
        search = replace(search, after=found.after, seen=search.seen + len(found.ids))


async def allowed_contacts(
    tx: Transaction, organization_id: str, asked: Asked, lead_ids: tuple[str, ...]
) -> list[str] | None:
    """Of these leads the contacts that the filter finds; None without a filter."""
    if asked.contacts is None or asked.query.kind != "lead":
        return None
    names = OneOf(tuple(Word(one) for one in lead_ids))
    where = And((asked.contacts.where, Holds(Field("lead_id"), names)))
    found = await find(
        tx, organization_id, Search(replace(asked.contacts, where=where), Page(_MOST_CONTACTS)), asked.reader
    )
    return list(found.ids)


async def still_found(tx: Transaction, organization_id: str, asked: Asked, ids: tuple[str, ...]) -> set[str]:
    """Of these leads (or contacts) those that the query still finds."""
    narrowed = And((asked.query.where, Holds(Field("id"), OneOf(tuple(Word(one) for one in ids)))))
    query = replace(asked.query, where=narrowed, limit=None, slice=None)
    return set((await find(tx, organization_id, Search(query, Page(_MOST_NAMED)), asked.reader)).ids)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError):
        return UTC


def _query(audience: Audience) -> Query:
    if audience.s_query is None:
        return parse(audience.query or "")
    tree = audience.s_query
    if "query" in tree:
        return query_from(tree)
    kind = {"type": "object_type", "object_type": audience.object_type}
    return query_from({"query": {"type": "and", "queries": [kind, tree]}, "sort": list(audience.sort) or None})
