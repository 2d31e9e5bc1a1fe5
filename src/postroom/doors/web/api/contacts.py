"""/contact/: the people of a lead. A new address makes its past mail be looked for."""

from dataclasses import replace
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.bodies import Maybe, or_empty, tidy
from postroom.doors.web.custom import custom_of, raw_body
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.narrowing import narrowed
from postroom.doors.web.query import Deleted, asked, shown
from postroom.doors.web.reach import stamp_of, tools_of
from postroom.doors.web.seeking import reader_of
from postroom.doors.web.telling import told, told_made
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.journeys.backfill import address_added
from postroom.journeys.steps.custom_values import assigned
from postroom.rooms.custom_fields.field import Kind, Target
from postroom.rooms.leads import contact_store, store
from postroom.rooms.leads.lead import (
    CONTACT_WORDS,
    ContactChange,
    ContactContent,
    ContactEmail,
    LeadContent,
    Link,
    NewLead,
    Phone,
)
from postroom.rooms.leads.phones import kept, region_of_zone
from postroom.rooms.smart_views.query import parse
from postroom.views.lead_list import (
    ContactCard,
    ContactFilter,
    ContactPage,
    contact_card,
    contact_cards,
    contact_page,
)
from postroom.views.lead_search import Search, find
from postroom.views.phone_regions import countries_of

Line = Annotated[str, msgspec.Meta(max_length=1000)]
ON_CONTACTS = Target(Kind.CONTACT)


class EmailBody(msgspec.Struct):
    """An address of a contact."""

    email: Line | None
    type: Line | None = None


class PhoneBody(msgspec.Struct):
    """A telephone number of a contact."""

    phone: Line | int | None
    type: Line | None = None
    country: Line | None = None


class LinkBody(msgspec.Struct):
    """A web address of a contact."""

    url: Line | None
    type: Line | None = None


class ContactBody(msgspec.Struct):
    """What may be written about a contact. A list given replaces the whole list."""

    lead_id: Maybe[Line] = msgspec.UNSET
    name: Maybe[Line] = msgspec.UNSET
    title: Maybe[Line] = msgspec.UNSET
    emails: Maybe[Annotated[list[EmailBody], msgspec.Meta(max_length=200)]] = msgspec.UNSET
    phones: Maybe[Annotated[list[PhoneBody], msgspec.Meta(max_length=200)]] = msgspec.UNSET
    urls: Maybe[Annotated[list[LinkBody], msgspec.Meta(max_length=200)]] = msgspec.UNSET


@get(
    "/contact",
    operation_id="list_contacts",
    operation_class=takes(
        "lead_id", "id__in", "query", "date_created__gt", "date_created__gte", "date_created__lt", "date_created__lte",
        "date_updated__gt", "date_updated__gte", "date_updated__lt", "date_updated__lte", "_limit", "_skip", "_fields",
    ),
)  # fmt: skip
async def list_contacts(request: ApiRequest) -> ContactPage:
    """Contacts, of one lead or of all; of those that `query` finds where it is given."""
    given, organization_id = asked(request), request.user.organization_id
    if text := given.text("query"):
        query = narrowed(replace(parse(text), kind="contact"), given, ("id", "lead_id"))
        async with tools_of(request).db.searching() as tx:
            found = await find(tx, organization_id, Search(query, given.page()), reader_of(request))
            cards = await contact_cards(tx, organization_id, found.ids)
        return shown(request, ContactPage(cards, found.has_more))
    wanted = ContactFilter(
        given.ids("lead_id", "lead_id__in"),
        given.ids("id", "id__in"),
        given.span("date_created"),
        given.span("date_updated"),
    )
    async with tools_of(request).db.reading() as tx:
        return shown(request, await contact_page(tx, organization_id, wanted, given.page()))


