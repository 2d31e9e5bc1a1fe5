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
            "update deliveries d set state = 'failed', error = %s from emails e where d.organization_id = %s"
            " and d.state = 'waiting' and d.priority > 0 and e.organization_id = d.organization_id"
            " and e.id = d.email_id and exists (select 1 from unnest(d.recipients) r where lower(r) = any(%s))"
            " returning e.id, e.lead_id",
            (error, organization_id, list(spellings)),
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]
