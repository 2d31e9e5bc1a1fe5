"""Leads and contacts as Close prints them: one, or several by id. Which ones a query finds: `lead_search.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.views.highlights import PieceCard
from postroom.views.kept_things import NOBODY, VIEWER, emails_of_lead, last_activity_of_lead
from postroom.views.link_filling import links_of
from postroom.views.opportunity_list import OPPORTUNITIES_OF_LEAD, OpportunityCard
from postroom.views.selection import Page, Span, Where, as_date, as_name, cards_of, cut, flat_custom, named_custom
from postroom.views.task_dates import is_dateless, task_date, task_due_date
from postroom.views.zones_of_cards import zoned


class ContactEmailCard(msgspec.Struct, frozen=True):
    """One address of a contact."""

    email: str
    type: str
    is_unsubscribed: bool


class PhoneCard(msgspec.Struct, frozen=True):
    """One telephone number of a contact."""

    phone: str
    phone_formatted: str
    type: str
    country: str | None
    tz_ids: list[str]
    outbound_sms_blocked: bool


class LinkCard(msgspec.Struct, frozen=True):
    """One web address of a contact."""

    url: str
    type: str


class ContactCard(msgspec.Struct, frozen=True):
    """A contact, in the shape of `/contact/`."""

    id: str
    lead_id: str
    organization_id: str
    name: str
    display_name: str
    title: str
    emails: list[ContactEmailCard]
    phones: list[PhoneCard]
    urls: list[LinkCard]
    subscriptions: list[str]
    integration_links: list[dict[str, str]]
    timezone: str | None
    timezone_source: str | None
    created_by: str | None
    updated_by: str | None
    date_created: str
    date_updated: str


class PostalAddressCard(msgspec.Struct, frozen=True):
    """Where a lead sits."""

    label: str
    address_1: str
    address_2: str
    city: str
    state: str
    zipcode: str
    country: str
    tz_ids: list[str]


class LeadTaskCard(msgspec.Struct, frozen=True):
    """An open task of a lead, as it stands in the lead."""

    id: str
    type: str = msgspec.field(name="_type")
    organization_id: str
    lead_id: str
    lead_name: str
    contact_id: str | None
    contact_name: str | None
    assigned_to: str | None
    assigned_to_name: str | None
    text: str
    date: str
    due_date: str | None
    is_complete: bool
    is_dateless: bool
    object_id: str | None
    object_type: str | None
    created_by: str | None
    created_by_name: str | None
    updated_by: str | None
    updated_by_name: str | None
    date_created: str
    date_updated: str


class LeadCard(msgspec.Struct, frozen=True):
    """A lead, in the shape of `/lead/`. `num_emails` and `last_activity_date` are two of Close's smart fields."""

    id: str
    organization_id: str
    name: str
    display_name: str
    description: str
    url: str | None
    status_id: str
    status_label: str
    html_url: str
    addresses: list[PostalAddressCard]
    contact_ids: list[str]
    contacts: list[ContactCard]
    opportunities: list[OpportunityCard]
    tasks: list[LeadTaskCard]
    integration_links: list[dict[str, str]]
    custom: dict[str, Any]
    primary_email: ContactEmailCard | None
    primary_phone: PhoneCard | None
    primary_address_summary: str | None
    contacts_summary: str | None
    localtime: str | None
    source: str | None
    summaries: list[str]
    recent_calls: list[str]
    num_emails: int
    last_activity_date: str | None
    created_by: str | None
    created_by_name: str | None
    updated_by: str | None
    updated_by_name: str | None
    date_created: str
    date_updated: str


class LeadPage(msgspec.Struct, frozen=True):
    """Some leads, and how many there are in all; of many the number may be an estimate.

    `highlights`, where they were asked for: by lead and by name, description or contact, where the words stand.
    """

    data: list[LeadCard]
    has_more: bool
    total_results: int
    total_is_estimate: bool | msgspec.UnsetType = msgspec.UNSET
    highlights: dict[str, dict[str, list[PieceCard]]] | msgspec.UnsetType = msgspec.UNSET


class ContactPage(msgspec.Struct, frozen=True):
    """Some contacts."""

    data: list[ContactCard]
    has_more: bool


async def lead_cards(tx: Transaction, organization_id: str, lead_ids: Sequence[str], base_url: str) -> list[LeadCard]:
    """These leads, in this order; those that are gone are left out. Mail kept from the reader counts nowhere."""
    return await _cards(tx, organization_id, lead_ids, (_LEAD_COLUMNS, base_url))


async def shared_lead_cards(
    tx: Transaction, organization_id: str, lead_ids: Sequence[str], base_url: str
) -> list[LeadCard]:
    """The same for a place that everybody reads: only mail that all coworkers may know of counts."""
    return await _cards(tx, organization_id, lead_ids, (_SHARED_LEAD_COLUMNS, base_url))


