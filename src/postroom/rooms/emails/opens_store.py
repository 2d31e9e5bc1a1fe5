"""Every query of openings: when a logged email was opened, as the program says that logged it."""

from collections.abc import Sequence

from psycopg.rows import class_row

from postroom.ground.database import Transaction
from postroom.rooms.emails.email import Opening


async def opens_of(tx: Transaction, organization_id: str, email_id: str) -> tuple[Opening, ...]:
    """The openings of an email, in the order of time."""
    async with tx.cursor(row_factory=class_row(Opening)) as cursor:
        await cursor.execute(
            "select opened_at, opened_by, ip_address, user_agent from email_opens"
            " where organization_id = %s and email_id = %s order by position",
            (organization_id, email_id),
        )
        return tuple(await cursor.fetchall())


async def replace_opens(tx: Transaction, organization_id: str, email_id: str, opens: Sequence[Opening]) -> None:
    """These are the openings of an email from now on, in the order of time."""
    await tx.execute(
        "delete from email_opens where organization_id = %s and email_id = %s", (organization_id, email_id)
    )
    if not opens:
        return
    ordered = sorted(opens, key=lambda one: one.opened_at)
    await tx.execute(
        "insert into email_opens (organization_id, email_id, position, opened_at, opened_by, ip_address, user_agent)"
        " select %s, %s, n, t.at, t.by, t.ip, t.agent"
        " from unnest(%s::timestamptz[], %s::text[], %s::text[], %s::text[])"
        " with ordinality t(at, by, ip, agent, n)",
        (
            organization_id, email_id, [one.opened_at for one in ordered], [one.opened_by for one in ordered],
            [one.ip_address for one in ordered], [one.user_agent for one in ordered],
        ),
    )  # fmt: skip
