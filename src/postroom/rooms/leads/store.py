"""Every query of leads and their statuses; contacts and addresses stand in `contact_store.py`."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.rooms.leads.contact_store import NewKeys, insert_contact, new_contact
from postroom.rooms.leads.lead import LeadChange, LeadContent, LeadStatus, NewLead, PostalAddress, Stamp

FIRST_STATUSES = ("Potential", "Bad Fit", "Qualified", "Customer", "Interested", "Canceled")
"""What a new organization begins with: the labels that Close's own scripts and examples expect to find."""


async def insert_statuses(tx: Transaction, organization_id: str, labels: Sequence[str]) -> tuple[LeadStatus, ...]:
    """Add statuses after those there are, in this order. Raises Invalid for a label that is taken."""
    next_position = len(await statuses(tx, organization_id))
    made = tuple(LeadStatus(new_id("stat"), label, next_position + at) for at, label in enumerate(labels))
    for status in made:
        placed = await tx.execute(
            "insert into lead_statuses (organization_id, id, label, position) values (%s, %s, %s, %s)"
            " on conflict (organization_id, label) do nothing",
            (organization_id, status.id, status.label, status.position),
        )
        if not placed.rowcount:
            raise Invalid(field_errors={"label": f"There is a status {status.label!r} already."})
    return made


async def statuses(tx: Transaction, organization_id: str) -> tuple[LeadStatus, ...]:
    """All statuses, in order."""
    rows = await (
        await tx.execute(
            "select id, label, position from lead_statuses where organization_id = %s order by position, id",
            (organization_id,),
        )
    ).fetchall()
    return tuple(LeadStatus(*row) for row in rows)


async def rename_status(tx: Transaction, organization_id: str, status_id: str, label: str) -> None:
    """Give a status another label. Raises NotFound, or Invalid for a label that is taken."""
    taken = await (
        await tx.execute(
            "select 1 from lead_statuses where organization_id = %s and label = %s and id <> %s",
            (organization_id, label, status_id),
        )
    ).fetchone()
    if taken:
        raise Invalid(field_errors={"label": f"There is a status {label!r} already."})
    renamed = await tx.execute(
        "update lead_statuses set label = %s where organization_id = %s and id = %s",
        (label, organization_id, status_id),
    )
    if not renamed.rowcount:
        raise NotFound("There is no such lead status.")


async def delete_status(tx: Transaction, organization_id: str, status_id: str) -> None:
    """Remove a status that no lead has. Raises NotFound, or Invalid while leads have it."""
    used = await (
        await tx.execute(
            "select 1 from leads where organization_id = %s and status_id = %s limit 1", (organization_id, status_id)
        )
    ).fetchone()
    if used:
        raise Invalid("Leads have this status; give them another one first.")
    removed = await tx.execute(
        "delete from lead_statuses where organization_id = %s and id = %s", (organization_id, status_id)
    )
    if not removed.rowcount:
        raise NotFound("There is no such lead status.")


async def insert_lead(tx: Transaction, organization_id: str, lead: NewLead, stamp: Stamp) -> tuple[str, NewKeys]:
    """Make a lead with its contacts. Answers its id and the addresses whose past mail is to be looked for."""
    content, lead_id = lead.content, new_id("lead")
    status_id = await _status_or_first(tx, organization_id, content.status_id)
    await tx.execute(
        "insert into leads (organization_id, id, name, description, url, status_id, addresses,"
        " created_by, updated_by, date_created, date_updated)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            organization_id, lead_id, content.name, content.description, content.url, status_id,
            Jsonb([asdict(address) for address in content.addresses]), stamp.user_id, stamp.user_id,
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
            "select name, description, url, status_id, addresses from leads"
            " where organization_id = %s and id = %s for update",
            (organization_id, lead_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such lead.")
    name, description, url, status_id, addresses = row
    return LeadContent(name, description, url, status_id, tuple(PostalAddress(**address) for address in addresses))


async def change_lead(tx: Transaction, organization_id: str, change: tuple[str, LeadChange], stamp: Stamp) -> None:
    """Change what `change` (lead id, change) names. Raises NotFound, or Invalid for an unknown status."""
    lead_id, wanted = change
    before = await lead_to_change(tx, organization_id, lead_id)
    given = {f.name: getattr(wanted, f.name) for f in fields(wanted) if getattr(wanted, f.name) is not None}
    after = replace(before, **given)
    changed = tuple(name for name in given if getattr(before, name) != getattr(after, name))
    if not changed:
        return
    await _status_or_first(tx, organization_id, after.status_id)
    await tx.execute(
        "update leads set name = %s, description = %s, url = %s, status_id = %s, addresses = %s,"
        " updated_by = %s, date_updated = %s where organization_id = %s and id = %s",
        (
            after.name, after.description, after.url, after.status_id,
            Jsonb([asdict(address) for address in after.addresses]), stamp.user_id, stamp.now,
            organization_id, lead_id,
        ),
    )  # fmt: skip
    await append(tx, organization_id, [Event("lead", lead_id, "updated", lead_id, stamp.user_id, changed)], stamp.now)


async def delete_lead(tx: Transaction, organization_id: str, lead_id: str, stamp: Stamp) -> None:
    """Remove a lead with all that stands on it; the mailboxes are not touched. Raises NotFound."""
    removed = await tx.execute("delete from leads where organization_id = %s and id = %s", (organization_id, lead_id))
    if not removed.rowcount:
        raise NotFound("There is no such lead.")
    await append(tx, organization_id, [Event("lead", lead_id, "deleted", lead_id, stamp.user_id)], stamp.now)


async def _status_or_first(tx: Transaction, organization_id: str, status_id: str) -> str:
    """The status given if there is such a one; the organization's first where none is given."""
    known = await statuses(tx, organization_id)
    if not status_id:
        if not known:
            known = await insert_statuses(tx, organization_id, FIRST_STATUSES)
        return known[0].id
    if status_id not in {status.id for status in known}:
        raise Invalid(field_errors={"status_id": "There is no such lead status."})
    return status_id
