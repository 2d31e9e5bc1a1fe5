"""Every query of the statuses that leads pass through. A change and its event are one."""

from collections.abc import Sequence

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.rooms.leads.lead import LeadStatus, Stamp

FIRST_STATUSES = ("Potential", "Bad Fit", "Qualified", "Customer", "Interested", "Canceled")
"""What a new organization begins with: the labels that Close's own scripts and examples expect to find."""


async def insert_statuses(
    tx: Transaction, organization_id: str, labels: Sequence[str], stamp: Stamp
) -> tuple[LeadStatus, ...]:
    """Add statuses after those there are, in this order. Raises Invalid for a label that is taken."""
    known = await statuses(tx, organization_id)
    next_position = max((status.position + 1 for status in known), default=0)
    made = tuple(LeadStatus(new_id("stat"), label, next_position + at) for at, label in enumerate(labels))
    for status in made:
        placed = await tx.execute(
            "insert into lead_statuses (organization_id, id, label, position) values (%s, %s, %s, %s)"
            " on conflict (organization_id, label) do nothing",
            (organization_id, status.id, status.label, status.position),
        )
        if not placed.rowcount:
            raise _taken(status.label)
        await _tell(tx, organization_id, (status.id, "created"), stamp)
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


async def rename_status(tx: Transaction, organization_id: str, change: tuple[str, str], stamp: Stamp) -> None:
    """Give a status (`change` is its id and the new label) another label. Raises NotFound, Invalid."""
    status_id, label = change
    taken = await (
        await tx.execute(
            "select 1 from lead_statuses where organization_id = %s and label = %s and id <> %s",
            (organization_id, label, status_id),
        )
    ).fetchone()
    if taken:
        raise _taken(label)
    renamed = await tx.execute(
        "update lead_statuses set label = %s where organization_id = %s and id = %s",
        (label, organization_id, status_id),
    )
    if not renamed.rowcount:
        raise NotFound("There is no such lead status.")
    await _tell(tx, organization_id, (status_id, "updated"), stamp)


async def place_statuses(tx: Transaction, organization_id: str, status_ids: Sequence[str]) -> None:
    """Put all statuses in this order. Raises Invalid unless it names each of them once."""
    known = {status.id for status in await statuses(tx, organization_id)}
    if set(status_ids) != known or len(status_ids) != len(known):
        raise Invalid(field_errors={"ids": "Name each lead status once, in the order that you want."})
    await tx.execute(
        "update lead_statuses s set position = o.place from unnest(%s::text[]) with ordinality o (id, place)"
        " where s.organization_id = %s and s.id = o.id",
        (list(status_ids), organization_id),
    )


async def delete_status(tx: Transaction, organization_id: str, status_id: str, stamp: Stamp) -> None:
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
    await _tell(tx, organization_id, (status_id, "deleted"), stamp)


async def _tell(tx: Transaction, organization_id: str, happened: tuple[str, str], stamp: Stamp) -> None:
    status_id, action = happened
    await append(tx, organization_id, [Event("status.lead", status_id, action, user_id=stamp.user_id)], stamp.now)


def _taken(label: str) -> Invalid:
    return Invalid(field_errors={"label": f"There is a status {label!r} already."})
