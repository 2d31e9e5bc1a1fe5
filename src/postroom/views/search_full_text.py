"""Words anywhere: in a lead's own texts, in its contacts and their addresses, and in its emails.

Texts of leads and contacts are searched by trigram index, emails by the words that `rooms/emails` has indexed, some
seconds after they came. Wildcards at the beginning of a word are looked for outside of emails only.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from psycopg import errors

from postroom.ground.database import Transaction
from postroom.rooms.emails.search_tokens import asked, asked_around, asked_loosely
from postroom.rooms.emails.word_store import words_beginning
from postroom.rooms.leads.phones import FEWEST_DIGITS, ending_of, forms_of
from postroom.rooms.smart_views.tree import Mode, Query, Words, walk
from postroom.views.kept_things import VIEWER
from postroom.views.search_meaning import AmongTest, AnyTest, Test, TextTest
from postroom.views.search_tests import Values, text_sql
from postroom.views.search_things import CONTACT_TEXT, LEAD_TEXT, PHONES_TEXT, THINGS
from postroom.views.search_words import parts
from postroom.views.time_limit import limited

Wanted: TypeAlias = tuple[Mode, str]

MOST_PROBED = 6
PROBE_MILLISECONDS = 30
COMMON_EMAILS = 8_000
"""A word in more emails than this is looked for lead by lead, which soon fills a page, instead of in all emails."""
_BEGUN = re.compile(r"'([a-z]:)?([^':]+)':\*")
_WHOLE = re.compile(r"'([^']+)'(?!:)")

Endings: TypeAlias = Mapping[str, Sequence[str]]
"""Beginnings of words, and all words that stand in emails and begin so, where they are not too many."""


@dataclass(frozen=True, slots=True)
class KnownWords:
    """What is known of the words that are looked for: which very many emails hold, and how those begun may end."""

    common: frozenset[Wanted] = frozenset()
    endings: Endings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """Which row is asked: what it is, its alias, and what is known of the words."""

    kind: str
    alias: str
    known: KnownWords = KnownWords()
    region: str = ""
    """The country of telephone numbers that are typed without one."""


async def known_words(tx: Transaction, organization_id: str, query: Query) -> KnownWords:
    """Of the first words in a search."""
    nodes = [node for node, _ in walk(query.where) if isinstance(node, Words)]
    asked = dict.fromkeys((node.mode, part) for node in nodes for part in parts(node.mode, node.text) if part)
    wanted = list(asked)[:MOST_PROBED]
    endings = await endings_of(tx, organization_id, begun_words(" ".join(email_words(*one) or "" for one in wanted)))
    if query.kind != "lead":
        return KnownWords(endings=endings)
    common = [one for one in wanted if await _is_common(tx, organization_id, email_words(*one, endings))]
    return KnownWords(frozenset(common), endings)


async def endings_of(tx: Transaction, organization_id: str, begun: Iterable[str]) -> Endings:
    """Those of some beginnings of words."""
    found = {one: await words_beginning(tx, organization_id, one) for one in begun}
    return {one: words for one, words in found.items() if words}


def begun_words(query: str) -> tuple[str, ...]:
    """The beginnings of words that a tsquery asks for."""
    return tuple(dict.fromkeys(found[2] for found in _BEGUN.finditer(query)))


def ended(query: str, endings: Endings) -> str:
    """The same tsquery with all words that begin so instead of these beginnings, which an index answers sooner."""

    def written(found: re.Match[str]) -> str:
        whole = endings.get(found[2])
        return f"({' | '.join(_in_quotes(found[1], one) for one in whole)})" if whole else found[0]

    return _BEGUN.sub(written, query)


def _in_quotes(name: str | None, word: str) -> str:
    return f"'{name or ''}{word}'"


async def _is_common(tx: Transaction, organization_id: str, words: str | None) -> bool:
    """The planner knows of frequent words, but nothing of rare ones of which one is to be there, and of phrases: those
    are tried, for a moment."""
    if words is None or await _expected(tx, organization_id, words) <= COMMON_EMAILS:
        return False
    frequent = await _frequent(tx, words)
    if frequent and await _expected(tx, organization_id, " | ".join(frequent)) > COMMON_EMAILS:
        return True
    try:
        async with limited(tx, PROBE_MILLISECONDS):
            counting = f"select count(*) from ({_WITH_WORDS} limit {COMMON_EMAILS + 1}) found"
            values = {"organization_id": organization_id, "words": words}
            row = await (await tx.execute(counting, values, prepare=False)).fetchone()
    except errors.QueryCanceled:
        return True
    return row is not None and row[0] > COMMON_EMAILS


_WITH_WORDS = (
    "select 1 from email_search w where w.organization_id = %(organization_id)s and w.words @@ %(words)s::tsquery"
)


async def _expected(tx: Transaction, organization_id: str, words: str) -> float:
    """How many emails the planner expects to have these words."""
    values = {"organization_id": organization_id, "words": words}
    row = await (await tx.execute(f"explain (format json) {_WITH_WORDS}", values, prepare=False)).fetchone()
    return float(row[0][0]["Plan"]["Plan Rows"]) if row else 0.0


async def _frequent(tx: Transaction, words: str) -> list[str]:
    """Of words one of which is to be there, those of which PostgreSQL has counted how frequent they are."""
    if "<" in words or "&" in words:
        return []
    begun = begun_words(words)
    rows = await tx.execute(
        "select quote_literal(e.word) from pg_stats s, unnest(s.most_common_elems::text::text[]) e(word)"
        " where s.schemaname = current_schema and s.tablename = 'email_search' and s.attname = 'words'"
        " and (e.word = any(%s) or exists (select 1 from unnest(%s::text[]) b where starts_with(e.word, b)))",
        (_WHOLE.findall(words), list(begun)),
        prepare=False,
    )
    return [row[0] for row in await rows.fetchall()]


def words_sql(node: Words, row: Row, values: Values) -> str:
    """SQL that is true of rows where the words are found; each word on its own where the mode says so."""
    found = [_part_sql((node.mode, part), row, values) for part in parts(node.mode, node.text) if part]
    return f"({' and '.join(found)})" if found else "true"


def email_words(mode: Mode, part: str, endings: Endings = MappingProxyType({})) -> str | None:
    """The tsquery for one part; None where an index of words cannot tell."""
    written = asked(*begun(mode, part))
    return ended(written, endings) if written else None


def _email_query(wanted: Wanted, row: Row, values: Values) -> str | None:
    """The same as a parameter of a statement."""
    written = email_words(*wanted, row.known.endings)
    return f"{values.add(written)}::tsquery" if written else None


def begun(mode: Mode, part: str) -> tuple[str, str]:
    """A part without its wildcards, and "*" where its last word may be only begun; "" where a beginning may miss."""
    bare = part.strip("*") if mode is Mode.PATTERN else part
    if mode is Mode.PATTERN and (part.startswith("*") or "*" in bare):
        return "", ""
    return bare, "*" if mode is Mode.BEGINNING_OF_WORDS or (mode is Mode.PATTERN and part.endswith("*")) else ""


def narrowed(test: Test, field: tuple[str, str, str], values: Values) -> str:
    """A condition on a text of an email, asked only of emails that the index of words offers.

    `field` is the email's alias, the name of the header in the index, and the condition.
    """
    alias, header, sql = field
    words = words_of(test, header)
    if not words:
        return sql
    # In a CASE, the planner does not take the text for a second, independent condition: the index tells it how many.
    return f"({_email_may_have(alias, f'{values.add(words)}::tsquery')} and case when {sql} then true else false end)"


def words_of(test: Test, header: str) -> str:
    """A tsquery of words that stand in every text that passes the test; "" where none must."""
    if isinstance(test, AnyTest):
        return _either([words_of(one, header) for one in test.tests])
    if isinstance(test, AmongTest) and test.folded:
        return _either([asked_loosely(value, "", header) or "" for value in test.values])
    if not isinstance(test, TextTest):
        return ""
    return " & ".join(filter(None, (_words_of_part(test.mode, part, header) for part in parts(test.mode, test.text))))


def _either(choices: Sequence[str]) -> str:
    """One of them; "" where one of them says nothing."""
    return " | ".join(f"({one})" for one in choices) if choices and all(choices) else ""


def _words_of_part(mode: Mode, part: str, header: str) -> str:
    bare, begins = begun(mode, part)
    return asked_loosely(bare, begins, header) or asked_around(part.split("*"), header) or ""


def unveiled(alias: str) -> str:
    """SQL that is true of emails whose content the person who asks may see, as the view `seen_emails` has it."""
    holds = f"{VIEWER} = any({alias}.users || {alias}.shared_with)"
    return f"({alias}.coworkers_see = 'everything' or {VIEWER} = '' or {holds})"


def _email_has(alias: str, words: str) -> str:
    return (
        "exists (select 1 from email_search w where w.organization_id = %(organization_id)s"
        f" and w.email_id = {alias}.id and w.words @@ {words})"
    )


def _email_may_have(alias: str, words: str) -> str:
    """The same, and of emails that still wait to be indexed: whoever has just written one finds it."""
    return (
        "exists (select 1 from (select organization_id, email_id, words, false as waits from email_search union all"
        " select organization_id, email_id, null::tsvector, true from emails_to_index) w"
        " where w.organization_id = %(organization_id)s"
        f" and w.email_id = {alias}.id and (w.words @@ {words} or w.waits))"
    )


def _part_sql(wanted: Wanted, row: Row, values: Values) -> str:
    kind, alias = row.kind, row.alias
    if kind == "lead" and wanted in row.known.common:
        return _lead_by_lead(wanted, row, values)
    if kind == "lead":
        return f"{alias}.id in ({_lead_ids(wanted, row, values)}{_of_a_phone('lead_id', row, wanted, values)})"
    if kind == "contact":
        return f"{alias}.id in ({_contact_ids(wanted, values)}{_of_a_phone('id', row, wanted, values)})"
    if kind == "email":
        query = _email_query(wanted, row, values)
        if query is None:
            return "false"
        return f"({_email_has(alias, query)} and {unveiled(alias)})"
    texts = [text_sql(*wanted, text.replace("{a}", alias), values) for text in THINGS[kind].texts]
    if kind == "activity":
        return f"(({' or '.join(texts)}) and {unveiled(alias)})"
    return f"({' or '.join(texts)})" if texts else "false"


def _lead_by_lead(wanted: Wanted, row: Row, values: Values) -> str:
    """The same as `_lead_ids`, looked for from the lead. A subquery with a limit is never turned into a join."""
    of_lead = f"w.organization_id = %(organization_id)s and w.lead_id = {row.alias}.id"
    query = _email_query(wanted, row, values)
    return (
        f"({text_sql(*wanted, '(' + LEAD_TEXT.replace('{a}', row.alias) + ')', values)}"
        f" or (select true from contacts w where {of_lead} and {_in(CONTACT_TEXT, wanted, values)} limit 1)"
        f" or (select true from contact_emails w where {of_lead} and {_in('{a}.address', wanted, values)} limit 1)"
        f" or (select true from activities w where {of_lead} and {_in('{a}.text', wanted, values)} limit 1)"
        f" or (select true from seen_emails w join email_search s on s.organization_id = w.organization_id"
        f" and s.email_id = w.id where not w.is_veiled and {of_lead} and s.words @@ {query} limit 1))"
    )


def _lead_ids(wanted: Wanted, row: Row, values: Values) -> str:
    branches = [
        f"select w.id from leads w where w.organization_id = %(organization_id)s and {_in(LEAD_TEXT, wanted, values)}",
        "select w.lead_id from contacts w where w.organization_id = %(organization_id)s"
        f" and {_in(CONTACT_TEXT, wanted, values)}",
        "select w.lead_id from contact_emails w where w.organization_id = %(organization_id)s"
        f" and {_in('{a}.address', wanted, values)}",
        "select w.lead_id from activities w where w.organization_id = %(organization_id)s"
        f" and {_in('{a}.text', wanted, values)}",
    ]
    query = _email_query(wanted, row, values)
    if query:
        branches.append(
            "select e.lead_id from email_search w join seen_emails e on e.organization_id = w.organization_id"
            " and e.id = w.email_id and not e.is_veiled where w.organization_id = %(organization_id)s"
            f" and w.words @@ {query}"
        )
    return " union all ".join(branches)


def _of_a_phone(belongs_to: str, row: Row, wanted: Wanted, values: Values) -> str:
    """`union all` the leads or contacts with a telephone number, where one is looked for, however it is typed."""
    typed = wanted[1].strip("*")
    ends = [f'%{ending}"%'] if (ending := ending_of(typed)) else []
    likely = [f'%"{form}"%' for form in forms_of(typed, (row.region,)) if len(form) > FEWEST_DIGITS]
    if not likely:
        return ""
    held = f"folded({PHONES_TEXT.replace('{a}', 'w')})"
    found = " or ".join(f"{held} like {values.add(one)}" for one in (*likely, *ends))
    return (
        f" union all select w.{belongs_to} from contacts w where w.organization_id = %(organization_id)s and ({found})"
    )


def _contact_ids(wanted: Wanted, values: Values) -> str:
    return (
        "select w.id from contacts w where w.organization_id = %(organization_id)s"
        f" and {_in(CONTACT_TEXT, wanted, values)}"
        " union all select w.contact_id from contact_emails w where w.organization_id = %(organization_id)s"
        f" and {_in('{a}.address', wanted, values)}"
    )


def _in(sql: str, wanted: Wanted, values: Values) -> str:
    return text_sql(*wanted, f"({sql.replace('{a}', 'w')})", values)
