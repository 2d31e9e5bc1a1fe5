"""A person looks at a template filled in, before anything is sent; nothing is written.

render_for      for a contact of a lead
render_entry    for one of those that a query finds, by number: the preview of a bulk email
render_text     words that are not saved as a template, as in the editor
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.journeys.steps.render_email import Letterhead, letterhead
from postroom.journeys.steps.unsubscribe_links import first_address, unsubscribe_values_for
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.smart_views.tree import Query
from postroom.rooms.templates import store
from postroom.rooms.templates.render import Missing, Rendered, TemplateText, compile_template
from postroom.rooms.templates.values import Values
from postroom.views.lead_search import Search, find
from postroom.views.search_directory import Reader
from postroom.views.selection import Page
from postroom.views.template_preview import (
    Addressee,
    Recipient,
    Sending,
    addressee,
    addressees_of_contacts,
    addressees_of_leads,
    recipient_facts,
)

MOST_ENTRIES = 100
_PAGE = 200
_MOST_PAGES = 25
"""Of leads looked through for one to write to; beyond 5,000 without an address the preview says there is none."""


class Counting(StrEnum):
    """What a preview counts: leads, each with its first contact, or contacts."""

    LEAD = "lead"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Entry:
    """One of those a query finds, as its reader would see them. `number` counts from 0, passing over those without an
    address. Contacts that a query finds are counted as they are."""

    query: Query
    reader: Reader
    number: int = 0
    counting: Counting = Counting.LEAD


@dataclass(frozen=True, slots=True)
class Preview:
    """A template filled in, for whom, and with which signature (its images stand in the body as `cid:`)."""

    rendered: Rendered
    addressee: Addressee | None
    head: Letterhead

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Every variable without a value, those of the signature too where it stands in the body."""
        uses = self.head.signed_html and self.head.signed_html in self.rendered.body_html
        return self.rendered.missing + (self.head.missing_in_signature if uses else ())


async def render_for(tools: Tools, asker: Asker, template_id: str, wanted: tuple[Recipient, Sending]) -> Preview:
    """A template for one contact. Raises NotFound for any of the three, Invalid for what cannot be filled in."""
    recipient, sending = wanted
    async with tools.db.transaction() as tx:
        text = (await store.template(tx, asker.organization_id, asker.user_id, template_id)).content.text
        to = await addressee(tx, asker.organization_id, recipient)
        head, values = await _values(tools, tx, asker, (recipient, sending))
    return Preview(await _rendered(text, values), to, head)


async def render_entry(tools: Tools, asker: Asker, template_id: str, wanted: tuple[Entry, Sending]) -> Preview | None:
    """A template for one of those that a query finds; None past the last. Raises NotFound, Invalid."""
    entry, sending = wanted
    if not 0 <= entry.number < MOST_ENTRIES:
        raise Invalid(field_errors={"entry": f"A number from 0 to {MOST_ENTRIES - 1}."})
    async with tools.db.transaction() as tx:
        text = (await store.template(tx, asker.organization_id, asker.user_id, template_id)).content.text
        to = await _nth(tx, asker.organization_id, entry)
        if to is None:
            return None
        head, values = await _values(tools, tx, asker, (Recipient(to.lead_id, to.contact_id), sending))
    return Preview(await _rendered(text, values), to, head)


async def render_text(
    tools: Tools, asker: Asker, text: TemplateText, wanted: tuple[Recipient | None, Sending]
) -> Preview:
    """Words for one contact, for a lead without one, or for nobody in particular. Raises NotFound, Invalid."""
    recipient = wanted[0]
    async with tools.db.transaction() as tx:
        to = None
        if recipient is not None and recipient.contact_id:
            to = await addressee(tx, asker.organization_id, recipient)
        head, values = await _values(tools, tx, asker, wanted)
    return Preview(await _rendered(text, values), to, head)


async def _values(
    tools: Tools, tx: Transaction, asker: Asker, wanted: tuple[Recipient | None, Sending]
) -> tuple[Letterhead, Values]:
    recipient, sending = wanted
    head = await letterhead(tx, asker.organization_id, sending)
    if recipient is None:
        return head, head.values
    known = await recipient_facts(tx, asker.organization_id, [recipient], tools.config.base_url)
    if recipient not in known:
        raise NotFound("There is no such lead, or no such contact on it.")
    address = first_address((), known[recipient])
    link = await unsubscribe_values_for(tools, tx, asker.organization_id, address)
    return head, {**head.values, **known[recipient], **link}


async def _rendered(text: TemplateText, values: Values) -> Rendered:
    """Beside the event loop: a template at its limits takes a good part of a second."""
    return await asyncio.to_thread(lambda: compile_template(text).render(values))


async def _nth(tx: Transaction, organization_id: str, entry: Entry) -> Addressee | None:
    """Page by page through what the query finds, until the entry is there."""
    counted, search = 0, Search(entry.query, Page(_PAGE))
    for _ in range(_MOST_PAGES):
        found = await find(tx, organization_id, search, entry.reader)
        people = await _written_to(tx, organization_id, entry, found.ids)
        if entry.number < counted + len(people):
            return people[entry.number - counted]
        if not found.has_more or found.after is None:
            return None
        counted += len(people)
        search = replace(search, after=found.after, seen=search.seen + len(found.ids))
    return None


async def _written_to(tx: Transaction, organization_id: str, entry: Entry, ids: Sequence[str]) -> list[Addressee]:
    if entry.query.kind == "contact":
        return await addressees_of_contacts(tx, organization_id, ids)
    if entry.query.kind != "lead":
        raise Invalid(field_errors={"query": "A query for leads or contacts is expected here."})
    each = 1 if entry.counting is Counting.LEAD else MOST_ENTRIES
    return await addressees_of_leads(tx, organization_id, ids, each)
