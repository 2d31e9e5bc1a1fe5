"""Every query of leads; statuses stand in `status_store.py`, contacts and addresses in `contact_store.py`."""

from dataclasses import asdict, fields, replace

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.rooms.leads.contact_store import NewKeys, insert_contact, new_contact
from postroom.rooms.leads.lead import LeadChange, LeadContent, NewLead, PostalAddress, Stamp, named_changes
from postroom.rooms.leads.status_store import FIRST_STATUSES, insert_statuses, statuses


async def insert_lead(tx: Transaction, organization_id: str, lead: NewLead, stamp: Stamp) -> tuple[str, NewKeys]:
    """Make a lead with its contacts. Answers its id and the addresses whose past mail is to be looked for."""
    content, lead_id = lead.content, new_id("lead")
    status_id = await _status_or_first(tx, organization_id, content.status_id, stamp)
    await tx.execute(
        "insert into leads (organization_id, id, name, description, url, status_id, addresses,"
        " custom, created_by, updated_by, date_created, date_updated)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            organization_id, lead_id, content.name, content.description, content.url, status_id,
            Jsonb([asdict(address) for address in content.addresses]), Jsonb(dict(content.custom)),
            lead.created_by or stamp.user_id, stamp.user_id,
            lead.date_created or stamp.now, stamp.now,
        ),
    )  # fmt: skip
    await append(tx, organization_id, [Event("lead", lead_id, "created", lead_id, stamp.user_id)], stamp.now)
    new_keys: dict[str, None] = {}
    for contact in lead.contacts:
        keys = await insert_contact(tx, organization_id, new_contact(lead_id, contact), stamp)
        new_keys.update(dict.fromkeys(keys))
    return lead_id, tuple(new_keys)


async def lead_to_change(tx: Transaction, organization_id: str, lead_id: str) -> LeadContent:
    """One lead, locked until the transaction ends. Raises NotFound."""
    row = await (
        await tx.execute(
            "select name, description, url, status_id, addresses, custom from leads"
            " where organization_id = %s and id = %s for update",
            (organization_id, lead_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such lead.")
    name, description, url, status_id, addresses, custom = row
    placed = tuple(PostalAddress(**address) for address in addresses)
    return LeadContent(name, description, url, status_id, placed, custom)


async def change_lead(
    tx: Transaction, organization_id: str, change: tuple[str, LeadChange], stamp: Stamp
) -> tuple[str, str] | None:
    """Change what `change` (lead id, change) names; old and new status, if that is another now.

    Raises NotFound, or Invalid for an unknown status.
    """
    lead_id, wanted = change
    before = await lead_to_change(tx, organization_id, lead_id)
    given = {f.name: getattr(wanted, f.name) for f in fields(wanted) if getattr(wanted, f.name) is not None}
    after = replace(before, **given)
    changed = tuple(name for name in given if getattr(before, name) != getattr(after, name))
    if not changed:
        return None
    await _status_or_first(tx, organization_id, after.status_id, stamp)
    await tx.execute(
        "update leads set name = %s, description = %s, url = %s, status_id = %s, addresses = %s, custom = %s,"
        " updated_by = %s, date_updated = %s where organization_id = %s and id = %s",
        (
            after.name, after.description, after.url, after.status_id,
            Jsonb([asdict(address) for address in after.addresses]), Jsonb(dict(after.custom)), stamp.user_id,
            stamp.now, organization_id, lead_id,
        ),
    )  # fmt: skip
    names = named_changes(changed, (before.custom, after.custom))
    await append(tx, organization_id, [Event("lead", lead_id, "updated", lead_id, stamp.user_id, names)], stamp.now)
    return (before.status_id, after.status_id) if "status_id" in changed else None


async def delete_lead(tx: Transaction, organization_id: str, lead_id: str, stamp: Stamp) -> None:
    """Remove a lead with all that stands on it; the mailboxes are not touched. Raises NotFound."""
    removed = await tx.execute("delete from leads where organization_id = %s and id = %s", (organization_id, lead_id))
    if not removed.rowcount:
        raise NotFound("There is no such lead.")
    await append(tx, organization_id, [Event("lead", lead_id, "deleted", lead_id, stamp.user_id)], stamp.now)


async def _status_or_first(tx: Transaction, organization_id: str, status_id: str, stamp: Stamp) -> str:
    """The status given if there is such a one; the organization's first where none is given."""
    known = await statuses(tx, organization_id)
    if not status_id:
        if not known:
            known = await insert_statuses(tx, organization_id, FIRST_STATUSES, stamp)
        return known[0].id
    if status_id not in {status.id for status in known}:
        raise Invalid(field_errors={"status_id": "There is no such lead status."})
    return status_id
