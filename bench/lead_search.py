"""How fast Smart Views answer: an organization of 100,000 leads made by chance, and the views of a sales team.

python -m bench.lead_search make 100000 2000000     fills bench/work/postgres, database "lead_search", in some minutes
python -m bench.lead_search measure                 first pages with their counts, in milliseconds
python -m bench.lead_search explain 'status:x'      what the database does, for a text or for JSON
"""

import asyncio
import hashlib
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
from psycopg import sql

from bench import organization, sales_life
from bench.mailboxes import WORK
from bench.organization import NOW, ORG, fill, whether_real
from bench.sales_life import enrich
from bench.team_views import LEADS, STRUCTURED
from postroom.ground.database import Database, migrate
from postroom.ground.postgres import EmbeddedPostgres
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.rooms.smart_views.structured import query_from
from postroom.rooms.smart_views.tree import Query
from postroom.views.lead_list import contact_cards, lead_cards
from postroom.views.lead_search import Search, find
from postroom.views.opportunity_list import opportunity_cards
from postroom.views.search_count import total_of
from postroom.views.search_directory import Reader
from postroom.views.selection import Page

NAME = "lead_search"

View: TypeAlias = str | dict[str, Any]
VIEWS: tuple[View, ...] = (*LEADS, *STRUCTURED)


def main() -> None:
    """The command line."""
    command, *rest = sys.argv[1:] or ["measure"]
    with EmbeddedPostgres(WORK / "postgres") as server:
        if command == "make":
            make(server, int(rest[0]), int(rest[1]))
        elif command == "explain":
            asyncio.run(explain(server.url(NAME), rest[0]))
        else:
            asyncio.run(measure(server.url(NAME), rest or VIEWS))


def make(server: EmbeddedPostgres, leads: int, emails: int) -> None:
    """A fresh database with so many leads, three times as many contacts, and so many emails."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(NAME)))
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(NAME)))
    asyncio.run(migrate(server.url(NAME)))
    with psycopg.connect(server.url(NAME), autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        fill(connection, leads, emails)
        enrich(connection)
        assert whether_real(connection), "the index of words is not the product's"
        name, made = sql.Identifier(NAME), sql.Literal(_method())
        connection.execute(sql.SQL("comment on database {} is {}").format(name, made))


def is_as_made_now(server: EmbeddedPostgres) -> bool:
    """Whether the organization was made as it would be now: figures of another one are not to be compared."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        query = "select shobj_description(oid, 'pg_database') from pg_database where datname = %s"
        row = connection.execute(query, (NAME,)).fetchone()
    return row is not None and row[0] == _method()


def _method() -> str:
    texts = [Path(module.__file__ or "").read_bytes() for module in (organization, sales_life)]
    return hashlib.sha256(b"".join(texts)).hexdigest()


async def measure(url: str, views: Sequence[View]) -> None:
    """Every view five times; the median of each, and of all."""
    taken = await first_pages(url, views)
    for text, times in taken:
        print(f"{statistics.median(times):8.1f} ms  worst {max(times):8.1f}  {text}", flush=True)
    medians = sorted(statistics.median(times) for _, times in taken)
    print(f"median {statistics.median(medians):.0f} ms, 95 % under {medians[int(len(medians) * 0.95) - 1]:.0f} ms")


async def first_pages(url: str, views: Sequence[View] = VIEWS) -> list[tuple[str, list[float]]]:
    """Each view, as text, with the milliseconds of its first pages."""
    db, reader = await Database.open(url, connections=2), Reader(Seeker("user_1"), Here(NOW))
    taken: list[tuple[View, list[float]]] = [(view, []) for view in views]
    for _ in range(5):
        for view, times in taken:
            begun = time.perf_counter()
            await _first_page(db, _query_of(view), reader)
            times.append((time.perf_counter() - begun) * 1000)
    await db.close()
    return [(view if isinstance(view, str) else json.dumps(view["query"]), times) for view, times in taken]


def _query_of(view: View) -> Query:
    return parse(view) if isinstance(view, str) else query_from(view)


async def _first_page(db: Database, query: Query, reader: Reader) -> str:
    page = Page(50)
    async with db.transaction() as tx:
        search = Search(query, page)
        found = await find(tx, ORG, search, reader)
        total = await total_of(tx, ORG, (query, search, found), reader)
        if query.kind == "lead":
            await lead_cards(tx, ORG, found.ids, "http://crm.test")
        elif query.kind == "contact":
            await contact_cards(tx, ORG, found.ids)
        elif query.kind == "opportunity":
            await opportunity_cards(tx, ORG, found.ids)
    return f"{'' if total.is_exact else '~'}{total.count}"


async def explain(url: str, text: str) -> None:
    """The plans of the page and of the count, with times."""
    db = await Database.open(url, connections=2)
    async with db.transaction() as tx:
        await tx.execute("load 'auto_explain'")
        await tx.execute("set local auto_explain.log_min_duration = 0; set local auto_explain.log_analyze = on")
        await tx.execute("set local client_min_messages = log")
        tx.add_notice_handler(lambda notice: print(notice.message_primary))
        query = _query_of(json.loads(text) if text.startswith("{") else text)
        page, reader = Page(50), Reader(Seeker("user_1"), Here(NOW))
        search = Search(query, page)
        found = await find(tx, ORG, search, reader)
        print(await total_of(tx, ORG, (query, search, found), reader))
    await db.close()


if __name__ == "__main__":
    main()
