"""Searches answered: the ids of one page in their order, where the next page begins, and how many there are.

Every statement has a time limit. A count that would take longer than a person waits is the planner's estimate, and
says so. Pages follow each other by the values they end with, not by numbers, so that nothing is skipped or repeated
while leads change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from psycopg import errors

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, Temporary
from postroom.rooms.smart_views.tree import Query, without_limits
from postroom.views.search_directory import Reader, asking_of, views_for
from postroom.views.search_full_text import common_words
from postroom.views.search_sql import Place, SortItem, Writer, parameters
from postroom.views.search_tests import Values
from postroom.views.selection import Page
from postroom.views.time_limit import limit_time

MOST_MILLISECONDS = 8_000
"""For a page."""
COUNT_MILLISECONDS = 60
"""For a count that nobody asked for alone."""


@dataclass(frozen=True, slots=True)
class Search:
    """A query and the part of its answer that is wanted. `after`: the last values of the page before, and how many
    results came until there."""

    query: Query
    page: Page
    after: tuple[Any, ...] | None = None
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are. Not exact: about so many."""

    count: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A page of ids. `after` begins the next one, None at the end."""

    ids: tuple[str, ...]
    has_more: bool
    after: tuple[Any, ...] | None


async def find(tx: Transaction, organization_id: str, search: Search, reader: Reader) -> Found:
    """One page. `tx` is a transaction; it gets a time limit. Raises QueryMistake, or Temporary when it takes long."""
    writer, place = await _writer(tx, organization_id, search.query, reader)
    await limit_time(tx, MOST_MILLISECONDS)
    wanted = search.page.limit
    if search.query.limit is not None:
        wanted = max(0, min(wanted, search.query.limit - search.seen - search.page.skip))
    sql = _page_sql(search, writer, place)
    values = parameters(writer, organization_id) | {"limit": wanted + 1, "skip": search.page.skip}
    try:
        rows = await (await tx.execute(sql, values, prepare=False)).fetchall()
    except errors.QueryCanceled as error:
        raise Temporary("This search takes too long; narrow it by a date or a status.") from error
    ids = tuple(row[0] for row in rows[:wanted])
    at_limit = search.query.limit is not None and search.seen + search.page.skip + wanted >= search.query.limit
    has_more = len(rows) > wanted and not at_limit
    after = (*rows[wanted - 1][1:], rows[wanted - 1][0]) if has_more and wanted > 0 else None
    return Found(ids, has_more, after)


async def total(tx: Transaction, organization_id: str, asked: tuple[Query, int], reader: Reader) -> Total:
    """How many the query finds, counted for at most so many milliseconds (`asked` is the query and these)."""
    query, milliseconds = asked
    writer, place = await _writer(tx, organization_id, query, reader)
    where = writer.whole(without_limits(query), place)
    sql = f"select {place.put(place.thing.id)} from {writer.rows(place)} and {where}"
    values = parameters(writer, organization_id)
    try:
        async with tx.transaction():
            await limit_time(tx, milliseconds)
            counting = f"select count(*) from ({sql}{_most(query)}) found"
            row = await (await tx.execute(counting, values, prepare=False)).fetchone()
            await limit_time(tx, MOST_MILLISECONDS)  # what follows in the transaction has its own time
            counted = Total(int(row[0]) if row else 0)
    except errors.QueryCanceled:
        plan = await (await tx.execute(f"explain (format json) {sql}", values, prepare=False)).fetchone()
        counted = Total(int(plan[0][0]["Plan"]["Plan Rows"]) if plan else 0, is_exact=False)
    return counted if query.limit is None else replace(counted, count=min(counted.count, query.limit))


async def total_of(tx: Transaction, organization_id: str, asked: tuple[Query, Page, Found], reader: Reader) -> Total:
    """How many there are behind a page that was found: known, where it is the last one; else counted.

    Who asks for no rows at all asks for the number, and gets it exactly.
    """
    query, page, found = asked
    if not found.has_more and (found.ids or page.skip == 0):
        return Total(page.skip + len(found.ids))
    return await total(tx, organization_id, (query, COUNT_MILLISECONDS if page.limit else MOST_MILLISECONDS), reader)


async def as_subqueries(
    tx: Transaction, organization_id: str, queries: Sequence[Query], reader: Reader
) -> tuple[list[str], dict[str, Any]]:
    """Each query as SQL of the ids that it finds, for statements of other views, and the values of them all."""
    found, values = [], Values()
    for query in queries:
        writer, place = await _writer(tx, organization_id, query, reader)
        writer.values = values
        where = writer.whole(without_limits(query), place)
        found.append(f"select {place.put(place.thing.id)} from {writer.rows(place)} and {where}")
    return found, values.named


def _most(query: Query) -> str:
    """Nothing is counted beyond the limit of the query."""
    return "" if query.limit is None else f" limit {query.limit}"


async def _writer(tx: Transaction, organization_id: str, query: Query, reader: Reader) -> tuple[Writer, Place]:
    asking = await asking_of(tx, organization_id, reader)
    common = await common_words(tx, organization_id, query)
    writer = Writer(asking, await views_for(tx, organization_id, query, reader), common)
    return writer, writer.another(query.kind, 0)


def _page_sql(search: Search, writer: Writer, place: Place) -> str:
    where = writer.whole(search.query, place)
    items = writer.sort_items(search.query, place)
    own_id = place.put(place.thing.id)
    if search.after is not None:
        where = f"{where} and {_behind(items, own_id, (search.after, writer))}"
    return (
        f"select {', '.join([own_id, *(item.sql for item in items)])} from {writer.rows(place)} and {where}"
        f" order by {', '.join([*map(str, items), own_id])} limit %(limit)s offset %(skip)s"
    )


def _behind(items: Sequence[SortItem], own_id: str, given: tuple[tuple[Any, ...], Writer]) -> str:
    """Rows behind the last one of the page before, in an order that puts nulls last."""
    after, writer = given
    if len(after) != len(items) + 1:
        raise Invalid("Invalid cursor")
    equal: list[str] = []
    choices: list[str] = []
    bound = "true"
    for item, value in zip(items, after, strict=False):
        if value is None:
            equal.append(f"{item.sql} is null")
            continue
        at = writer.values.add(value)
        beyond = f"{item.sql} {'<' if item.descending else '>'} {at}"
        choices.append(" and ".join([*equal, beyond if item.is_always else f"({beyond} or {item.sql} is null)"]))
        if item is items[0] and item.is_always:  # where an index has to begin
            bound = f"{item.sql} {'<=' if item.descending else '>='} {at}"
        equal.append(f"{item.sql} = {at}")
    choices.append(" and ".join([*equal, f"{own_id} > {writer.values.add(after[-1])}"]))
    return f"{bound} and ({' or '.join(f'({choice})' for choice in choices)})"
