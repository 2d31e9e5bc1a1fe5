"""Searches of an organization of 100,000 leads: Smart Views with their counts, and emails by their words."""

import asyncio
import os
import statistics
from dataclasses import replace

import psycopg

from bench import full_text, lead_search
from bench.company import database_server
from bench.figures import Figure, Target, below
from bench.sales_life import enrich
from bench.web_memory import peak_while_asked
from postroom.ground.database import migrate
from postroom.ground.postgres import EmbeddedPostgres
from postroom.ground.viewer import LeadBounds, seen_by

LEADS = 100_000
EMAILS = int(os.environ.get("BENCH_EMAILS", "2000000"))
"""They take some five minutes to make, once, and 8 GB of disk."""

Taken = list[tuple[str, list[float]]]


def smart_views() -> Figure:
    """The views of a sales team."""
    with database_server() as server:
        emails = _prepared(server)
        taken = asyncio.run(lead_search.first_pages(server.url(lead_search.NAME)))
        _show(taken)
        memory = peak_while_asked(server.url(lead_search.NAME), "/api/v1/lead/", lead_search.VIEWS)
    of = f"{LEADS:,} leads with {3 * LEADS:,} contacts and {emails:,} emails"
    title = f"{len(lead_search.VIEWS)} Smart Views of {of}: first page and count"
    return Figure("views", title, (), (*_targets(taken, 100, 300), _memory(memory)))


def words() -> Figure:
    """Emails by their words."""
    with database_server() as server:
        emails = _prepared(server)
        taken = asyncio.run(full_text.first_pages(server.url(lead_search.NAME)))
        in_page = asyncio.run(full_text.in_the_page(server.url(lead_search.NAME)))
        memory = peak_while_asked(server.url(lead_search.NAME), "/api/v1/search/email/", full_text.SEARCHES)
    _show(taken)
    title = f"{len(full_text.SEARCHES)} full-text searches of {emails:,} emails: first page with highlights"
    box = (replace(one, wanted=f"in the page's search box: {one.wanted}") for one in _targets(in_page, 100, 100))
    return Figure("words", title, (), (*_targets(taken, 100, 100), *box, _memory(memory)))


def restricted() -> Figure:
    """Both, asked by somebody who sees only the leads that a custom field assigns to them: three of a hundred."""
    with database_server() as server:
        emails = _prepared(server)
        url = server.url(lead_search.NAME)
        with seen_by("user_1", LeadBounds("user_1", ("cf_owner",))):
            views = asyncio.run(lead_search.first_pages(url))
            found = asyncio.run(full_text.first_pages(url, full_text.OF_FEW_LEADS))
    _show([*views, *found])
    title = f"Somebody who sees 3 % of {LEADS:,} leads with {emails:,} emails: first page of views and searches"
    words = (replace(one, wanted=f"full-text searches: {one.wanted}") for one in _targets(found, 1000, 1000))
    return Figure("restricted", title, (), (*_targets(views, 1000, 1000), *words))


def _show(taken: Taken) -> None:
    for middle, text in sorted((statistics.median(times), text) for text, times in taken):
        print(f"{middle:8.1f} ms  {text}", flush=True)


def _targets(taken: Taken, middle: float, most: float) -> tuple[Target, ...]:
    """Medians of each search: the middle one, that which 95 % are under, and the slowest by name."""
    medians = sorted((statistics.median(times), text) for text, times in taken)
    late = medians[max(0, -(-len(medians) * 95 // 100) - 1)]
    slowest, text = medians[-1]
    shown = text if len(text) < 100 else f"{text[:100]} …"
    return (
        below("median", statistics.median([one for one, _ in medians]), middle, "ms"),
        below("95 % of them", late[0], most, "ms"),
        Target("the slowest", f"{slowest:.0f} ms: `{shown}`", slowest < most),
    )


def _memory(peak_mb: float) -> Target:
    return below("memory of the web process, eight asking at once", peak_mb, 300, "MB")


def _prepared(server: EmbeddedPostgres) -> int:
    """The organization made if it is not there, or of another size; how many emails it has."""
    if _emails(server) != EMAILS or not lead_search.is_as_made_now(server):
        lead_search.make(server, LEADS, EMAILS)
    asyncio.run(migrate(server.url(lead_search.NAME)))
    with psycopg.connect(
        server.url(lead_search.NAME), autocommit=True, cursor_factory=psycopg.ClientCursor
    ) as connection:
        enrich(connection)
    return _emails(server)


def _emails(server: EmbeddedPostgres) -> int:
    """How many emails the organization has; none where it has not been made, or not to its end."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        query = "select 1 from pg_database where datname = %s"
        if not connection.execute(query, (lead_search.NAME,)).fetchone():
            return 0
    with psycopg.connect(server.url(lead_search.NAME)) as connection:
        row = connection.execute("select (select count(*) from emails) from search_progress where is_done").fetchone()
    return int(row[0]) if row else 0
