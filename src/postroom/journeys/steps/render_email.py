"""An email that a template or a signature tag stands behind becomes the email that goes out.

fill_template     template_id and no body: subject, body, files, Cc and Bcc come from the template
ready_to_send     the signature in place of its tag; nothing that was meant to be filled in goes out as it is

Words that a person posted are sent as posted: of a given body only the signature's tag is ever replaced. A body may
quote a stranger's email, and variables in that must not tell the stranger what we know.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.journeys.steps.unsubscribe_links import first_address, unsubscribe_values_for
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.emails.email import AttachedFile, EmailContent, EmailStatus, Stamp
from postroom.rooms.templates import signature_store, store
from postroom.rooms.templates.render import Missing, Rendered, TemplateText, compile_template
from postroom.rooms.templates.signature import Signature, has_tag, images_in, signed, with_signature
from postroom.rooms.templates.store import Use
from postroom.rooms.templates.template import Template, TemplateFile
from postroom.rooms.templates.values import SenderFacts, Values, sender_values
from postroom.views.template_preview import Recipient, Sending, first_contact, recipient_facts, sender_facts

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Written:
    """An email as far as it is written: by whom, whose it is, the lead it stands on, what it is to become."""

    asker: Asker
    user_id: str
    lead_id: str
    content: EmailContent
    status: EmailStatus

    @property
    def organization_id(self) -> str:
        """The organization it is written in."""
        return self.asker.organization_id

    @property
    def sending(self) -> Sending:
        """Who sends it, and from where."""
        return Sending(self.user_id, self.content.account_id, self.content.sender)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every email of one sender has in common: values, and the signature, also filled in."""

    values: Values
    signature: Signature
    missing_in_signature: tuple[Missing, ...]

    @property
    def signed_html(self) -> str:
        """The signature filled in, "" where there is none."""
        return str(getattr(self.values.get("signature"), "html", ""))

    @property
    def signed_text(self) -> str:
        """The same as text."""
        return str(getattr(self.values.get("signature"), "text", ""))


async def letterhead(tx: Transaction, organization_id: str, sending: Sending) -> Letterhead:
    """The sender's part of what templates are filled with. An account's signature goes before its user's."""
    facts: SenderFacts = await sender_facts(tx, organization_id, sending)
    owners = [facts.account_id, facts.user_id] if facts.account_id else [facts.user_id]
    kept = await signature_store.signature_of(tx, organization_id, *owners)
    signature = kept.signature if kept else Signature()
    ready, missing = signed(signature, sender_values(facts))
    return Letterhead(sender_values(facts, ready), signature, missing)


def is_to_fill(content: EmailContent) -> bool:
    """Whether a template is to be its words: there is one, and no body."""
    return bool(content.template_id) and not content.body_html and not content.body_text


async def fill_template(tools: Tools, tx: Transaction, written: Written) -> EmailContent:
    """The content, made of its template; ask `is_to_fill` first. Raises Invalid for what cannot be filled in.

    A draft may hold variables that nobody knows, as they were written, for its author to see and mend.
    """
    content = written.content
    template = await demand_template(tx, written)
    recipient = await _recipient(tx, written)
    rendered, head = await _rendered(tools, tx, written, (template.content.text, recipient))
    if written.status is not EmailStatus.DRAFT:
        _refuse([one.tag for one in rendered.unknown])
    filled = replace(
        content,
        subject=content.subject or rendered.subject,
        body_html=rendered.body_html,
        body_text=rendered.body_text,
        cc=content.cc or template.content.cc,
        bcc=content.bcc or template.content.bcc,
        contact_id=content.contact_id or recipient.contact_id,
    )
    return _with_files(filled, template.content.attachments + images_in(rendered.body_html, head.signature))


async def ready_to_send(tx: Transaction, written: Written, stamp: Stamp) -> EmailContent:
    """The content as it goes out. Raises Invalid naming each variable of its template that still stands in it."""
    content, org = written.content, written.organization_id
    if has_tag(content.body_html) or has_tag(content.body_text) or "@signature" in content.body_html:
        head = await letterhead(tx, org, written.sending)
        content = replace(
            content,
            body_html=with_signature(content.body_html, head.signed_html),
            body_text=with_signature(content.body_text, head.signed_text),
        )
        content = _with_files(content, images_in(content.body_html, head.signature))
    if content.template_id:
        await _refuse_what_is_left(tx, replace(written, content=content))
        await store.note_use(tx, org, content.template_id, Use(stamp.user_id, "email", stamp.now))
    return content


async def demand_template(tx: Transaction, written: Written) -> Template:
    """The template that its writer named. Raises Invalid for one that is not there, or not theirs to use."""
    try:
        asker_id, template_id = written.asker.user_id, written.content.template_id or ""
        return await store.template(tx, written.organization_id, asker_id, template_id)
    except NotFound as error:
        raise Invalid(field_errors={"template_id": str(error)}) from error


async def _recipient(tx: Transaction, written: Written) -> Recipient:
    """The contact it is to; where it is to nobody yet, the lead's first."""
    content = written.content
    if content.contact_id or content.to or content.cc or content.bcc:
        return Recipient(written.lead_id, content.contact_id)
    return Recipient(written.lead_id, await first_contact(tx, written.organization_id, written.lead_id))


async def _rendered(
    tools: Tools, tx: Transaction, written: Written, wanted: tuple[TemplateText, Recipient]
) -> tuple[Rendered, Letterhead]:
    (text, recipient), org = wanted, written.organization_id
    head = await letterhead(tx, org, written.sending)
    known = await recipient_facts(tx, org, [recipient], tools.config.base_url)
    if recipient not in known:
        raise Invalid(field_errors={"contact_id": "There is no such contact on this lead."})
    link = await unsubscribe_values_for(tools, tx, org, first_address(written.content.to, known[recipient]))
    values: Mapping[str, object] = {**head.values, **known[recipient], **link}
    try:
        return await asyncio.to_thread(lambda: compile_template(text).render(values)), head
    except Invalid as error:
        raise Invalid(field_errors={"template_id": f"The template cannot be filled in. {error}"}) from error


async def _refuse_what_is_left(tx: Transaction, written: Written) -> None:
    """Whoever fills a template in elsewhere, as the page does, may have left a variable in it."""
    content = written.content
    text = await store.text_of(tx, written.organization_id, content.template_id or "")
    if text is not None:
        everything = f"{content.subject}\n{content.body_html}\n{content.body_text}"
        _refuse([tag for tag in compile_template(text).tags if tag in everything])


def _refuse(tags: list[str]) -> None:
    if tags:
        named = ", ".join(dict.fromkeys(tags[:_MOST_NAMED]))
        raise Invalid(field_errors={"template_id": f"These variables of the template are not filled in: {named}"})


def _with_files(content: EmailContent, files: tuple[TemplateFile, ...]) -> EmailContent:
    there = {one.file_id for one in content.attachments}
    new = tuple(AttachedFile(**asdict(one)) for one in files if one.file_id not in there)
    return replace(content, attachments=content.attachments + new)
