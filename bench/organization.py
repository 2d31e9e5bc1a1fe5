"""An organization as large as a company's after ten years: leads, contacts, correspondence, calls, deals and tasks.

Texts are written by chance from words that are used as often as words of letters are (Zipf). Their index entries come
from the product (`rooms/emails/search_tokens.py`), once for each of some thousand texts, senders and recipients; the
rows of two million emails are put together from them inside PostgreSQL. `whether_real` compares some with the product.
"""

import random
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg

from postroom.rooms.emails.search_tokens import FILE, METHOD, RECIPIENT, SENDER, SUBJECT, vector

ORG = "orga_bench"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
USERS = 20
TEXTS = 20_000
BATCH = 500_000

Connection = psycopg.Connection[Any]


def fill(connection: Connection, leads: int, emails: int) -> None:
    """Everything of it, into a migrated database that is empty. `connection` commits by itself and writes its values
    into the statements."""
    begun = time.perf_counter()
    given = {"org": ORG, "now": NOW, "leads": leads, "emails": emails, "users": USERS, "texts": TEXTS}
    connection.execute(
        "set synchronous_commit = off; set maintenance_work_mem = '1GB'; set work_mem = '256MB'; select setseed(0.5);"
        " set max_parallel_maintenance_workers = 1;"
        " set session_replication_role = replica"  # the rows fit: no reference is looked up two million times
    )
    for statement in (_FOUND, _LEADS, _CONTACTS, _ADDRESSES, _TASKS, _DEALS, _RECORDS):
        connection.execute(statement, given)
    _say("leads, contacts, deals, calls, notes", begun)
    _copy_texts(connection)
    _copy_people(connection, leads)
    _say("texts and people", begun)
    dropped = _drop_indexes(connection, ("emails", "email_search"))
    for start in range(0, emails, BATCH):
        part = {**given, "from": start, "to": min(start + BATCH, emails) - 1}
        for statement in (_MADE, _EMAILS, _WORDS):
            connection.execute(statement, part)
        _say(f"{part['to'] + 1:,} emails", begun)
    for statement in dropped:
        connection.execute(statement.encode())
        _say(" ".join(statement.split()[2:4]), begun)
    for statement in (_ALL_WORDS, _INBOX, _COUNTS, _DONE):
        connection.execute(statement, {**given, "method": METHOD})
    _say("Inbox and counts", begun)
    connection.execute("set session_replication_role = origin")
    connection.execute("vacuum analyze")
    _say("vacuum analyze", begun)


def whether_real(connection: Connection, some: int = 200) -> bool:
    """Whether some emails have the words in the index that the product would give them."""
    rows = connection.execute(
        "select id, subject, sender, array_to_string(to_list, ', '), coalesce(attachments -> 0 ->> 'filename', ''),"
        " body_text from emails where organization_id = %s order by md5(id) limit %s",
        (ORG, some),
    ).fetchall()
    for email_id, subject, sender, people, file, body in rows:
        words = vector(((SUBJECT, subject), (SENDER, sender), (RECIPIENT, people), (FILE, file), ("", body)))
        found = connection.execute(
            "select words = %s::tsvector from email_search where organization_id = %s and email_id = %s",
            (words, ORG, email_id),
        ).fetchone()
        if not found or not found[0]:
            return False
    return bool(rows)


def _say(what: str, begun: float) -> None:
    print(f"{time.perf_counter() - begun:6.0f} s  {what}", flush=True)


def _drop_indexes(connection: Connection, tables: Sequence[str]) -> list[str]:
    """Drop what two million single insertions would take long to keep; the statements that make them again."""
    found = connection.execute(
        "select i.indexdef, i.indexname from pg_indexes i where i.schemaname = 'public' and i.tablename = any(%s)"
        " and not exists (select 1 from pg_constraint c where c.conname = i.indexname)",
        (list(tables),),
    ).fetchall()
    for _, name in found:
        connection.execute(f"drop index {name}".encode())
    return [definition for definition, _ in found]


# ── texts ──────────────────────────────────────────────────────────────────────────────────────────────────────