@get("/contact/{contact_id:str}", operation_id="get_contact", operation_class=takes("_fields"))
async def get_contact(request: ApiRequest, contact_id: FromPath[str]) -> ContactCard:
    """One contact."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, await contact_card(tx, request.user.organization_id, contact_id))


@post("/contact", operation_id="create_contact", status_code=200)
async def create_contact(request: ApiRequest, data: JSONBody[ContactBody]) -> ContactCard:
    """Add a contact to a lead; without `lead_id`, to a new lead of the contact's name."""
    tools, organization_id, stamp = tools_of(request), request.user.organization_id, stamp_of(request)
    content, body = contact_content(data), await raw_body(request)
    if or_empty(data.emails) and not content.emails:  # Close's Node client expects this of a lone "" (its live tests)
        raise Invalid(field_errors={"emails": "'' is not an email address."})
    async with tools.db.transaction() as tx:
        content = replace(content, custom=await custom_of(request, tx, ON_CONTACTS, (body, {})))
        lead_id = tidy(data.lead_id)
        content = replace(content, phones=await _phones_kept(request, tx, content.phones, lead_id))
        if not lead_id:
            lead = NewLead(LeadContent(name=content.name, custom=await assigned(tx, organization_id, {})))
            lead_id, _ = await store.insert_lead(tx, organization_id, lead, stamp)
        contact = contact_store.new_contact(lead_id, content)
        new_keys = await contact_store.insert_contact(tx, organization_id, contact, stamp)
        await address_added(tools, tx, organization_id, new_keys)
        made = ("contact", contact.id) if tidy(data.lead_id) else ("lead", lead_id)
        await told_made(request, tx, *made)
        return shown(request, await contact_card(tx, organization_id, contact.id))


@put("/contact/{contact_id:str}", operation_id="update_contact")
async def update_contact(request: ApiRequest, contact_id: FromPath[str], data: JSONBody[ContactBody]) -> ContactCard:
    """Change what is given."""
    tools, organization_id = tools_of(request), request.user.organization_id
    content = contact_content(data)
    change = ContactChange(
        tidy(data.name),
        tidy(data.title),
        None if data.emails is msgspec.UNSET else content.emails,
        None if data.phones is msgspec.UNSET else content.phones,
        None if data.urls is msgspec.UNSET else content.urls,
    )
    body = await raw_body(request)
    async with tools.db.transaction() as tx:
        if body:
            held = (await contact_store.contact_to_change(tx, organization_id, contact_id)).content.custom
            change = replace(change, custom=await custom_of(request, tx, ON_CONTACTS, (body, held)))
        if change.phones:
            lead_id = (await contact_store.contact_to_change(tx, organization_id, contact_id)).lead_id
            change = replace(change, phones=await _phones_kept(request, tx, change.phones, lead_id))
        async with told(request, tx, "contact", contact_id):
            new_keys = await contact_store.change_contact(tx, organization_id, (contact_id, change), stamp_of(request))
        await address_added(tools, tx, organization_id, new_keys)
        return shown(request, await contact_card(tx, organization_id, contact_id))


@delete("/contact/{contact_id:str}", operation_id="delete_contact", status_code=200)
async def delete_contact(request: ApiRequest, contact_id: FromPath[str]) -> Deleted:
    """Remove a contact; its emails stay on the lead."""
    async with tools_of(request).db.transaction() as tx, told(request, tx, "contact", contact_id):
        await contact_store.delete_contact(tx, request.user.organization_id, contact_id, stamp_of(request))
    return Deleted()


def contact_content(data: ContactBody) -> ContactContent:
    """The contact that a body describes, what is not given being empty.

    An entry without an address is none: Close's own csv_to_cio.py posts one for every empty cell of its file.
    """
    return ContactContent(
        tidy(data.name) or "",
        tidy(data.title) or "",
        tuple(
            ContactEmail(email.email, _word(email.type, "office"))
            for email in or_empty(data.emails)
            if email.email and email.email.strip()
        ),
        tuple(
            Phone(number, _word(phone.type, "office"), country=tidy(phone.country) or "")
            for phone in or_empty(data.phones)
            if (number := str(phone.phone or "").strip())
        ),
        tuple(
            Link(link.url.strip(), _word(link.type, "url"))
            for link in or_empty(data.urls)
            if link.url and link.url.strip()
        ),
    )


async def _phones_kept(
    request: ApiRequest, tx: Transaction, phones: tuple[Phone, ...], lead_id: str | None
) -> tuple[Phone, ...]:
    """In the form in which they are compared: a number without its country is of the lead's, else of who writes it."""
    if not phones:
        return phones
    countries = await countries_of(tx, request.user.organization_id, lead_id) if lead_id else ()
    return kept(phones, (*countries, region_of_zone(request.user.timezone)))


def _word(given: str | None, default: str) -> str:
    """One of Close's words for a kind of address; anything else is "other"."""
    if not given:
        return default
    return given if given in CONTACT_WORDS else "other"


ROUTES = [list_contacts, get_contact, create_contact, update_contact, delete_contact]
