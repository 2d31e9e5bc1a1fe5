"""/lead/: companies and people that are sold to, with their contacts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, cast

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.api.contacts import ON_CONTACTS, ContactBody, contact_content
from postroom.doors.web.bodies import Maybe, moment_in, or_empty, tidy
from postroom.doors.web.custom import custom_of, raw_body
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.lead_fields import with_smart_fields
from postroom.doors.web.narrowing import narrowed
from postroom.doors.web.query import Deleted, asked, shown
from postroom.doors.web.reach import stamp_of, tools_of
from postroom.doors.web.seeking import reader_of
from postroom.doors.web.telling import here_of, told, told_made
from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.journeys.backfill import address_added
from postroom.journeys.merge_leads import merge_leads
from postroom.journeys.steps.custom_values import assigned
from postroom.journeys.steps.remove_lead import remove_lead
from postroom.journeys.steps.write_lead import change_lead
from postroom.rooms.custom_fields.field import Kind, Target
from postroom.rooms.leads import status_store, store
from postroom.rooms.leads.lead import ContactContent, LeadChange, LeadContent, NewLead, PostalAddress
from postroom.rooms.leads.merge_store import Merge
from postroom.rooms.leads.phones import kept, region_of_zone
from postroom.rooms.smart_views.mistakes import QueryMistake
from postroom.rooms.smart_views.query import parse
from postroom.rooms.smart_views.tree import Field, Query, SortKey
from postroom.views.highlights import highlights
from postroom.views.lead_files import LeadFilePage, lead_files
from postroom.views.lead_list import LeadCard, LeadPage, lead_card, lead_cards
from postroom.views.lead_search import Search, find
from postroom.views.references import user_or
from postroom.views.search_count import total_of

Line = Annotated[str, msgspec.Meta(max_length=1000)]
_ON_LEADS = Target(Kind.LEAD)
_OF_ORDER_BY = -1  # where in the query a name stands that does not stand in it


class PostalAddressBody(msgspec.Struct):
    """Where a lead sits."""

    label: Line | None = "business"
    address_1: Line | None = ""
    address_2: Line | None = ""
    city: Line | None = ""
    state: Line | None = ""
    zipcode: Line | int | None = ""
    country: Line | None = ""


class LeadBody(msgspec.Struct):
    """What may be written about a lead; `contacts` only when it is made."""

    name: Maybe[Line] = msgspec.UNSET
    description: Maybe[Annotated[str, msgspec.Meta(max_length=100_000)]] = msgspec.UNSET
    url: Maybe[Line] = msgspec.UNSET
    status_id: Maybe[Line] = msgspec.UNSET
    status: Maybe[Line] = msgspec.UNSET
    status_label: Maybe[Line] = msgspec.UNSET
    addresses: Maybe[Annotated[list[PostalAddressBody], msgspec.Meta(max_length=200)]] = msgspec.UNSET
    contacts: Maybe[Annotated[list[ContactBody], msgspec.Meta(max_length=500)]] = msgspec.UNSET
    date_created: Maybe[str] = msgspec.UNSET
    created_by: Maybe[Line] = msgspec.UNSET


class MergeBody(msgspec.Struct):
    """Two leads of which one remains."""

    source: str = ""
    destination: str = ""


class Merged(msgspec.Struct):
    """The lead that everything stands on now."""

    id: str


@get(
    "/lead",
    operation_id="list_leads",
    operation_class=takes(
        "query", "id__in", "status_id", "status_id__in", "date_created__gt", "date_created__gte", "date_created__lt",
        "date_created__lte", "date_updated__gt", "date_updated__gte", "date_updated__lt", "date_updated__lte",
        "saved_search_id", "_highlights", "_order_by", "_limit", "_skip", "_fields",
    ),
)  # fmt: skip
async def list_leads(request: ApiRequest) -> LeadPage:
    """Leads that a query finds, the newest activity first unless it says otherwise; `total_results` counts them all."""
    tools, organization_id, reader = tools_of(request), request.user.organization_id, reader_of(request)
    given = asked(request)
    query, page = _ordered(parse(given.text("query")), given.text("_order_by")), given.page()
    query = narrowed(query, given, ("id", "status_id"))
    async with tools.db.searching() as tx:
        search = Search(query, page)
        try:
            found = await find(tx, organization_id, search, reader)
        except QueryMistake as mistake:
            if mistake.column - 1 != _OF_ORDER_BY:
                raise
            raise Invalid(field_errors={"_order_by": mistake.said}) from mistake
        total = await total_of(tx, organization_id, (query, search, found), reader)
        cards = await lead_cards(tx, organization_id, found.ids, tools.config.base_url)
        cards = await with_smart_fields(request, tx, cards)
        marks: Any = msgspec.UNSET
        if given.flag("_highlights"):
            marks = await highlights(tx, organization_id, query, found.ids)
    about = msgspec.UNSET if total.is_exact else True
    return shown(request, LeadPage(cards, found.has_more, total.count, about, marks))


@get("/lead/{lead_id:str}", operation_id="get_lead", operation_class=takes("_fields"))
async def get_lead(request: ApiRequest, lead_id: FromPath[str]) -> LeadCard:
    """One lead with its contacts."""
    async with tools_of(request).db.reading() as tx:
        return shown(request, await _card(request, tx, lead_id))


@get("/lead/{lead_id:str}/files", operation_id="list_lead_files", operation_class=takes("_limit", "_skip", "_fields"))
async def list_lead_files(request: ApiRequest, lead_id: FromPath[str]) -> LeadFilePage:
    """The files of a lead: of its emails and its opportunities, the newest first."""
    tools, organization_id, page = tools_of(request), request.user.organization_id, asked(request).page()
    async with tools.db.reading() as tx:
        await _card(request, tx, lead_id)
        return shown(request, await lead_files(tx, organization_id, (lead_id, tools.config.base_url), page))


@post("/lead", operation_id="create_lead", status_code=200)
async def create_lead(request: ApiRequest, data: JSONBody[LeadBody]) -> LeadCard:
    """Make a lead, with contacts if wanted. The past mail of their addresses is looked for."""
    tools, organization_id = tools_of(request), request.user.organization_id
    contacts = tuple(contact_content(contact) for contact in or_empty(data.contacts))
    date_created = moment_in("date_created", data.date_created)
    body = await raw_body(request)
    async with tools.db.transaction() as tx:
        content = await _content(tx, organization_id, data)
        custom = await custom_of(request, tx, _ON_LEADS, (body, {}))
        content = replace(content, custom=await assigned(tx, organization_id, custom))
        contacts = _with_phones(request, await _with_custom(request, tx, contacts, body), content)
        author = await user_or(tx, organization_id, tidy(data.created_by), request.user.id)
        new = NewLead(content, contacts, date_created, author)
        lead_id, new_keys = await store.insert_lead(tx, organization_id, new, stamp_of(request))
        await address_added(tools, tx, organization_id, new_keys)
        await told_made(request, tx, "lead", lead_id)
        return shown(request, await _card(request, tx, lead_id))


@put("/lead/{lead_id:str}", operation_id="update_lead")
async def update_lead(request: ApiRequest, lead_id: FromPath[str], data: JSONBody[LeadBody]) -> LeadCard:
    """Change what is given; contacts are changed through /contact/."""
    organization_id, body = request.user.organization_id, await raw_body(request)
    async with tools_of(request).db.transaction() as tx:
        status_id = await _status_id(tx, organization_id, data)
        addresses = None if isinstance(data.addresses, msgspec.UnsetType) else _addresses(data.addresses)
        change = LeadChange(tidy(data.name), tidy(data.description), tidy(data.url), status_id, addresses)
        if body:
            held = (await store.lead_to_change(tx, organization_id, lead_id)).custom
            change = replace(change, custom=await custom_of(request, tx, _ON_LEADS, (body, held)))
        async with told(request, tx, "lead", lead_id):
            await change_lead(tx, organization_id, (lead_id, change), stamp_of(request))
        return shown(request, await _card_still_seen(request, tx, lead_id))


@delete("/lead/{lead_id:str}", operation_id="delete_lead", status_code=200)
async def delete_lead(request: ApiRequest, lead_id: FromPath[str]) -> Deleted:
    """Remove a lead with its contacts and emails; the mailboxes are not touched."""
    async with tools_of(request).db.transaction() as tx:
        await remove_lead(tx, request.user.organization_id, lead_id, (request.user.id, here_of(request)))
    return Deleted()


@post("/lead/merge", operation_id="merge_leads", status_code=200)
async def merge(request: ApiRequest, data: JSONBody[MergeBody]) -> Merged:
    """Put everything of the lead `source` on the lead `destination`; the source is gone then."""
    wrong = {name: "This field is required." for name in ("source", "destination") if not getattr(data, name).strip()}
    if wrong:
        raise Invalid(field_errors=wrong)
    wanted = Merge(data.source.strip(), data.destination.strip())
    async with tools_of(request).db.transaction() as tx, told(request, tx, "lead", wanted.source_id):
        await merge_leads(tx, request.user.organization_id, wanted, stamp_of(request))
    return Merged(wanted.destination_id)


def _ordered(query: Query, order_by: str) -> Query:
    """The query in the order of `_order_by`, where it does not say one itself."""
    names = [name.strip() for name in order_by.split(",") if name.strip()]
    if query.sort or not names:
        return query
    return replace(query, sort=tuple(SortKey(_field(name.removeprefix("-")), name.startswith("-")) for name in names))


def _field(name: str) -> Field:
    """One of the organization's own is `custom.cf_…`, or `custom.` and its name."""
    own = name.removeprefix("custom.")
    return Field(own, is_custom=own != name, at=_OF_ORDER_BY)


