"""What a person wrote, as a mail program lists it: drafts, scheduled, outbox, sent; and every email with some words.

One row is one email without its bodies. A message that concerns several leads is several emails and still one row.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.rooms.emails.search_highlights import Term, excerpt
from postroom.views.email_search import AskedEmails, condition_of, in_time, newest_of, texts_of
from postroom.views.search_full_text import unveiled
from postroom.views.selection import Page, Where, as_date, as_name, cut, rows_of

MARK_BEGINS, MARK_ENDS = "\u0002", "\u0003"
"""Around the words found in a snippet: control characters, since no text and no HTML means anything by them."""


MOST_WAITING = 1_000
"""Emails not yet in the index of words that are looked at."""


class Box(StrEnum):
    """A list of the page. `any` is for searching: emails in every status."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OUTBOX = "outbox"
    SENT = "sent"
    ANY = "any"


STATUSES = {
    Box.DRAFT: ("draft",),
    Box.SCHEDULED: ("scheduled",),
    Box.OUTBOX: ("outbox", "error"),
    Box.SENT: ("sent",),
}


class MailCard(msgspec.Struct, frozen=True):
    """An email as a line of a list. `date` is what its list is sorted by; `snippet` has the words found marked."""

    id: str
    lead_id: str
    lead_name: str
    thread_id: str | None
    user_id: str | None
    user_name: str | None
    email_account_id: str | None
    status: str
    direction: str
    sender: str
    to: list[str]
    n_recipients: int
    subject: str
    body_preview: str
    snippet: str | None
    date: str
    date_scheduled: str | None
    followup_date: str | None
    has_attachments: bool
    has_reply: bool
    error: str | None
    attempts: int
    next_try_at: str | None


class MailPage(msgspec.Struct, frozen=True):
    """Some of a list."""

    data: list[MailCard]
    has_more: bool


class MailCounts(msgspec.Struct, frozen=True):
    """How many of the caller's emails have not left. `error` are those of the outbox that failed."""

    draft: int
    scheduled: int
    outbox: int
    error: int


@dataclass(frozen=True, slots=True)
class MailFilter:
    """Which emails are wanted; None narrows nothing."""

    box: Box
    user_ids: tuple[str, ...] | None = None
    account_ids: tuple[str, ...] | None = None
    ids: tuple[str, ...] | None = None
    search: AskedEmails | None = None


async def mail_page(tx: Transaction, organization_id: str, wanted: MailFilter, page: Page) -> MailPage:
    """A list: scheduled emails in the order they will leave, all others the newest first."""
    where = Where.of("e.organization_id", organization_id)
    statuses = STATUSES.get(wanted.box, ())
    if len(statuses) == 1:
        where.equal("e.status", statuses[0])  # so that the index gives the order
    elif statuses:
        where.among("e.status", statuses)
    where.among("e.user_id", wanted.user_ids)
    where.among("e.account_id", wanted.account_ids)
    where.among("e.id", wanted.ids)
    async with in_time(tx):
        cards, has_more = cut(await _cards(tx, wanted, where, page), page)
    return MailPage(await _with_snippets(tx, organization_id, cards, wanted.search), has_more)


async def _cards(tx: Transaction, wanted: MailFilter, where: Where, page: Page) -> list[MailCard]:
    """A page and one more."""
    values: dict[str, Any] = {"skip": page.skip}
    if wanted.search and wanted.box in _MANY:
        found = await newest_of(tx, wanted.search, (where, _ONE_OF_ITS_MESSAGE), page.skip + page.limit + 1)
        where.among("e.id", (*found, *await _just_written(tx, wanted.search, where)))
    elif wanted.search:
        condition, named = condition_of(wanted.search)
        where.conditions.append(f"((not e.is_veiled and {condition}) or {_IN_ITS_HEAD})")
        values |= {**named, "pattern": _pattern(wanted.search)}
    moment = _MOMENTS.get(wanted.box, "e.activity_at")
    order = f"{moment}, e.id" if wanted.box is Box.SCHEDULED else f"{moment} desc, e.id"
    where.conditions.append(_ONE_OF_ITS_MESSAGE)
    cursor = rows_of(tx, MailCard)
    await cursor.execute(
        f"select {_COLUMNS} from seen_emails e {_JOINS} where {where} order by {order} limit %(limit)s offset %(skip)s",
        {**where.values, **values, "limit": page.limit + 1},
    )
    return await cursor.fetchall()


