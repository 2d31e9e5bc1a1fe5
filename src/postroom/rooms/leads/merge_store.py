"""Queries that put what stands on one lead on another: its people, and what it says of itself."""

from dataclasses import dataclass
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.events import Event, append
from postroom.rooms.leads.activity_store import MAIL_DATES
from postroom.rooms.leads.lead import Stamp


@dataclass(frozen=True, slots=True)
class Merge:
    """The lead that goes, and the one that stays."""

    source_id: str
    destination_id: str

    @property
    def leads(self) -> tuple[str, str]:
        """From, to."""
        return self.source_id, self.destination_id


async def begin_merge(tx: Transaction, organization_id: str, merge: Merge) -> str:
    """Lock both leads; the name of the one that goes. Raises NotFound, or Invalid where both are one.

    Locked against everything: a contact or note being written on the lead that goes is waited for and moved with it.
    Else it would be written in the middle of the merge, and go with the lead.
    """
    if merge.source_id == merge.destination_id:
        raise Invalid(field_errors={"source": "A lead cannot be merged into itself."})
    rows = await (
        await tx.execute(
            "select id, name from leads where organization_id = %s and id = any(%s) order by id for update",
            (organization_id, sorted(merge.leads)),
        )
    ).fetchall()
    names: dict[str, str] = {row[0]: row[1] for row in rows}
    if len(names) != 2:
        raise NotFound("There is no such lead.")
    return names[merge.source_id]


async def move_people(tx: Transaction, organization_id: str, merge: Merge) -> None:
    """The contacts with their addresses, after those that are there; and what the lead that stays does not say."""
    names = {"org": organization_id, "from": merge.source_id, "to": merge.destination_id}
    await tx.execute(
        "update contacts set lead_id = %(to)s, position = position + 1 + (select coalesce(max(c.position), -1)"
        " from contacts c where c.organization_id = %(org)s and c.lead_id = %(to)s)"
        " where organization_id = %(org)s and lead_id = %(from)s",
        names,
    )
    await tx.execute(
        "update contact_emails set lead_id = %(to)s where organization_id = %(org)s and lead_id = %(from)s", names
    )
    await tx.execute(
        "update leads d set custom = s.custom || d.custom, addresses = d.addresses || s.addresses,"
        " name = coalesce(nullif(d.name, ''), s.name), url = coalesce(nullif(d.url, ''), s.url),"
        " description = coalesce(nullif(d.description, ''), s.description),"
        " last_activity_at = greatest(d.last_activity_at, s.last_activity_at) from leads s"
        " where d.organization_id = %(org)s and d.id = %(to)s and s.organization_id = %(org)s and s.id = %(from)s",
        names,
    )


async def end_merge(
    tx: Transaction, organization_id: str, given: tuple[Merge, int, datetime | None], stamp: Stamp
) -> None:
    """The lead that goes is gone (`given` is the merge, how many emails the other has, and the newest's moment)."""
    merge, num_emails, newest = given
    await tx.execute(
        f"update leads set num_emails = %s, last_activity_at = greatest(last_activity_at, %s), {MAIL_DATES},"
        " updated_by = %s, date_updated = %s where organization_id = %s and id = %s",
        (num_emails, newest, stamp.user_id, stamp.now, organization_id, merge.destination_id),
    )
    await tx.execute("delete from leads where organization_id = %s and id = %s", (organization_id, merge.source_id))
    gone = Event("lead", merge.source_id, "deleted", merge.source_id, stamp.user_id)
    stays = Event("lead", merge.destination_id, "merged", merge.destination_id, stamp.user_id)
    await append(tx, organization_id, [gone, stays], stamp.now)
