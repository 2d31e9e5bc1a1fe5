"""Searches answered: the ids of one page in their order, and where the next page begins.

Every search has a time limit. Where the planner was wrong about how much it would find, and takes long, the page is
looked for in another way: along the order until it is full, or all at once and then sorted. Pages follow each other by
the values they end with, not by numbers, so that nothing is skipped or repeated while leads change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, TypeAlias

from psycopg import errors

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, TooLong
from postroom.rooms.smart_views.tree import Query, without_limits
from postroom.views.search_directory import Reader, asking_of, views_for
from postroom.views.search_full_text import known_words
from postroom.views.search_places import Place, SortItem
from postroom.views.search_sql import Writer, parameters
from postroom.views.search_tests import Values
from postroom.views.selection import Page
from postroom.views.time_limit import limited

MOST_MILLISECONDS = 8_000
"""For a page, in however many ways it is looked for."""


class _Way(Enum):
    """How a page is looked for."""

    PLANNED = "as PostgreSQL thinks best"
    ALONG = "in the order of the list until there are enough; good where much is found"
    LAZILY = "along it, and what belongs to a row is looked up for that row alone, not gathered for all rows before"
    AT_ONCE = "everything, then sorted; good where little is found"


_Try: TypeAlias = tuple[_Way, int]
"""A way, and for how many milliseconds."""
_FIRST: _Try = (_Way.PLANNED, 100)
_PATIENT: _Try = (_Way.PLANNED, MOST_MILLISECONDS)
_SETTINGS = {
    # A bitmap of all emails with some words is no way along the leads: each lead's own emails are looked up.
    _Way.ALONG: "select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)",
    # What is gathered in a table of hashes has to fit into this; the planner looks it up instead.
    _Way.LAZILY: "select set_config('enable_sort', 'off', true), set_config('work_mem', '64kB', true)",
}


def _further(others: Sequence[_Way]) -> list[_Try]:
    """All ways in turns, each time for longer: whichever is the quick one, not much is lost on the others."""
    return [*((way, 200) for way in others), (_Way.PLANNED, 500), *((way, 1_500) for way in others), _PATIENT]


@dataclass(frozen=True, slots=True)
class Search:
    """A query and the part of its answer that is wanted. `after`: the last values of the page before, and how many
    results came until there."""

    query: Query
    page: Page
    after: tuple[Any, ...] | None = None
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A page of ids. `after` begins the next one, None at the end."""

    ids: tuple[str, ...]
    has_more: bool
    after: tuple[Any, ...] | None


async def find(tx: Transaction, organization_id: str, search: Search, reader: Reader) -> Found:
    """One page. `tx` is a transaction; it gets a time limit. Raises QueryMistake, or TooLong when it takes long."""
    writer, place = await writer_of(tx, organization_id, search.query, reader)
    wanted = search.page.limit
    if search.query.limit is not None:
        wanted = max(0, min(wanted, search.query.limit - search.seen - search.page.skip))
    if writer.looks_up_to_sort(search.query, place) and await _finds_much(tx, organization_id, (writer, place, search)):
        writer.gathered = []
    page = _page_sql(search, writer, place)
    values = parameters(writer, organization_id) | {"limit": wanted + 1, "skip": search.page.skip}
    rows = await _rows(tx, page, values)
    ids = tuple(row[0] for row in rows[:wanted])
    at_limit = search.query.limit is not None and search.seen + search.page.skip + wanted >= search.query.limit
    has_more = len(rows) > wanted and not at_limit
    after = (*rows[wanted - 1][1:], rows[wanted - 1][0]) if has_more and wanted > 0 else None
    return Found(ids, has_more, after)


async def as_subqueries(
    tx: Transaction, organization_id: str, queries: Sequence[Query], reader: Reader
) -> tuple[list[str], dict[str, Any]]:
    """Each query as SQL of the ids that it finds, for statements of other views, and the values of them all."""
    found, values = [], Values()
    for query in queries:
        writer, place = await writer_of(tx, organization_id, query, reader)
        values.named |= writer.values.named
        writer.values = values
        where = writer.whole(without_limits(query), place)
        found.append(f"select {place.put(place.thing.id)} from {place.rows} and {where}")
    return found, values.named


