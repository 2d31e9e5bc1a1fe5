"""How fast emails are found by their words, in the organization that `bench/lead_search.py` makes."""

import time
from collections.abc import Sequence

from bench.organization import NOW, ORG
from postroom.ground.database import Database
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.views.email_list import EmailFilter
from postroom.views.email_search import ask_for_emails, emails_with_words
from postroom.views.mail_list import Box, MailFilter, mail_page
from postroom.views.search_directory import Reader
from postroom.views.selection import Page

TIMES = 5
SEARCHES = (
    # one word: in every email, in many, in few, in one, in none; a number, an address, a name, a domain, accents
    "greetings", "invoice", "berlin", "badini", "123456", "nosuchword", "4711", "jo100@example100.test", "zoe",
    "example42.test", "möchten", "réunion", "contract_signed.pdf",
    # several: common ones, a common and a rare one, some that seldom stand together, one that stands nowhere
    "offer berlin", "harbor paris", "quantum umber", "invoice payment tomorrow", "acme lum", "nosuchword invoice",
    "invoice -acme", "quantum or umber", "the badini", "harbor granite", "team schedule meeting", "früh größe",
    "paris -berlin -london", "berlin or nosuchword", "not greetings", "zzzz qqqq", "example42.test harbor",
    # phrases, and beginnings of words
    '"annual report"', '"annual report acme"', '"regards thanks"', '"an offer number 4711"', "vert*", "in*", "ba* oslo",
    '"the and"', '"please offer"', '"hello badini"', '"offer price customer"', '"jo100@example100.test" offer',
    "co* berlin", "b* oslo", "i* paris", "zo* harbor", "a* the",
    # people, headers and files
    "from:jo77", "from:jo77 invoice", "to:u7 summit", "subject:meeting oslo", 'subject:"annual report" paris',
    "has:attachment", "has:attachment invoice", "from:u7 has:attachment contract", "from:u7 harbor", "to:jo1234 offer",
    'from:u3 "annual report"', "has:attachment badini", "has:attachment quantum umber", "filename:invoice paris",
    # time, status and who
    "offer after:2026-05-01", "falcon before:2024-01-01", "paris after:2025-01-01 before:2025-03-01",
    "status:sent harbor paris", "status:draft invoice", "user:me harbor", "has_reply:yes quantum paris",
    "the before:2023-10-01", "paris london before:2024-06-01", "berlin after:2025-05-01 before:2025-05-03",
    "date > 700 days ago paris", "user:me the", "user:me paris", 'user:me "annual report"', "user:me quantum umber",
    # common words and phrases of them, of one person, in the text, of a time
    "week user:me", "on user:me", "offer to:u6", "this from:u9", "review body:not", "do* body:atlas", "will cc:u20",
    "office before:2024-06-01", "customer from:u20 date < 7 days ago", "le* will", '"with order"', '"offer regards"',
    '"team with" from:me',
    # scripts without blanks
    "見積書", "東京都 倉庫", "发票", "ใบเสนอราคา", "請求書", "倉庫", "京", "报价", "ใบเสนอ",
)  # fmt: skip
OF_FEW_LEADS = (
    "greetings", "invoice", "berlin", "nosuchword", "zoe", "offer berlin", "harbor granite", '"annual report"',
    '"please offer"', "vert*", "from:jo77", "from:u7 harbor", "has:attachment", "user:me paris", "倉庫",
)  # fmt: skip
"""Asked by somebody who sees few of the leads."""


async def first_pages(url: str, searches: Sequence[str] = SEARCHES) -> list[tuple[str, list[float]]]:
    """Each search with the milliseconds of its first pages, highlights with them."""
    db, reader = await Database.open(url, connections=2), Reader(Seeker("user_1"), Here(NOW))
    taken: list[tuple[str, list[float]]] = [(text, []) for text in searches]
    for _ in range(TIMES):
        for text, times in taken:
            begun = time.perf_counter()
            async with db.transaction() as tx:
                asked = await ask_for_emails(tx, ORG, text, reader)
                await emails_with_words(tx, ORG, (asked, EmailFilter()), Page(50))
            times.append((time.perf_counter() - begun) * 1000)
    await db.close()
    return taken


async def in_the_page(url: str) -> list[tuple[str, list[float]]]:
    """The same searches typed into the box of the page: every email, the newest first."""
    db, reader = await Database.open(url, connections=2), Reader(Seeker("user_1"), Here(NOW))
    taken: list[tuple[str, list[float]]] = [(text, []) for text in SEARCHES]
    for _ in range(TIMES):
        for text, times in taken:
            begun = time.perf_counter()
            async with db.transaction() as tx:
                asked = await ask_for_emails(tx, ORG, text, reader)
                await mail_page(tx, ORG, MailFilter(Box.ANY, search=asked), Page(50))
            times.append((time.perf_counter() - begun) * 1000)
    await db.close()
    return taken
