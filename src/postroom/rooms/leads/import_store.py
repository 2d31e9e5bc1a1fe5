"""Queries for leads that come by the hundred: made in one go, and found again by addresses, domains and names."""

from collections.abc import Sequence
from dataclasses import asdict

from postroom.ground.database import Transaction
from postroom.ground.events import Event, append
from postroom.ground.rowset import rowset
from postroom.rooms.leads.contact_store import NewKeys
from postroom.rooms.leads.lead import Contact, LeadContent, Stamp, checked_emails

NamedLead = tuple[str, LeadContent, tuple[Contact, ...]]
"""A new lead under its id, with its contacts under theirs. Its status is one that there is."""


async def insert_leads(tx: Transaction, organization_id: str, leads: Sequence[NamedLead], stamp: Stamp) -> NewKeys:
    """Make these leads with their contacts; the addresses whose past mail is to be looked for."""
    if not leads:
        return ()
    rows = [{"id": lead_id, **asdict(content)} for lead_id, content, _ in leads]
    await tx.execute(
        "insert into leads (organization_id, id, name, description, url, status_id, addresses, custom, created_by,"
        " updated_by, date_created, date_updated) select %(org)s, id, name, description, url, status_id, addresses,"
        " custom, %(by)s, %(by)s, %(now)s, %(now)s from json_to_recordset(%(rows)s) as l(id text, name text,"
        " description text, url text, status_id text, addresses jsonb, custom jsonb)",
        {"org": organization_id, "by": stamp.user_id, "now": stamp.now, "rows": rowset(rows)},
    )
    told = [Event("lead", lead_id, "created", lead_id, stamp.user_id) for lead_id, _, _ in leads]
    await append(tx, organization_id, told, stamp.now)
    return await _insert_contacts(tx, organization_id, [one for _, _, contacts in leads for one in contacts], stamp)


async def _insert_contacts(tx: Transaction, organization_id: str, contacts: Sequence[Contact], stamp: Stamp) -> NewKeys:
    places: dict[str, int] = {}
    people: list[dict[str, object]] = []
    addresses: list[dict[str, object]] = []
    keys: dict[str, None] = {}
    for one in contacts:
        position = places[one.lead_id] = places.get(one.lead_id, -1) + 1
        content = asdict(one.content)
        people.append({**content, "id": one.id, "lead": one.lead_id, "position": position})
        for at, email in enumerate(checked_emails(one.content.emails)):
            keys[email.key] = None
            addresses.append(
                {"contact": one.id, "lead": one.lead_id, "key": email.key, "address": email.address,
                 "type": email.type, "position": at}
            )  # fmt: skip
    names = {"org": organization_id, "by": stamp.user_id, "now": stamp.now}
    await tx.execute(
        "insert into contacts (organization_id, id, lead_id, name, title, phones, urls, custom, position, created_by,"
        " updated_by, date_created, date_updated) select %(org)s, id, lead, name, title, phones, urls, custom,"
        " position, %(by)s, %(by)s, %(now)s, %(now)s from json_to_recordset(%(rows)s) as c(id text, lead text,"
        " name text, title text, phones jsonb, urls jsonb, custom jsonb, position integer)",
        {**names, "rows": rowset(people)},
    )
    await tx.execute(
        "insert into contact_emails (organization_id, contact_id, lead_id, address_key, address, type, position)"
        " select %(org)s, contact, lead, key, address, type, position from json_to_recordset(%(rows)s) as"
        " a(contact text, lead text, key text, address text, type text, position integer)",
        {**names, "rows": rowset(addresses)},
    )
    told = [Event("contact", one.id, "created", one.lead_id, stamp.user_id) for one in contacts]
    await append(tx, organization_id, told, stamp.now)
    return tuple(keys)


async def leads_by_address(tx: Transaction, organization_id: str, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The lead and contact that has an address, by its comparison form; of several the first that was made."""
    rows = await (
        await tx.execute(
            "select distinct on (e.address_key) e.address_key, e.lead_id, e.contact_id from contact_emails e"
            " where e.organization_id = %s and e.address_key = any(%s) order by e.address_key, e.lead_id, e.contact_id",
            (organization_id, list(keys)),
        )
    ).fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}


async def leads_by_domain(tx: Transaction, organization_id: str, domains: Sequence[str]) -> dict[str, str]:
    """A lead with an address of a domain, by the domain."""
    rows = await (
        await tx.execute(
            "select distinct on (split_part(e.address_key, '@', 2)) split_part(e.address_key, '@', 2), e.lead_id"
            " from contact_emails e where e.organization_id = %s and split_part(e.address_key, '@', 2) = any(%s)"
            " order by split_part(e.address_key, '@', 2), e.lead_id",
            (organization_id, list(domains)),
        )
    ).fetchall()
    return {row[0]: row[1] for row in rows}


async def leads_by_name(tx: Transaction, organization_id: str, names: Sequence[str]) -> dict[str, str]:
    """A lead of a name, case apart, by the name as given."""
    rows = await (
        await tx.execute(
            "select distinct on (given.name) given.name, l.id from unnest(%s::text[]) given(name)"
            " join leads l on l.organization_id = %s and lower(l.name) = lower(given.name)"
            " order by given.name, l.date_created, l.id",
            (list(names), organization_id),
        )
    ).fetchall()
    return {row[0]: row[1] for row in rows}


async def contact_on(tx: Transaction, organization_id: str, lead_id: str, person: tuple[Sequence[str], str]) -> str:
    """The contact of a lead that has one of these addresses, or else this name; "" for none."""
    keys, name = person
    row = await (
        await tx.execute(
            "select c.id from contacts c where c.organization_id = %(org)s and c.lead_id = %(lead)s and (exists"
            " (select 1 from contact_emails e where e.organization_id = c.organization_id and e.contact_id = c.id"
            " and e.address_key = any(%(keys)s)) or (%(name)s <> '' and lower(c.name) = lower(%(name)s)))"
            " order by lower(c.name) = lower(%(name)s), c.position limit 1",
            {"org": organization_id, "lead": lead_id, "keys": list(keys), "name": name},
        )
    ).fetchone()
    return row[0] if row else ""
