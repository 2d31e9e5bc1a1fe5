"""Every query of opportunities; pipelines and statuses stand in `pipeline_store.py`. A change and its event are one."""

from dataclasses import fields

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.ground.stamp import Stamp
from postroom.rooms.opportunities.opportunity import Moved, Opportunity, Placing

_COLUMNS = (
    "status_id, user_id, contact_id, value, value_period, confidence, note, date_won, date_lost, attachments, custom"
)


async def insert_opportunity(
    tx: Transaction, organization_id: str, given: tuple[Placing, Opportunity], stamp: Stamp
) -> str:
    """Make an opportunity on a lead; its id. Raises NotFound where the lead is not of this organization."""
    placing, content = given
    opportunity_id = new_id("oppo")
    made = await tx.execute(
        f"insert into opportunities (organization_id, id, lead_id, {_COLUMNS}, created_by, updated_by, date_created,"
        " date_updated) select organization_id, %(id)s, id, %(status_id)s, %(user_id)s, %(contact_id)s, %(value)s,"
        " %(value_period)s, %(confidence)s, %(note)s, %(date_won)s, %(date_lost)s, %(attachments)s, %(custom)s,"
        " %(author)s, %(by)s, %(created)s, %(now)s from leads where organization_id = %(org)s and id = %(lead)s",
        {
            **_values(content), "org": organization_id, "id": opportunity_id, "lead": placing.lead_id,
            "by": stamp.user_id, "author": placing.created_by or stamp.user_id,
            "created": placing.date_created or stamp.now, "now": stamp.now,
        },
    )  # fmt: skip
    if not made.rowcount:
        raise NotFound("There is no such lead.")
    event = Event("opportunity", opportunity_id, "created", placing.lead_id, stamp.user_id)
    await append(tx, organization_id, [event], stamp.now)
    return opportunity_id


async def opportunity_to_change(tx: Transaction, organization_id: str, opportunity_id: str) -> tuple[str, Opportunity]:
    """Lead id and content of one opportunity, locked until the transaction ends. Raises NotFound."""
    row = await (
        await tx.execute(
            f"select lead_id, {_COLUMNS} from opportunities where organization_id = %s and id = %s for update",
            (organization_id, opportunity_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such opportunity.")
    held = dict(zip(_COLUMNS.split(", "), row[1:], strict=True))
    return row[0], Opportunity(**{**held, "attachments": tuple(held["attachments"])})


async def change_opportunity(
    tx: Transaction, organization_id: str, change: tuple[str, Opportunity], stamp: Stamp
) -> Moved | None:
    """Make the opportunity what `change` (its id, content) says; how it moved, if its status is another now."""
    opportunity_id, after = change
    lead_id, before = await opportunity_to_change(tx, organization_id, opportunity_id)
    changed = tuple(f.name for f in fields(after) if getattr(after, f.name) != getattr(before, f.name))
    if not changed:
        return None
    await tx.execute(
        "update opportunities set status_id = %(status_id)s, user_id = %(user_id)s, contact_id = %(contact_id)s,"
        " value = %(value)s, value_period = %(value_period)s, confidence = %(confidence)s, note = %(note)s,"
        " date_won = %(date_won)s, date_lost = %(date_lost)s, attachments = %(attachments)s, custom = %(custom)s,"
        " updated_by = %(by)s, date_updated = %(now)s where organization_id = %(org)s and id = %(id)s",
        {**_values(after), "org": organization_id, "id": opportunity_id, "by": stamp.user_id, "now": stamp.now},
    )
    event = Event("opportunity", opportunity_id, "updated", lead_id, stamp.user_id, changed)
    await append(tx, organization_id, [event], stamp.now)
    return Moved(opportunity_id, lead_id, before.status_id, after) if "status_id" in changed else None


async def delete_opportunity(tx: Transaction, organization_id: str, opportunity_id: str, stamp: Stamp) -> None:
    """Remove an opportunity. Raises NotFound."""
    row = await (
        await tx.execute(
            "delete from opportunities where organization_id = %s and id = %s returning lead_id",
            (organization_id, opportunity_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such opportunity.")
    event = Event("opportunity", opportunity_id, "deleted", row[0], stamp.user_id)
    await append(tx, organization_id, [event], stamp.now)


async def move_opportunities(tx: Transaction, organization_id: str, leads: tuple[str, str]) -> None:
    """All opportunities of one lead (`leads` is from, to) stand on another from now on."""
    await tx.execute(
        "update opportunities set lead_id = %s where organization_id = %s and lead_id = %s",
        (leads[1], organization_id, leads[0]),
    )


def _values(content: Opportunity) -> dict[str, object]:
    values: dict[str, object] = {f.name: getattr(content, f.name) for f in fields(content)}
    return {
        **values,
        "attachments": Jsonb([dict(one) for one in content.attachments]),
        "custom": Jsonb(dict(content.custom)),
    }
