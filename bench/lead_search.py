"""How fast Smart Views answer: an organization of 100,000 leads made by chance, and 30 views as companies have them.

python -m bench.lead_search make 100000 2000000     fills bench/work/postgres, database "lead_search"
python -m bench.lead_search measure                 first pages with their counts, in milliseconds
python -m bench.lead_search explain 'status:x'      what the database does
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from bench.mailboxes import WORK
from postroom.ground.database import Database, migrate
from postroom.ground.postgres import EmbeddedPostgres
from postroom.rooms.emails.search_store import index_anew
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.saved_search import Seeker
from postroom.views.lead_list import lead_cards
from postroom.views.lead_search import Search, find, total_of
from postroom.views.search_directory import Reader
from postroom.views.selection import Page

NAME = "lead_search"
ORG = "orga_bench"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BATCH = 100_000

VIEWS = (
    "*",
    "notifications > 0",
    "created <= 30 days ago sort:-created",
    "updated <= 7 days ago sort:-updated",
    "last_email <= 30 days ago",
    "emails = 0",
    'status:"Potential"',
    "status:bad_fit sort:name",
    "status:customer not last_emailed <= 60 days ago",
    "(status:qualified or status:interested) num_received_emails > 3",
    "emails > 30 sort:-emails",
    "last_incoming_email_date > 180 days ago last_outgoing_email_date > 180 days ago",
    "email(direction:incoming date < 7 days ago)",
    "email(direction:outgoing has_reply:no date < 14 days ago) status:interested",
    "email(subject:invoice)",
    'email(subject:"annual report" direction:incoming)',
    "emails > 0 not email(direction:incoming)",
    "name:acme",
    "name:lumen* contacts > 2",
    "email_address:example42.test",
    'email_address:"jo100@example100.test"',
    "contact(title:ceo)",
    'contact(title:"head of sales" email_address:*) status:potential',
    "custom.Source:Fair",
    'custom.Source in ("Web", "Partner") custom.Employees > 400',
    "next_task_date < 1 days ago",
    "task(is_complete:no assigned_to:me)",
    "user:me last_email <= 14 days ago",
    "berlin offer",
    "created >= 2026-01-01 created < 2026-02-01 contacts >= 2 limit:500",
)


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
        connection.execute("set synchronous_commit = off; set maintenance_work_mem = '512MB'; select setseed(0.5)")
        for statement in (_FOUND, _LEADS, _CONTACTS, _ADDRESSES, _TASKS):
            connection.execute(statement, {"org": ORG, "now": NOW, "leads": leads})
            print("made", statement.split()[2], flush=True)
        dropped = connection.execute(
            "select indexdef from pg_indexes where indexname = 'email_search_words'"
        ).fetchone()
        connection.execute("drop index email_search_words")
        for start in range(0, emails, BATCH):
            values = {"org": ORG, "now": NOW, "leads": leads, "from": start, "to": min(start + BATCH, emails) - 1}
            connection.execute(_EMAILS, values)
            print("emails", start + BATCH, flush=True)
        asyncio.run(_index(server.url(NAME)))
        connection.execute(dropped[0])
        connection.execute(_INBOX, {"org": ORG, "now": NOW})
        connection.execute(_COUNTS, {"org": ORG})
        connection.execute("vacuum analyze")


async def _index(url: str) -> None:
    """The words of all emails, as the product finds them."""
    db = await Database.open(url, connections=1)
    goes_on = True
    while goes_on:
        async with db.transaction() as tx:
            goes_on = await index_anew(tx, ORG, 5_000)
    await db.close()


async def measure(url: str, views: tuple[str, ...] | list[str]) -> None:
    """Every view five times; the median of each, and of all."""
    taken = await first_pages(url, views)
    for text, times in taken:
        print(f"{statistics.median(times):8.1f} ms  worst {max(times):8.1f}  {text}", flush=True)
    medians = sorted(statistics.median(times) for _, times in taken)
    print(f"median {statistics.median(medians):.0f} ms, 95 % under {medians[int(len(medians) * 0.95) - 1]:.0f} ms")


async def first_pages(url: str, views: Sequence[str] = VIEWS) -> list[tuple[str, list[float]]]:
    """Each view with the milliseconds of its first pages."""
    db, reader = await Database.open(url, connections=2), Reader(Seeker("user_1"), Here(NOW))
    taken: list[tuple[str, list[float]]] = [(text, []) for text in views]
    for _ in range(5):
        for text, times in taken:
            begun = time.perf_counter()
            await _first_page(db, text, reader)
            times.append((time.perf_counter() - begun) * 1000)
    await db.close()
    return taken


async def _first_page(db: Database, text: str, reader: Reader) -> str:
    query, page = parse(text), Page(50)
    async with db.transaction() as tx:
        found = await find(tx, ORG, Search(query, page), reader)
        total = await total_of(tx, ORG, (query, page, found), reader)
        await lead_cards(tx, ORG, found.ids, "http://crm.test")
    return f"{'' if total.is_exact else '~'}{total.count}"


async def explain(url: str, text: str) -> None:
    """The plans of the page and of the count, with times."""
    db = await Database.open(url, connections=2)
    async with db.transaction() as tx:
        await tx.execute("load 'auto_explain'")
        await tx.execute("set local auto_explain.log_min_duration = 0; set local auto_explain.log_analyze = on")
        await tx.execute("set local client_min_messages = log")
        tx.add_notice_handler(lambda notice: print(notice.message_primary))
        query, page, reader = parse(text), Page(50), Reader(Seeker("user_1"), Here(NOW))
        found = await find(tx, ORG, Search(query, page), reader)
        print(await total_of(tx, ORG, (query, page, found), reader))
    await db.close()


_FOUND = """
insert into organizations (id, name, date_created, date_updated) values (%(org)s, 'Bench', %(now)s,
  %(now)s);
