"""Every query of contacts and their addresses. Whoever adds an address is told which ones are new to the lead."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.rooms.leads.lead import (
    Contact,
    ContactChange,
    ContactContent,
    ContactEmail,
    Link,
    Phone,
    Stamp,
    checked_emails,
    named_changes,
)

NewKeys = tuple[str, ...]
"""Address keys that stood on no contact of the lead before: their past mail is to be looked for."""


async def insert_contact(tx: Transaction, organization_id: str, contact: Contact, stamp: Stamp) -> NewKeys:
    """Add a contact after the others of its lead. Raises NotFound where the lead is not of this organization."""
    content = contact.content
    placed = await tx.execute(
        "insert into contacts (organization_id, id, lead_id, name, title, phones, urls, custom, position,"
        " created_by, updated_by, date_created, date_updated)"
        " select l.organization_id, %(id)s, l.id, %(name)s, %(title)s, %(phones)s, %(urls)s, %(custom)s,"
        " (select coalesce(max(position) + 1, 0) from contacts where organization_id = %(org)s and lead_id = %(lead)s),"
        " %(user)s, %(user)s, %(now)s, %(now)s from leads l where l.organization_id = %(org)s and l.id = %(lead)s",
        {
            "org": organization_id, "id": contact.id, "lead": contact.lead_id, "name": content.name,
            "title": content.title, "phones": Jsonb([asdict(phone) for phone in content.phones]),
            "urls": Jsonb([asdict(link) for link in content.urls]), "custom": Jsonb(dict(content.custom)),
            "user": stamp.user_id, "now": stamp.now,
        },
    )  # fmt: skip
    if not placed.rowcount:
        raise NotFound("There is no such lead.")
    new_keys = await _set_emails(tx, organization_id, contact, checked_emails(content.emails))
    created = Event("contact", contact.id, "created", contact.lead_id, stamp.user_id)
    await append(tx, organization_id, [created], stamp.now)
    return new_keys


async def contact_to_change(tx: Transaction, organization_id: str, contact_id: str) -> Contact:
    """One contact, locked until the transaction ends. Raises NotFound."""
    row = await (
        await tx.execute(
            "select lead_id, name, title, phones, urls, custom from contacts"
            " where organization_id = %s and id = %s for update",
            (organization_id, contact_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such contact.")
    emails = await emails_of(tx, organization_id, contact_id)
    phones = tuple(Phone(**phone) for phone in row[3])
    urls = tuple(Link(**link) for link in row[4])
    return Contact(contact_id, row[0], ContactContent(row[1], row[2], emails, phones, urls, row[5]))


async def emails_of(tx: Transaction, organization_id: str, contact_id: str) -> tuple[ContactEmail, ...]:
    """The addresses of a contact, in its own order."""
    rows = await (
        await tx.execute(
            "select address, type from contact_emails where organization_id = %s and contact_id = %s order by position",
            (organization_id, contact_id),
        )
    ).fetchall()
    return tuple(ContactEmail(*row) for row in rows)


async def change_contact(
    tx: Transaction, organization_id: str, change: tuple[str, ContactChange], stamp: Stamp
) -> NewKeys:
    """Change what `change` (contact id, change) names. A list given replaces the old list."""
    contact_id, wanted = change
    contact = await contact_to_change(tx, organization_id, contact_id)
    given = {f.name: getattr(wanted, f.name) for f in fields(wanted) if getattr(wanted, f.name) is not None}
    if "emails" in given:
        given["emails"] = checked_emails(given["emails"])
    content = replace(contact.content, **given)
    changed = tuple(name for name in given if getattr(content, name) != getattr(contact.content, name))
    if not changed:
        return ()
    await _update(tx, organization_id, replace(contact, content=content), stamp)
    new_keys: NewKeys = ()
    if "emails" in changed:
        new_keys = await _set_emails(tx, organization_id, contact, content.emails)
    names = named_changes(changed, (contact.content.custom, content.custom))
    event = Event("contact", contact_id, "updated", contact.lead_id, stamp.user_id, names)
    await append(tx, organization_id, [event], stamp.now)
    return new_keys


async def delete_contact(tx: Transaction, organization_id: str, contact_id: str, stamp: Stamp) -> None:
    """Remove a contact and its addresses; the emails with it stay on the lead. Raises NotFound."""
    row = await (
        await tx.execute(
            "delete from contacts where organization_id = %s and id = %s returning lead_id",
            (organization_id, contact_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such contact.")
    await append(tx, organization_id, [Event("contact", contact_id, "deleted", row[0], stamp.user_id)], stamp.now)


def new_contact(lead_id: str, content: ContactContent) -> Contact:
    """A contact that is not yet stored, with its id."""
    return Contact(new_id("cont"), lead_id, content)


async def _update(tx: Transaction, organization_id: str, contact: Contact, stamp: Stamp) -> None:
    content = contact.content
    await tx.execute(
        "update contacts set name = %s, title = %s, phones = %s, urls = %s, custom = %s, updated_by = %s,"
        " date_updated = %s where organization_id = %s and id = %s",
        (
            content.name, content.title, Jsonb([asdict(phone) for phone in content.phones]),
            Jsonb([asdict(link) for link in content.urls]), Jsonb(dict(content.custom)), stamp.user_id, stamp.now,
            organization_id, contact.id,
        ),
    )  # fmt: skip


async def _set_emails(
    tx: Transaction, organization_id: str, contact: Contact, emails: Sequence[ContactEmail]
) -> NewKeys:
    """Replace the contact's addresses; answers those that nobody on the lead had."""
    keys = [email.key for email in emails]
    known = await (
        await tx.execute(
            "select distinct address_key from contact_emails"
            " where organization_id = %s and lead_id = %s and address_key = any(%s)",
            (organization_id, contact.lead_id, keys),
        )
    ).fetchall()
    await tx.execute(
        "delete from contact_emails where organization_id = %s and contact_id = %s",
        (organization_id, contact.id),
    )
    if emails:
        await tx.execute(
            "insert into contact_emails (organization_id, contact_id, lead_id, address_key, address, type, position)"
            " select %s, %s, %s, k, a, t, p - 1 from unnest(%s::text[], %s::text[], %s::text[])"
            " with ordinality as given (k, a, t, p)",
            (
                organization_id, contact.id, contact.lead_id, keys,
                [email.address for email in emails], [email.type for email in emails],
            ),
        )  # fmt: skip
    known_keys = {row[0] for row in known}
    return tuple(key for key in keys if key not in known_keys)