async def writer_of(tx: Transaction, organization_id: str, query: Query, reader: Reader) -> tuple[Writer, Place]:
    """What writes the SQL of a query, and the row that it is about."""
    asking = await asking_of(tx, organization_id, reader)
    known = await known_words(tx, organization_id, query)
    writer = Writer(asking, await views_for(tx, organization_id, query, reader), known)
    return writer, writer.another(query.kind, 0)


@dataclass(frozen=True, slots=True)
class _PageSql:
    """A statement in two halves: everything that is meant, under the names k0 (the id), k1, …; and its order."""

    found: str
    order: str
    is_gathered: bool = False
    """What it is sorted by is gathered of all rows: there is but one way."""

    def __str__(self) -> str:
        return f"{self.found} order by {self.order} limit %(limit)s offset %(skip)s"

    @property
    def at_once(self) -> str:
        """OFFSET keeps the planner from looking for what is meant in the order of the list."""
        return f"select * from ({self.found} offset 0) found order by {self.order} limit %(limit)s offset %(skip)s"


async def _finds_much(tx: Transaction, organization_id: str, asked: tuple[Writer, Place, Search]) -> bool:
    """Whether a query finds more than every sixth row of its kind, as far as the planner knows: to look up what each of
    these is sorted by takes longer than to gather it of all."""
    writer, place, search = asked
    where = writer.condition(search.query.where, place)
    values = parameters(writer, organization_id)
    expected = []
    for narrowed in (where, "true"):
        sql = f"explain (format json) select 1 from {place.rows} and {narrowed}"
        plan = await (await tx.execute(sql, values, prepare=False)).fetchone()
        expected.append(plan[0][0]["Plan"]["Plan Rows"] if plan else 0)
    return bool(expected[0] * 6 >= expected[1])


async def _rows(tx: Transaction, page: _PageSql, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a page, in one way or another. Raises TooLong."""
    tries, left = [_PATIENT if page.is_gathered else _FIRST], MOST_MILLISECONDS
    for way, milliseconds in tries:
        if left <= 0:
            break
        try:
            async with limited(tx, min(milliseconds, left)):
                if way in _SETTINGS:
                    await tx.execute(_SETTINGS[way])
                sql = page.at_once if way is _Way.AT_ONCE else str(page)
                return await (await tx.execute(sql, values, prepare=False)).fetchall()
        except errors.QueryCanceled:
            left -= min(milliseconds, left)
            if tries == [_FIRST]:
                tries += _further(await _other_ways(tx, page, values))
    raise TooLong("This search takes too long; narrow it by a date or a status.")


async def _other_ways(tx: Transaction, page: _PageSql, values: dict[str, Any]) -> list[_Way]:
    """What to try beside the planner's choice: that goes along the order of the list if nothing is sorted at its
    end."""
    row = await (await tx.execute(f"explain (format json) {page}", values, prepare=False)).fetchone()
    plan = row[0][0]["Plan"] if row else {}
    if plan.get("Plans", [{}])[0].get("Node Type") == "Sort":
        return [_Way.ALONG]
    return [_Way.LAZILY, _Way.AT_ONCE] if "(hashed SubPlan" in str(plan) else [_Way.AT_ONCE]


def _page_sql(search: Search, writer: Writer, place: Place) -> _PageSql:
    where = writer.whole(search.query, place)
    items = writer.sort_items(search.query, place)
    own_id = place.put(place.thing.id)
    if search.after is not None:
        where = f"{where} and {_behind(items, own_id, (search.after, writer))}"
    columns = [f"{sql} as k{number}" for number, sql in enumerate((own_id, *(item.sql for item in items)))]
    order = [str(replace(item, sql=f"k{number}")) for number, item in enumerate(items, 1)]
    joins = "".join(writer.gathered or ())
    rows = place.rows_with(joins)
    return _PageSql(f"select {', '.join(columns)} from {rows} and {where}", ", ".join([*order, "k0"]), bool(joins))


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