_SUBJECTS = (
    "Offer", "Invoice", "Meeting", "Question", "Annual report", "Re: Offer", "Follow up", "Re: Meeting", "Order",
    "Delivery", "Contract", "Re: Contract", "Support", "Renewal", "Demo",
)  # fmt: skip
_COMMON_WORDS = (
    "the to and a of in is for you we on that this with be have are please can our it will as at from not meeting"
    " invoice project contract offer price delivery order customer update report attached regards thanks team schedule"
    " tomorrow week proposal budget question issue ticket account payment shipping review agreement service support"
    " demo call office document Berlin Paris London Oslo über früh größe möchten réunion bientôt"
)
_COMPANY_WORDS = (
    "Acme Lumen Nordic Blue Green Delta Orbit Vertex Harbor Summit Pixel Quantum Atlas Cedar Falcon Granite Horizon"
    " Indigo Juniper Kinetic Maple Nimbus Onyx Prairie Raven Sierra Tundra Umber Velvet Willow"
)
_NAMES = _COMPANY_WORDS.split()
_SYLLABLES = "ba be bi ca co da de do fa ga go ha in ka la le ma me mi no or pa re ri ro sa se ta ti un va vi wa za"
_FIRST = ("Jo", "Ann", "Bob", "Zoë", "Max", "Eva", "Tim", "Lea", "Jürgen", "Søren", "Renée", "Ida")


def _vocabulary(chance: random.Random) -> list[str]:
    syllables = _SYLLABLES.split()
    made = ("".join(chance.choice(syllables) for _ in range(chance.choice((2, 3, 3, 4)))) for _ in range(30_000))
    rare = list(dict.fromkeys(made))
    for number, name in enumerate(_NAMES):
        rare.insert(20 * number, name.lower())
    return _COMMON_WORDS.split() + rare


_FILES = ("offer.pdf", "invoice 2026.pdf", "plan.png", "contract_signed.pdf", "price list.xlsx")
_OTHER_SCRIPTS = (
    ("見積書の件", "いつもお世話になっております。東京都の倉庫の見積書を添付いたします。よろしくお願いいたします。"),
    ("请求付款", "您好,附件是上海仓库的报价单和发票,请确认价格和交货时间。谢谢。"),
    ("ใบเสนอราคา", "เรียนคุณลูกค้า กรุณาตรวจสอบใบเสนอราคาสินค้าทั้งหมดและแจ้งวันส่งของที่กรุงเทพ"),
)