async def _card(request: ApiRequest, tx: Transaction, lead_id: str) -> LeadCard:
    card = await lead_card(tx, request.user.organization_id, lead_id, tools_of(request).config.base_url)
    return cast(LeadCard, (await with_smart_fields(request, tx, [card]))[0])


async def _card_still_seen(request: ApiRequest, tx: Transaction, lead_id: str) -> LeadCard:
    """The lead after a change. Raises Invalid where the change takes it out of the caller's own sight."""
    try:
        return await _card(request, tx, lead_id)
    except NotFound as error:
        raise Invalid(
            "You would not see this lead any more. Ask somebody who sees all leads to assign it to a coworker."
        ) from error


async def _with_custom(
    request: ApiRequest, tx: Transaction, contacts: tuple[ContactContent, ...], body: Mapping[str, Any]
) -> tuple[ContactContent, ...]:
    """The contacts of a new lead, with the custom values that its raw body gives each."""
    if not body:
        return contacts
    found = []
    for contact, given in zip(contacts, body.get("contacts") or (), strict=True):
        found.append(replace(contact, custom=await custom_of(request, tx, ON_CONTACTS, (given, {}))))
    return tuple(found)


def _with_phones(
    request: ApiRequest, contacts: tuple[ContactContent, ...], lead: LeadContent
) -> tuple[ContactContent, ...]:
    """Telephone numbers without their country are of the lead's, else of who writes them."""
    regions = (*(place.country for place in lead.addresses), region_of_zone(request.user.timezone))
    return tuple(replace(contact, phones=kept(contact.phones, regions)) for contact in contacts)