async def _just_written(tx: Transaction, search: AskedEmails, where: Where) -> list[str]:
    """What still waits for the index of words, by its subject and people."""
    rows = await tx.execute(
        "select e.id from (select * from emails_to_index where organization_id = %(organization_id)s limit %(most)s) w"
        " join emails e on e.organization_id = w.organization_id and e.id = w.email_id"
        f" where {where} and {unveiled('e')} and {_IN_ITS_HEAD}",
        {**where.values, "pattern": _pattern(search), "most": MOST_WAITING},
        prepare=False,
    )
    return [row[0] for row in await rows.fetchall()]


async def _with_snippets(
    tx: Transaction, organization_id: str, cards: list[MailCard], search: AskedEmails | None
) -> list[MailCard]:
    """With what of the texts was looked for."""
    if search is None or not search.terms:
        return cards
    texts = await texts_of(tx, organization_id, [card.id for card in cards])
    return await asyncio.to_thread(_marked, cards, texts, search.terms)


def _marked(cards: list[MailCard], texts: dict[str, str], terms: Sequence[Term]) -> list[MailCard]:
    marked = []
    for card in cards:
        pieces = excerpt(texts.get(card.id) or card.body_preview, terms)  # what is written here has no text yet
        snippet = "".join(f"{MARK_BEGINS}{one.text}{MARK_ENDS}" if one.is_match else one.text for one in pieces)
        marked.append(msgspec.structs.replace(card, snippet=snippet or None))
    return marked


async def mail_counts(tx: Transaction, organization_id: str, user_id: str) -> MailCounts:
    """What of a user's writing has not left yet."""
    rows = await (
        await tx.execute(
            "select status, count(*) from emails where organization_id = %s and user_id = %s"
            " and status in ('draft', 'scheduled', 'outbox', 'error') group by status",
            (organization_id, user_id),
        )
    ).fetchall()
    found = {status: int(number) for status, number in rows}
    return MailCounts(found.get("draft", 0), found.get("scheduled", 0), found.get("outbox", 0), found.get("error", 0))


def _pattern(search: AskedEmails) -> str:
    """The words as a pattern that means nothing but themselves."""
    plain = search.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


_MANY = (Box.SENT, Box.ANY)
"""Lists too long to look at one email after the other."""
_MOMENTS = {Box.DRAFT: "e.date_updated", Box.SCHEDULED: "e.date_scheduled"}
_OWN_MOMENT = (
    "case e.status when 'draft' then e.date_updated when 'scheduled' then coalesce(e.date_scheduled, e.activity_at)"
    " else e.activity_at end"
)
# The row for a message that stands on several leads is the one with the least id.
_ONE_OF_ITS_MESSAGE = (
    "(e.message_key is null or not exists (select 1 from seen_emails o where o.organization_id = e.organization_id"
    " and o.message_key = e.message_key and o.status = e.status and o.id < e.id))"
)
# The index follows some seconds behind: what was just written is found by its subject and people.
_IN_ITS_HEAD = "(e.subject ilike %(pattern)s or array_to_string(e.to_list, ' ') ilike %(pattern)s)"
_LEAD_NAME = (
    "coalesce(nullif(l.name, ''), (select nullif(c1.name, '') from contacts c1 where c1.organization_id ="
    " l.organization_id and c1.lead_id = l.id order by c1.position limit 1), 'Untitled')"
)
_COLUMNS = (
    f"e.id, e.lead_id, {_LEAD_NAME}, e.thread_id, e.user_id, {as_name('u')}, e.account_id, e.status, e.direction,"
    " e.sender, to_json(e.to_list[1:5]), cardinality(e.to_list || e.cc_list || e.bcc_list), e.subject, e.body_preview,"
    f" null, {as_date(_OWN_MOMENT)}, {as_date('e.date_scheduled')}, {as_date('e.followup_date')},"
    " e.attachments <> '[]', e.has_reply, nullif(d.error, ''), coalesce(d.attempts, 0),"
    f" case when d.state = 'waiting' then {as_date('d.due_at')} end"
)
_JOINS = (
    " join leads l on l.organization_id = e.organization_id and l.id = e.lead_id"
    " left join users u on u.organization_id = e.organization_id and u.id = e.user_id"
    " left join deliveries d on d.organization_id = e.organization_id and d.email_id = e.id"
)