def _texts(chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """A subject, a text and the name of its file or none, over and over; one in a hundred in another script."""
    vocabulary = _vocabulary(chance)
    reached, total = [], 0.0
    for rank in range(1, len(vocabulary) + 1):
        total += 1 / rank**0.95
        reached.append(total)
    while True:
        words = [vocabulary[bisect_left(reached, chance.random() * total)] for _ in range(chance.randint(8, 45))]
        file = chance.choice(_FILES) if chance.random() < 0.2 else ""
        if chance.random() < 0.01:
            subject, text = chance.choice(_OTHER_SCRIPTS)
            yield subject, f"{text} {' '.join(words[:5])}", file
            continue
        subject = f"{chance.choice(_SUBJECTS)} {chance.choice(_NAMES).lower()}"
        yield subject, f"Hello {chance.choice(_FIRST)}, {' '.join(words)}. Greetings", file


def _copy_texts(connection: Connection) -> None:
    connection.execute(
        "create temp table texts (n integer, subject text, body text, file text, subject_words tsvector,"
        " body_words tsvector)"
    )
    texts = _texts(random.Random(7))
    with connection.cursor().copy("copy texts from stdin") as copy:
        for number, (subject, body, file) in zip(range(TEXTS), texts, strict=False):
            # What stands before is left out, but for the places that are kept free between one header and the next.
            words = vector((("", ""), (FILE, file), ("", body)))
            copy.write_row((number, subject, body, file, vector(((SUBJECT, subject),)), words))
    connection.execute("analyze texts")


def _copy_people(connection: Connection, leads: int) -> None:
    """Everybody who writes: contacts (numbers above zero) and users (below)."""
    connection.execute(
        "create temp table people (n integer, address text, written text, as_sender tsvector, as_recipient tsvector)"
    )
    users = ((-n, f"u{n}@bench.test", f'"User {n}" <u{n}@bench.test>') for n in range(1, USERS + 1))
    people = ((n, f"jo{n}@example{n % 5000}.test") for n in range(1, 3 * leads + 1))
    contacts = ((n, address, f'"{_FIRST[n % 12]} {_NAMES[n % 30]}" <{address}>') for n, address in people)
    with connection.cursor().copy("copy people from stdin") as copy:
        for rows in (users, contacts):
            for number, address, written in rows:
                sender = vector((("", ""), (SENDER, written)))
                recipient = vector((("", ""), (RECIPIENT, address)))
                copy.write_row((number, address, written, sender, recipient))
    connection.execute("analyze people")


# ── rows ───────────────────────────────────────────────────────────────────────────────────────────────────────

_FOUND = """
insert into organizations (id, name, date_created, date_updated) values (%(org)s, 'Bench', %(now)s, %(now)s);
insert into users (organization_id, id, membership_id, email, email_key, first_name, last_name, date_created,
    date_updated)
  select %(org)s, 'user_' || n, 'memb_' || n, 'u' || n || '@bench.test', 'u' || n || '@bench.test', 'User', n::text,
         %(now)s, %(now)s from generate_series(1, %(users)s) n;
insert into lead_statuses (organization_id, id, label, position)
  select %(org)s, 'stat_' || n, label, n from unnest(array['Potential', 'Bad Fit', 'Qualified', 'Customer',
  'Interested', 'Canceled']) with ordinality as s(label, n);
insert into pipelines (organization_id, id, name, date_created, date_updated)
  values (%(org)s, 'pipe_1', 'Sales', %(now)s, %(now)s);
insert into opportunity_statuses (organization_id, id, pipeline_id, label, type, position) values
  (%(org)s, 'stag_1', 'pipe_1', 'Proposal', 'active', 0), (%(org)s, 'stag_2', 'pipe_1', 'Won', 'won', 1),
  (%(org)s, 'stag_3', 'pipe_1', 'Lost', 'lost', 2)
"""
_NAME_LIST = ",".join(f"'{name}'" for name in _NAMES)
_WORD = f"(array[{_NAME_LIST}])[1 + floor(random() * 30)::int]"
_FIRST_LIST = ",".join(f"'{name}'" for name in _FIRST)
_LEAD = "'lead_' || lpad((1 + floor(random() * %(leads)s)::int)::text, 8, '0')"
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
  'user_' || (1 + floor(random() * %(users)s)::int), %(now)s::timestamptz - random() * interval '900 days',
  %(now)s::timestamptz - random() * random() * interval '400 days'
from generate_series(1, %(leads)s) n
"""
# Three to a lead, more or less.
_CONTACTS = f"""
insert into contacts (organization_id, id, lead_id, name, title, phones, position, date_created, date_updated)
select %(org)s, 'cont_' || lpad(n::text, 8, '0'),
  'lead_' || lpad(least(%(leads)s, 1 + floor((n + random() * 9) / 3)::int)::text, 8, '0'),
  (array[{_FIRST_LIST}])[1 + floor(random() * 12)::int] || ' ' || {_WORD} || n,
  (array['CEO','CTO','Head of Sales','Buyer','','','Assistant','Engineer'])[1 + floor(random() * 8)::int],
  case when random() < 0.5 then jsonb_build_array(jsonb_build_object('phone', '+4930' || n, 'type', 'office'))
    else '[]' end,
  n %% 3, %(now)s, %(now)s
from generate_series(1, 3 * %(leads)s) n
"""
_ADDRESSES = """
insert into contact_emails (organization_id, contact_id, lead_id, address_key, address)
select organization_id, id, lead_id, 'jo' || n || '@example' || (n %% 5000) || '.test',
  'jo' || n || '@example' || (n %% 5000) || '.test'
from (select c.organization_id, c.id, c.lead_id, ltrim(substr(c.id, 6), '0')::int as n from contacts c
      where c.organization_id = %(org)s) numbered
"""
_TASKS = f"""
insert into tasks (organization_id, id, lead_id, assigned_to, text, due_at, is_complete, date_created, date_updated)
select %(org)s, 'task_' || n, {_LEAD}, 'user_' || (1 + floor(random() * %(users)s)::int), 'Call back',
  %(now)s::timestamptz + (random() - 0.8) * interval '100 days',
  random() < 0.8, %(now)s, %(now)s from generate_series(1, %(leads)s / 2) n
"""
_DEALS = f"""
insert into opportunities (organization_id, id, lead_id, user_id, status_id, value, confidence, note, date_created,
                           date_updated)
select %(org)s, 'oppo_' || n, {_LEAD}, 'user_' || (1 + floor(random() * %(users)s)::int),
  'stag_' || (1 + floor(random() * 3)::int), floor(random() * 1000000)::bigint, floor(random() * 100)::int,
  'Wants ' || lower({_WORD}) || ' parts', at, at
from (select n, %(now)s::timestamptz - random() * interval '900 days' as at
      from generate_series(1, %(leads)s * 2 / 5) n) made
"""
_RECORDS = f"""
insert into activities (organization_id, id, kind, lead_id, user_id, text, direction, duration, status, activity_at,
                        date_created, date_updated)
select %(org)s, 'acti_r' || n, kind, {_LEAD}, 'user_' || (1 + floor(random() * %(users)s)::int),
  case when random() < 0.7 then 'Talked about ' || lower({_WORD}) || ' and a visit' else '' end,
  case when kind = 'call' then 'outbound' else '' end, floor(random() * 600)::int,
  case when kind = 'call' then 'completed' else '' end, at, at, at
from (select n, case when random() < 0.6 then 'call' else 'note' end as kind,
      %(now)s::timestamptz - power(random(), 1.5) * interval '900 days' as at
      from generate_series(1, %(leads)s * 2) n) made
"""
# Few leads have most of the mail, and many have none: a power of an even distribution.
_MADE = """
drop table if exists made;
create temp table made as
select n, 1 + floor(power(random(), 2) * %(leads)s * 2.4)::int as contact, floor(random() * %(texts)s)::int as text_n,
  -(1 + floor(random() * %(users)s)::int) as user_n, random() < 0.4 as incoming, random() < 0.4 as has_reply,
  %(now)s::timestamptz - power(random(), 1.5) * interval '1000 days' as at
from generate_series(%(from)s::int, %(to)s::int) n;
analyze made
"""
_PARTS = """
from made m join texts t on t.n = m.text_n
  join people s on s.n = case when m.incoming then m.contact else m.user_n end
  join people r on r.n = case when m.incoming then m.user_n else m.contact end
"""
_EMAILS = f"""
insert into emails (organization_id, id, lead_id, contact_id, thread_id, message_key, user_id, users, account_id,
  status, direction, sender, to_list, subject, body_text, body_preview, message_ids, has_reply, attachments,
  activity_at, date_sent, date_created, date_updated)
select %(org)s, 'acti_' || lpad(m.n::text, 8, '0'), c.lead_id, c.id, 'thre_' || lpad((m.n / 3)::text, 8, '0'),
  'mess_' || lpad(m.n::text, 8, '0'), 'user_' || -m.user_n, array['user_' || -m.user_n], 'emai_' || -m.user_n,
  case when m.incoming then 'inbox' else 'sent' end, case when m.incoming then 'incoming' else 'outgoing' end,
  s.written, array[r.address], t.subject || ' ' || (m.n / 10), t.body, left(t.body, 100),
  array['<' || m.n || '.' || md5(m.n::text) || '@bench.test>'], m.has_reply, case when t.file = '' then '[]'
    else jsonb_build_array(jsonb_build_object('filename', t.file, 'size', 4711)) end, m.at, m.at, m.at, m.at
{_PARTS} join contacts c on c.organization_id = %(org)s and c.id = 'cont_' || lpad(m.contact::text, 8, '0')
"""
_WORDS = f"""
insert into email_search (organization_id, email_id, months, words)
select %(org)s, 'acti_' || lpad(m.n::text, 8, '0'), array[('x' || left(md5(%(org)s || ' '
  || to_char(m.at at time zone 'UTC', 'YYYY-MM')), 8))::bit(32)::integer],
  t.subject_words || ('''' || (m.n / 10) || ''':1 ''s:' || (m.n / 10) || ''':1')::tsvector || s.as_sender
  || r.as_recipient || t.body_words
{_PARTS}
"""
_ALL_WORDS = """
insert into search_words (organization_id, word)
select distinct %(org)s, w.word from email_search s, unnest(tsvector_to_array(s.words)) w(word)
where s.organization_id = %(org)s and position(':' in w.word) = 0 and w.word !~ '^[0-9]' on conflict do nothing
"""
_INBOX = """
insert into inbox_items (organization_id, id, account_id, user_id, lead_id, thread_id, is_done, due_at, latest_at,
  date_created, date_updated)
select organization_id, 'noti_' || id, 'a', user_id, lead_id, id, random() < 0.95, activity_at, activity_at,
  activity_at, activity_at from emails where organization_id = %(org)s and status = 'inbox'
  and activity_at > %(now)s::timestamptz - interval '90 days'
"""
_COUNTS = """
update leads set num_emails = coalesce(n, 0), last_activity_at = greatest(counted.at, noted.at),
  last_incoming_at = counted.incoming, last_outgoing_at = counted.outgoing,
  first_incoming_at = counted.first_incoming, first_outgoing_at = counted.first_outgoing
from leads l left join (select lead_id, count(*) as n, max(activity_at) as at,
  max(activity_at) filter (where status = 'inbox') as incoming,
  min(activity_at) filter (where status = 'inbox') as first_incoming,
  min(activity_at) filter (where status = 'sent') as first_outgoing,
  max(activity_at) filter (where status = 'sent') as outgoing
  from emails where organization_id = %(org)s group by lead_id) counted on counted.lead_id = l.id
left join (select lead_id, max(activity_at) as at from activities where organization_id = %(org)s group by lead_id)
  noted on noted.lead_id = l.id
where leads.organization_id = %(org)s and leads.id = l.id and l.organization_id = %(org)s
"""
_DONE = """
insert into search_progress (organization_id, method, is_done) values (%(org)s, %(method)s, true)
"""
