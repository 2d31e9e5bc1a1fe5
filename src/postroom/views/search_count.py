"""How many rows a search finds: counted where that takes no longer than a person waits, else estimated and marked.

An estimate is that of a sample: of a few hundred pages of the table the rows that the search finds are counted. What
cannot be sampled so quickly either is the planner's guess. It is never less than what is known to be there.
"""

from dataclasses import dataclass, replace
from typing import Any

from psycopg import errors

from postroom.ground.database import Transaction
from postroom.rooms.smart_views.tree import Query, without_limits
from postroom.views.lead_search import MOST_MILLISECONDS, Found, Search, writer_of
from postroom.views.search_directory import Reader
from postroom.views.search_sql import parameters
from postroom.views.time_limit import limited

COUNT_MILLISECONDS = 60
"""For a count that nobody asked for alone."""
HOPELESS_COST, HOPELESS_MILLISECONDS = 25_000, 20
"""What the planner takes for this dear is rarely counted in time; less is lost on the attempt."""
MOST_COUNTED = 20_000
"""Leads that are looked at one by one for words that very many emails hold: more take longer than that in any case."""
SAMPLE_MILLISECONDS = 40
SAMPLE_ROWS = 1_500
"""About one in forty of them is off by a fifth."""
FEWEST_SAMPLED = 5
"""A sample that finds fewer tells less than the planner knows."""


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are. Not exact: about so many."""

    count: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class _Counting:
    """The ids that are counted as SQL, its values, and the table, "" where it is not one that can be sampled."""

    sql: str
    values: dict[str, Any]
    table: str
    limit: int | None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the planner thinks."""

    rows: int
    cost: float


async def total(tx: Transaction, organization_id: str, asked: tuple[Query, int], reader: Reader) -> Total:
    """How many the query finds, counted for at most so many milliseconds (`asked` is the query and these)."""
    query, milliseconds = asked
    writer, place = await writer_of(tx, organization_id, query, reader)
    where = writer.whole(without_limits(query), place)
    sql = f"select {place.put(place.thing.id)} from {place.rows} and {where}"
    table = place.thing.table.removesuffix(" {a}")
    counting = _Counting(sql, parameters(writer, organization_id), "" if " " in table else table, query.limit)
    plan = await _plan(tx, counting)
    if milliseconds <= COUNT_MILLISECONDS:
        if writer.known.common and query.limit is None and plan.rows > MOST_COUNTED:
            return Total(plan.rows, is_exact=False)
        milliseconds = HOPELESS_MILLISECONDS if plan.cost > HOPELESS_COST else milliseconds
    try:
        async with limited(tx, milliseconds):
            most = "" if query.limit is None else f" limit {query.limit}"  # nothing is counted beyond it
            counted = Total(await _number(tx, f"select count(*) from ({sql}{most}) found", counting.values))
    except errors.QueryCanceled:
        counted = Total(await _estimate(tx, (counting, plan), place.alias), is_exact=False)
    return counted if query.limit is None else replace(counted, count=min(counted.count, query.limit))


async def total_of(tx: Transaction, organization_id: str, asked: tuple[Query, Search, Found], reader: Reader) -> Total:
    """How many the query finds of which a page was found: known where that is the last one, else counted. The query is
    that of the page, or the same without its limit.

    Who asks for no rows at all asks for the number, and gets it exactly.
    """
    query, search, found = asked
    known, limit = search.seen + search.page.skip + len(found.ids), search.query.limit
    is_last = not found.has_more and (query.limit == limit or limit is None or known < limit)
    if is_last and (found.ids or known == 0):
        return Total(known)
    milliseconds = COUNT_MILLISECONDS if search.page.limit and limit != 0 else MOST_MILLISECONDS
    counted = await total(tx, organization_id, (query, milliseconds), reader)
    return counted if counted.is_exact else replace(counted, count=max(counted.count, known + found.has_more))


async def _estimate(tx: Transaction, counting: tuple[_Counting, _Plan], alias: str) -> int:
    """About how many: as large a part of the table as of some of its pages."""
    asked, plan = counting
    rows = await _table_rows(tx, asked.table)
    if rows < SAMPLE_ROWS * 2:
        return plan.rows
    some = f"tablesample system ({100 * SAMPLE_ROWS / rows:.4f}) repeatable (1)"
    sampled = asked.sql.replace(f"from {asked.table} {alias} where", f"from {asked.table} {alias} {some} where", 1)
    try:
        async with limited(tx, SAMPLE_MILLISECONDS):
            looked_at = await _number(tx, f"select count(*) from {asked.table} {some}", {})
            found = await _number(tx, f"select count(*) from ({sampled}) found", asked.values)
    except errors.QueryCanceled:
        return plan.rows
    if found < FEWEST_SAMPLED:
        return min(plan.rows, round(rows * FEWEST_SAMPLED / max(1, looked_at)))
    return _rounded(rows * found / looked_at)


def _rounded(number: float) -> int:
    """To two digits: more of them would say what is not known."""
    digits = max(0, len(str(int(number))) - 2)
    return int(round(number, -digits))


async def _number(tx: Transaction, sql: str, values: dict[str, Any]) -> int:
    row = await (await tx.execute(sql, values, prepare=False)).fetchone()
    return int(row[0]) if row else 0


async def _plan(tx: Transaction, counting: _Counting) -> _Plan:
    explained = await tx.execute(f"explain (format json) {counting.sql}", counting.values, prepare=False)
    row = await explained.fetchone()
    top = row[0][0]["Plan"] if row else {"Plan Rows": 0, "Total Cost": 0}
    return _Plan(int(top["Plan Rows"]), float(top["Total Cost"]))


async def _table_rows(tx: Transaction, table: str) -> int:
    """How many rows a table has, all organizations together; 0 where it is none: whoever may see some leads alone reads
    views of the same names."""
    row = await (
        await tx.execute(
            "select reltuples::bigint from pg_class where oid = to_regclass(%s) and relkind = 'r'", (table,)
        )
    ).fetchone()
    return int(row[0]) if row else 0