async def _cards(
    tx: Transaction, organization_id: str, lead_ids: Sequence[str], printed: tuple[str, str]
) -> list[LeadCard]:
    """`printed` is the columns, and the installation's address for their links."""
    columns, base_url = printed
    cursor = cards_of(tx, LeadCard)
    await cursor.execute(
        f"select l.id, {columns}, {flat_custom('l')} from leads l {_LEAD_JOINS}"
        " where l.organization_id = %(organization_id)s and l.id = any(%(lead_ids)s)",
        {"organization_id": organization_id, "lead_ids": list(lead_ids), "base_url": base_url},
    )
    found = zoned(await cursor.fetchall())
    return [found[lead_id] for lead_id in lead_ids if lead_id in found]


async def lead_card(tx: Transaction, organization_id: str, lead_id: str, base_url: str) -> LeadCard:
    """One lead. Raises NotFound."""
    cards = await lead_cards(tx, organization_id, [lead_id], base_url)
    if not cards:
        raise NotFound("There is no such lead.")
    return cards[0]


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """Which contacts are wanted; None is all of them."""

    lead_ids: tuple[str, ...] | None
    ids: tuple[str, ...] | None
    date_created: Span
    date_updated: Span


async def contact_page(tx: Transaction, organization_id: str, wanted: ContactFilter, page: Page) -> ContactPage:
    """Contacts, newest change first."""
    where = Where.of("c.organization_id", organization_id)
    where.among("c.lead_id", wanted.lead_ids)
    where.among("c.id", wanted.ids)
    where.within("c.date_created", wanted.date_created)
    where.within("c.date_updated", wanted.date_updated)
    cursor = cards_of(tx, ContactCard)
    await cursor.execute(
        f"select c.id, {_CONTACT_COLUMNS}, {flat_custom('c')} from contacts c where {where}"
        " order by c.date_updated desc, c.id limit %(limit)s offset %(skip)s",
        {**where.values, "limit": page.limit + 1, "skip": page.skip},
    )
    rows, has_more = cut(await cursor.fetchall(), page)
    return ContactPage(list(zoned(rows).values()), has_more)


async def contact_cards(tx: Transaction, organization_id: str, contact_ids: Sequence[str]) -> list[ContactCard]:
    """These contacts, in this order; those that are gone are left out."""
    cursor = cards_of(tx, ContactCard)
    await cursor.execute(
        f"select c.id, {_CONTACT_COLUMNS}, {flat_custom('c')} from contacts c"
        " where c.organization_id = %(organization_id)s and c.id = any(%(contact_ids)s)",
        {"organization_id": organization_id, "contact_ids": list(contact_ids)},
    )
    found = zoned(await cursor.fetchall())
    return [found[contact_id] for contact_id in contact_ids if contact_id in found]


async def contact_card(tx: Transaction, organization_id: str, contact_id: str) -> ContactCard:
    """One contact. Raises NotFound."""
    cards = await contact_cards(tx, organization_id, [contact_id])
    if not cards:
        raise NotFound("There is no such contact.")
    return cards[0]