insert into users (organization_id, id, membership_id, email, email_key, first_name, last_name, date_created,
    date_updated)
  select %(org)s, 'user_' || n, 'memb_' || n, 'u' || n || '@bench.test', 'u' || n || '@bench.test', 'User', n::text,
         %(now)s, %(now)s from generate_series(1, 20) n;
insert into lead_statuses (organization_id, id, label, position)
  select %(org)s, 'stat_' || n, label, n from unnest(array['Potential', 'Bad Fit', 'Qualified', 'Customer',
  'Interested', 'Canceled']) with ordinality as s(label, n)
"""
_WORD = (
    "(array['Acme','Lumen','Nordic','Blue','Green','Delta','Orbit','Vertex','Harbor','Summit','Pixel','Quantum',"
    "'Atlas','Cedar','Falcon','Granite','Horizon','Indigo','Juniper','Kinetic','Maple','Nimbus','Onyx','Prairie','Raven',"
    "'Sierra','Tundra','Umber','Velvet','Willow'])[1 + floor(random() * 30)::int]"
)
_LEADS = f"""
insert into leads (organization_id, id, name, description, url, status_id, addresses, custom, created_by, date_created,
                   date_updated)
select %(org)s, 'lead_' || lpad(n::text, 8, '0'),
  {_WORD} || ' ' || {_WORD} || ' ' || (array['GmbH','Inc','Ltd','AG','BV'])[1 + floor(random() * 5)::int] || ' ' || n,
  case when random() < 0.3 then 'Makes ' || lower({_WORD}) || ' things in Berlin' else '' end,
  'https://company' || n || '.test', 'stat_' || (1 + floor(power(random(), 2) * 6)::int),
  jsonb_build_array(jsonb_build_object('city', (array['Berlin','Paris','London','Oslo'])[1 + floor(random() * 4)::int],
    'country', 'DE', 'label', 'business', 'address_1', '', 'address_2', '', 'state', '', 'zipcode', '1')),
  jsonb_build_object('Source', (array['Web','Fair','Partner','Call'])[1 + floor(random() * 4)::int],
    'Employees', floor(random() * 500)::int),
  'user_' || (1 + floor(random() * 20)::int), %(now)s::timestamptz - random() * interval '900 days',
  %(now)s::timestamptz - random() * random() * interval '400 days'
