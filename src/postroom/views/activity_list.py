"""The common list of activities: emails or their threads, and everything else that happened, in one order.

First the ids of one page, each kind read by its own index and only as far as the page reaches; then what
stands behind them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.views.email_list import EmailFilter, email_conditions, email_page, email_summaries
from postroom.views.lead_timeline import thread_conditions, thread_page
from postroom.views.record_list import (
    CREATED_ID,
    WORDS,
    RecordFilter,
    created_conditions,
    created_page,
    record_conditions,
    records_by_id,
)
from postroom.views.selection import Page, Where, cut


class ActivityPage(msgspec.Struct, frozen=True):
    """Some activities; `_type` says which shape each has."""

    data: list[Any]
    """One of the shapes of the activities; `document.py` says so to readers of the API's description."""
    has_more: bool


class ThreadMode(StrEnum):
    """What stands for a conversation in the list: its emails, the thread and its emails, or the thread alone."""

    EMAILS = ""
    BOTH = "true"
    THREADS = "only"


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which activities are wanted. `words` are Close's, `_type` of an activity or the id of a custom type; None: all.

    They come in the order of `emails`.
    """

    emails: EmailFilter
    mode: ThreadMode = ThreadMode.EMAILS
    words: frozenset[str] | None = None

    @property
    def wants_emails(self) -> bool:
        """Whether single emails stand in the list."""
        return self.mode is not ThreadMode.THREADS and self._wants("Email")

    @property
    def wants_threads(self) -> bool:
        """Whether threads do: where the mode says so, or somebody names them."""
        if self.words is not None and "EmailThread" in self.words:
            return True
        return self.mode is not ThreadMode.EMAILS and self._wants("Email")

    @property
    def wants_created(self) -> bool:
        """Whether that the lead was made does."""
        return self._wants("Created") and not self._is_about_emails

    @property
    def records(self) -> RecordFilter | None:
        """The other activities that are wanted; None: there are none."""
        kinds = tuple(kind for word, kind in WORDS.items() if self._wants(word))
        types = tuple(sorted(word for word in self.words or () if word.startswith("actitype_")))
        if self._is_about_emails or not (kinds or types):
            return None
        return self.filter_of(kinds, types)

    def filter_of(self, kinds: tuple[str, ...] | None = None, types: tuple[str, ...] = ()) -> RecordFilter:
        """The same filters for activities that are no emails."""
        same = self.emails
        return RecordFilter(
            kinds, types, same.ids, same.lead_ids, same.contact_ids, same.user_ids, same.date_created, same.activity_at
        )

    @property
    def _is_about_emails(self) -> bool:
        return self.emails.thread_ids is not None or self.emails.statuses is not None

    def _wants(self, word: str) -> bool:
        return self.words is None or word in self.words


async def activity_page(tx: Transaction, organization_id: str, wanted: ActivityFilter, page: Page) -> ActivityPage:
    """Activities, newest first."""
    parts = _parts(organization_id, wanted)
    if not parts:
        return ActivityPage([], False)
    order = wanted.emails.order
    if [part for part, _ in parts] == [_EMAILS]:
        listed = await email_page(tx, organization_id, wanted.emails, page)
        return ActivityPage([*listed.data], listed.has_more)
    limited = [
        f"({_SELECTS[part].format(at=_MOMENTS[part][order.by_activity], where=where)}"
        f" order by at {order.direction}, id limit %(reach)s)"
        for part, where in parts
    ]
    values: dict[str, Any] = {"reach": page.skip + page.limit + 1, "limit": page.limit + 1, "skip": page.skip}
    for _, where in parts:
        values |= where.values
    found = await (
        await tx.execute(
            f"select id, kind from ({' union all '.join(limited)}) happened order by at {order.direction}, id"
            " limit %(limit)s offset %(skip)s",
            values,
        )
    ).fetchall()
    rows, has_more = cut(found, page)
    return ActivityPage(await _cards(tx, organization_id, [(row[0], row[1]) for row in rows], wanted), has_more)


_EMAILS, _THREADS, _RECORDS, _CREATED = "emails", "threads", "records", "created"
_OWN = "organization_id = %(organization_id)s and"
_SELECTS = {
    _EMAILS: f"select e.id, 'email' as kind, {{at}} as at from seen_emails e where e.{_OWN} {{where}}",
    _THREADS: f"select t.id, 'thread' as kind, {{at}} as at from seen_threads t where t.{_OWN} {{where}}",
    _RECORDS: f"select a.id, a.kind as kind, {{at}} as at from activities a where a.{_OWN} {{where}}",
    _CREATED: f"select {CREATED_ID} as id, 'created' as kind, {{at}} as at from leads l where l.{_OWN} {{where}}",
}
_MOMENTS = {
    _EMAILS: ("e.date_created", "e.activity_at"),
    _THREADS: ("t.latest_at", "t.latest_at"),
    _RECORDS: ("a.date_created", "a.activity_at"),
    _CREATED: ("l.date_created", "l.date_created"),
}


def _parts(organization_id: str, wanted: ActivityFilter) -> list[tuple[str, Where]]:
    """Which tables are read, and under which conditions."""
    found = []
    if wanted.wants_emails:
        found.append((_EMAILS, email_conditions(organization_id, wanted.emails)))
    if wanted.wants_threads:
        found.append((_THREADS, thread_conditions(organization_id, wanted.emails)))
    if records := wanted.records:
        found.append((_RECORDS, record_conditions(organization_id, records)))
    if wanted.wants_created:
        found.append((_CREATED, created_conditions(organization_id, wanted.filter_of())))
    return found


async def _cards(
    tx: Transaction, organization_id: str, found: list[tuple[str, str]], wanted: ActivityFilter
) -> list[Any]:
    """What stands behind the ids, in their order. Beside its thread an email stands without its bodies."""
    by_kind: dict[str, list[str]] = {}
    for one, kind in found:
        by_kind.setdefault(kind, []).append(one)
    cards: dict[str, Any] = {}
    for kind, ids in by_kind.items():
        chosen = EmailFilter(ids=tuple(ids), base_url=wanted.emails.base_url)
        page = Page(len(ids))
        if kind == "email" and wanted.mode is ThreadMode.EMAILS:
            cards |= {card.id: card for card in (await email_page(tx, organization_id, chosen, page)).data}
        elif kind == "email":
            cards |= {card.id: card for card in await email_summaries(tx, organization_id, ids, chosen.base_url)}
        elif kind == "thread":
            cards |= {card.id: card for card in (await thread_page(tx, organization_id, chosen, page)).data}
        elif kind == "created":
            made, _ = await created_page(tx, organization_id, RecordFilter(ids=tuple(ids)), page)
            cards |= {card.id: card for card in made}
        else:
            cards |= await records_by_id(tx, organization_id, kind, ids)
    return [cards[one] for one, _ in found if one in cards]
