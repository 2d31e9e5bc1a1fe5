"""A person looks at a template filled in, before anything is sent; nothing is written.

render_for      for a contact of a lead
render_entry    for one of those that a query finds, by number: the preview of a bulk email
render_text     words that are not saved as a template, as in the editor
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.journeys.steps.render_email import Letterhead, letterhead
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.templates import store
from postroom.rooms.templates.render import Missing, Rendered, TemplateText, compile_template
from postroom.rooms.templates.values import Values
from postroom.views.template_preview import (
    MOST_ENTRIES,
    Addressee,
    Recipient,
    Sending,
    addressee,
    nth_contact,
    nth_lead,
    recipient_facts,
)

_IDS = re.compile(r"(?:id\s*:\s*)?\"?(lead_\w+)\"?")


class Counting(StrEnum):
    """What a preview counts: leads, each with its first contact, or contacts."""

    LEAD = "lead"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Entry:
    """One of those a query finds. `number` counts from 0; `most` is how many the query may find at all."""

    query: str
    number: int
    counting: Counting = Counting.LEAD
    most: int | None = None


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
    nth = nth_lead if entry.counting is Counting.LEAD else nth_contact
    async with tools.db.transaction() as tx:
        text = (await store.template(tx, asker.organization_id, asker.user_id, template_id)).content.text
        lead_ids = _leads_of(entry.query)
        past = entry.most is not None and entry.number >= entry.most
        to = None if past else await nth(tx, asker.organization_id, lead_ids, entry.number)
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
    return head, {**head.values, **known[recipient]}


async def _rendered(text: TemplateText, values: Values) -> Rendered:
    """Beside the event loop: a template at its limits takes a good part of a second."""
    return await asyncio.to_thread(lambda: compile_template(text).render(values))


def _leads_of(query: str) -> Sequence[str] | None:
    """The leads that a query names, None for all. Raises Invalid for one that asks for anything else."""
    words = query.strip()
    if words in ("", "*"):
        return None
    found = [_IDS.fullmatch(word) for word in re.split(r"[\s,]+(?:or\s+)?", words)]
    ids = [one[1] for one in found if one]
    if len(ids) < len(found):
        raise Invalid(field_errors={"query": 'Here a query is "*", or names leads by their ids.'})
    return ids