async def _content(tx: Transaction, organization_id: str, data: LeadBody) -> LeadContent:
    return LeadContent(
        tidy(data.name) or "",
        tidy(data.description) or "",
        tidy(data.url) or "",
        await _status_id(tx, organization_id, data) or "",
        _addresses(data.addresses),
    )


async def _status_id(tx: Transaction, organization_id: str, data: LeadBody) -> str | None:
    """`status_id` as given, or the id of the label in `status`, or in `status_label` where it stands alone, as some
    programs write it; None where none is given."""
    status_id, label = tidy(data.status_id), tidy(data.status)
    if status_id and label:
        raise Invalid(field_errors={"status": "Give either status or status_id, not both."})
    printed = "" if status_id or label else tidy(data.status_label) or ""
    if not label and not printed:
        return status_id or None
    label = label or printed
    for status in await status_store.statuses(tx, organization_id):
        if status.label.casefold() in {label.casefold(), label.casefold().replace("_", " ")}:  # `bad_fit`, as of old
            return status.id
    if printed:  # what is only printed is passed over where it means nothing
        return None
    raise Invalid(field_errors={"status": f"There is no lead status {label!r}."})


def _addresses(given: Any) -> tuple[PostalAddress, ...]:
    return tuple(
        PostalAddress(**{name: _line(name, getattr(address, name)) for name in address.__struct_fields__})
        for address in or_empty(given)
    )


def _line(name: str, value: str | int | None) -> str:
    """As given; a country's code in capitals, and a zip code that a table has made a number is a text again."""
    text = "" if value is None else str(value)
    return text.upper() if name == "country" and len(text) == len("DE") else text


ROUTES = [list_leads, get_lead, list_lead_files, create_lead, update_lead, delete_lead, merge]
