"""How fast emails are found by their words, in the organization that `bench/lead_search.py` makes."""

import time

from bench.organization import NOW, ORG
from postroom.ground.database import Database
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.views.email_list import EmailFilter
from postroom.views.email_search import ask_for_emails, emails_with_words
from postroom.views.search_directory import Reader
from postroom.views.selection import Page

TIMES = 7
SEARCHES = (
    "invoice",
    "offer berlin",
    "greetings",
    '"annual report"',
    '"an offer number 4711"',
    "acme lum",
    "vert*",
    "4711",
    "jo100@example100.test",
    "invoice -acme",
    "from:jo77",
    "to:u7 summit",
    "subject:meeting oslo",
    "quantum or umber",
    "offer after:2026-05-01",
    "falcon before:2024-01-01",
    "status:sent harbor paris",
    "nosuchword",
)


async def first_pages(url: str) -> list[tuple[str, list[float]]]:
    """Each search with the milliseconds of its first pages, highlights with them."""
    db, reader = await Database.open(url, connections=2), Reader(Seeker("user_1"), Here(NOW))
    taken: list[tuple[str, list[float]]] = [(text, []) for text in SEARCHES]
    for _ in range(TIMES):
        for text, times in taken:
            begun = time.perf_counter()
            async with db.transaction() as tx:
                asked = await ask_for_emails(tx, ORG, text, reader)
                await emails_with_words(tx, ORG, (asked, EmailFilter()), Page(50))
            times.append((time.perf_counter() - begun) * 1000)
    await db.close()
    return taken
