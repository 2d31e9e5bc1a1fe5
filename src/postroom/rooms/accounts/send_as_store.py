"""Every query of Send As: which user lets which other user send from their accounts."""

from dataclasses import dataclass
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.ids import new_id


@dataclass(frozen=True, slots=True)
class SendAs:
    """One permission."""

    id: str
    allowing_user_id: str
    allowed_user_id: str
    date_created: datetime
    date_updated: datetime


_COLUMNS = "id, allowing_user_id, allowed_user_id, date_created, date_updated"


async def is_allowed(tx: Transaction, organization_id: str, allowing_id: str, allowed_id: str) -> bool:
    """Whether one user lets the other send from their accounts."""
    row = await (
        await tx.execute(
            "select 1 from send_as where organization_id = %s and allowing_user_id = %s and allowed_user_id = %s",
            (organization_id, allowing_id, allowed_id),
        )
    ).fetchone()
    return row is not None


async def listed(
    tx: Transaction, organization_id: str, allowing_id: str | None = None, allowed_id: str | None = None
) -> list[SendAs]:
    """All permissions, or those of and for certain users, oldest first."""
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from send_as where organization_id = %(org)s"
            " and (%(allowing)s::text is null or allowing_user_id = %(allowing)s)"
            " and (%(allowed)s::text is null or allowed_user_id = %(allowed)s) order by date_created, id",
            {"org": organization_id, "allowing": allowing_id, "allowed": allowed_id},
        )
    ).fetchall()
    return [SendAs(*row) for row in rows]


async def allow(tx: Transaction, organization_id: str, allowing_id: str, allowed_id: str, now: datetime) -> bool:
    """Let a user send; False where the user is not of this organization. Once more changes nothing."""
    await tx.execute(
        "insert into send_as (organization_id, id, allowing_user_id, allowed_user_id, date_created, date_updated)"
        " select u.organization_id, %s, %s, u.id, %s, %s from users u where u.organization_id = %s and u.id = %s"
        " on conflict do nothing",
        (new_id("sdas"), allowing_id, now, now, organization_id, allowed_id),
    )
    return await is_allowed(tx, organization_id, allowing_id, allowed_id)


async def disallow(tx: Transaction, organization_id: str, allowing_id: str, allowed_id: str) -> bool:
    """Take it back; whether there was any."""
    gone = await tx.execute(
        "delete from send_as where organization_id = %s and allowing_user_id = %s and allowed_user_id = %s",
        (organization_id, allowing_id, allowed_id),
    )
    return gone.rowcount == 1