_EMAILS_OF_CONTACT = (
    "coalesce((select json_agg(json_build_object('email', e.address, 'type', e.type, 'is_unsubscribed', exists ("
    "select 1 from suppressions s where s.organization_id = e.organization_id and s.address_key = e.address_key"
    " and s.kind = 'unsubscribed')) order by e.position) from contact_emails e"
    " where e.organization_id = c.organization_id and e.contact_id = c.id), '[]'::json)"
)
_PHONES_OF_CONTACT = (
    "coalesce((select json_agg(json_build_object('phone', p ->> 'phone', 'phone_formatted',"
    " coalesce(nullif(p ->> 'formatted', ''), p ->> 'phone'), 'type', p ->> 'type', 'country',"
    " nullif(p ->> 'country', ''), 'tz_ids', '[]'::json, 'outbound_sms_blocked', false))"
    " from jsonb_array_elements(c.phones) p), '[]'::json)"
)
_CONTACT_FIELDS = {
    "id": "c.id",
    "lead_id": "c.lead_id",
    "organization_id": "c.organization_id",
    "name": "c.name",
    "display_name": "coalesce(nullif(c.name, ''), (select e.address from contact_emails e where e.organization_id ="
    " c.organization_id and e.contact_id = c.id order by e.position limit 1), 'Untitled')",
    "title": "c.title",
    "emails": _EMAILS_OF_CONTACT,
    "phones": _PHONES_OF_CONTACT,
    "urls": "c.urls",
    "subscriptions": "'[]'::json",
    "integration_links": links_of(
        "contact",
        "c",
        {
            "contact.id": "c.id",
            "contact_id": "c.id",
            "contact.name": "c.name",
            "contact.title": "c.title",
            "contact.email": "(select e.address from contact_emails e where e.organization_id = c.organization_id"
            " and e.contact_id = c.id order by e.position limit 1)",
            "contact.phone": "(c.phones -> 0 ->> 'phone')",
            "lead.id": "c.lead_id",
            "lead_id": "c.lead_id",
        },
    ),
    "timezone": "null::text",
    "timezone_source": "null::text",
    "created_by": "c.created_by",
    "updated_by": "c.updated_by",
    "date_created": as_date("c.date_created"),
    "date_updated": as_date("c.date_updated"),
}
_CONTACT_COLUMNS = ", ".join(_CONTACT_FIELDS.values())
_CONTACT_AS_JSON = (
    f"jsonb_build_object({', '.join(f'{name!r}, {sql}' for name, sql in _CONTACT_FIELDS.items())})"
    f" || coalesce({flat_custom('c')}, '{{}}')"
)
_LEAD_NAME = "coalesce(nullif(l.name, ''), people.first_name, 'Untitled')"
_TASK_FIELDS = {
    "id": "t.id",
    "_type": "t.kind",
    "organization_id": "t.organization_id",
    "lead_id": "t.lead_id",
    "lead_name": _LEAD_NAME,
    "contact_id": "t.contact_id",
    "contact_name": "nullif(tc.name, '')",
    "assigned_to": "t.assigned_to",
    "assigned_to_name": as_name("ta"),
    "text": "t.text",
    "date": task_date("t"),
    "due_date": task_due_date("t"),
    "is_complete": "t.is_complete",
    "is_dateless": is_dateless("t"),
    "object_id": "t.object_id",
    "object_type": "null::text",
    "created_by": "t.created_by",
    "created_by_name": as_name("tm"),
    "updated_by": "t.updated_by",
    "updated_by_name": as_name("tu"),
    "priority": "t.priority",
    "resolution": "nullif(t.resolution, '')",
    "date_created": as_date("t.date_created"),
    "date_updated": as_date("t.date_updated"),
}
_TASK_AS_JSON = ", ".join(f"{name!r}, {sql}" for name, sql in _TASK_FIELDS.items())
_OPEN_TASKS = (
    f"coalesce((select json_agg(json_build_object({_TASK_AS_JSON})"
    " order by t.due_at, t.id) from tasks t"
    " left join contacts tc on tc.organization_id = t.organization_id and tc.id = t.contact_id"
    " left join users ta on ta.organization_id = t.organization_id and ta.id = t.assigned_to"
    " left join users tm on tm.organization_id = t.organization_id and tm.id = t.created_by"
    " left join users tu on tu.organization_id = t.organization_id and tu.id = t.updated_by"
    " where t.organization_id = l.organization_id and t.lead_id = l.id"
    " and t.kind in ('lead', 'outgoing_call') and not t.is_complete), '[]'::json)"
)

_LEAD_JOINS = (
    " join lead_statuses s on s.organization_id = l.organization_id and s.id = l.status_id"
    " left join users cu on cu.organization_id = l.organization_id and cu.id = l.created_by"
    " left join users uu on uu.organization_id = l.organization_id and uu.id = l.updated_by"
    f" left join lateral (select json_agg({_CONTACT_AS_JSON} order by c.position) cards,"
    " json_agg(c.id order by c.position) ids, (array_agg(nullif(c.name, '') order by c.position))[1] first_name"
    " from contacts c where c.organization_id = l.organization_id and c.lead_id = l.id) people on true"
)
_ADDRESSES = (
    "case when l.addresses = '[]' then '[]'::json else (select json_agg(p.a || '{\"tz_ids\": []}' order by p.n)"
    " from jsonb_array_elements(l.addresses) with ordinality p(a, n)) end"
)
_FIRST_ADDRESS = (
    "nullif(concat_ws(', ', nullif(l.addresses -> 0 ->> 'city', ''), nullif(l.addresses -> 0 ->> 'state', ''),"
    " nullif(l.addresses -> 0 ->> 'country', '')), '')"
)
_LEAD_COLUMNS = ", ".join(
    (
        "l.id",
        "l.organization_id",
        "l.name",
        _LEAD_NAME,
        "l.description",
        "nullif(l.url, '')",
        "l.status_id",
        "s.label",
        "%(base_url)s || '/lead/' || l.id || '/'",
        _ADDRESSES,
        "coalesce(people.ids, '[]'::json)",
        "coalesce(people.cards, '[]'::json)",
        OPPORTUNITIES_OF_LEAD,
        _OPEN_TASKS,
        links_of(
            "lead",
            "l",
            {
                "lead.id": "l.id",
                "lead_id": "l.id",
                "lead.name": "l.name",
                "lead.display_name": _LEAD_NAME,
                "lead.url": "l.url",
                "lead.status_label": "s.label",
            },
        ),
        named_custom("l"),
        "people.cards -> 0 -> 'emails' -> 0",
        "people.cards -> 0 -> 'phones' -> 0",
        _FIRST_ADDRESS,
        "null::text",
        "null::text",
        "null::text",
        "'[]'::json",
        "'[]'::json",
        emails_of_lead("l"),
        as_date(last_activity_of_lead("l")),
        "l.created_by",
        as_name("cu"),
        "l.updated_by",
        as_name("uu"),
        as_date("l.date_created"),
        as_date("l.date_updated"),
    )
)
_SHARED_LEAD_COLUMNS = _LEAD_COLUMNS.replace(VIEWER, NOBODY)