from generate_series(1, %(leads)s) n
"""
_CONTACTS = f"""
insert into contacts (organization_id, id, lead_id, name, title, phones, position, date_created, date_updated)
select %(org)s, 'cont_' || lpad(n::text, 8, '0'), 'lead_' || lpad((1 + floor(random() * %(leads)s)::int)::text, 8, '0'),
  (array['Jo','Ann','Bob','Zoe','Max','Eva','Tim','Lea'])[1 + floor(random() * 8)::int] || ' ' || {_WORD} || n,
  (array['CEO','CTO','Head of Sales','Buyer','','','Assistant','Engineer'])[1 + floor(random() * 8)::int],
  case when random() < 0.5 then jsonb_build_array(jsonb_build_object('phone', '+4930' || n, 'type', 'office'))
    else '[]' end,
  0, %(now)s, %(now)s
from generate_series(1, 3 * %(leads)s) n
"""
_ADDRESSES = """
insert into contact_emails (organization_id, contact_id, lead_id, address_key, address)
select organization_id, id, lead_id, 'jo' || ltrim(substr(id, 6), '0') || '@example' || (substr(id, 6)::int %% 5000)
    || '.test', 'jo' || ltrim(substr(id, 6), '0') || '@example' || (substr(id, 6)::int %% 5000) || '.test'
from contacts where organization_id = %(org)s
"""
_TASKS = """
insert into tasks (organization_id, id, lead_id, assigned_to, text, due_at, is_complete, date_created, date_updated)
select %(org)s, 'task_' || n, 'lead_' || lpad((1 + floor(random() * %(leads)s)::int)::text, 8, '0'),
  'user_' || (1 + floor(random() * 20)::int), 'Call back',
  %(now)s::timestamptz + (random() - 0.8) * interval '100 days',
  random() < 0.8, %(now)s, %(now)s from generate_series(1, %(leads)s / 2) n
"""
# Few leads have most of the mail, and many have none: a power of an even distribution.
_EMAILS = f"""
insert into emails (organization_id, id, lead_id, contact_id, thread_id, user_id, status, direction, sender, to_list,
  subject, body_text, has_reply, activity_at, date_sent, date_created, date_updated)
select %(org)s, 'acti_' || lpad(n::text, 8, '0'), 'lead_' || 
    lpad((1 + floor(power(random(), 2) * %(leads)s * 0.8)::int)::text, 8, '0'),
    null, null, 'user_' || (1 + floor(random() * 20)::int), case when incoming then 'inbox' else 'sent' end,
  case when incoming then 'incoming' else 'outgoing' end, '"Jo" <jo' || n || '@example' || (n %% 5000) || '.test>',
  array['u' || (n %% 20) || '@bench.test'], (array['Offer','Invoice','Meeting','Question','Annual report','Re: Offer',
  'Follow up'])[1 + floor(power(random(), 2) * 7)::int] || ' ' || lower({_WORD}) || ' ' || n,
  'Hello, about the ' || lower({_WORD}) || ' ' || lower({_WORD}) || ' in ' || lower({_WORD})
  || ' we have an offer number '
  || n || '. Greetings from ' || (array['Berlin','Paris','London','Oslo'])[1 + floor(random() * 4)::int],
  random() < 0.4, at, at, at, at
from (select n, random() < 0.4 as incoming, %(now)s::timestamptz - power(random(), 1.5) * interval '1000 days' as at
      from generate_series(%(from)s::int, %(to)s::int) n) made
"""
_INBOX = """
insert into inbox_items (organization_id, id, account_id, user_id, lead_id, thread_id, is_done, due_at, latest_at,
  date_created, date_updated)
select organization_id, 'noti_' || id, 'a', user_id, lead_id, id, random() < 0.95, activity_at, activity_at,
  activity_at, activity_at from emails where organization_id = %(org)s and status = 'inbox'
  and activity_at > %(now)s::timestamptz - interval '90 days'
"""
_COUNTS = """
update leads set num_emails = n, last_activity_at = at from (select lead_id, count(*) as n, max(activity_at) as at
  from emails where organization_id = %(org)s group by lead_id) counted
where organization_id = %(org)s and id = lead_id
"""

if __name__ == "__main__":
    main()
