"""Taking mail out of the outbox that its recipient does not want."""

from collections.abc import Sequence

from postroom.ground.database import Transaction


async def withdraw(
    tx: Transaction, organization_id: str, spellings: Sequence[str], error: str
) -> list[tuple[str, str]]:
    """Fail what waits in the outbox for an address and was not written by hand to it; (email, lead) of each.

    `spellings` of the address are in lower case. What is being sent at this moment cannot be taken back.
    """
    rows = await (
        await tx.execute(
            "with taken as materialized (select email_id from deliveries where organization_id = %(org)s"
            " and state = 'waiting' and priority > 0"
            " and exists (select 1 from unnest(recipients) r where lower(r) = any(%(spellings)s))"
            " order by email_id for update)"
            " update deliveries d set state = 'failed', error = %(error)s from taken t, emails e"
            " where d.organization_id = %(org)s and d.email_id = t.email_id and e.organization_id = %(org)s"
            " and e.id = t.email_id returning e.id, e.lead_id",
            {"org": organization_id, "error": error, "spellings": list(spellings)},
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]
