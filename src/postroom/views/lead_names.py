"""Names of leads, for answers that count by lead."""

from collections.abc import Collection

from postroom.ground.database import Transaction


async def lead_names(tx: Transaction, organization_id: str, lead_ids: Collection[str]) -> dict[str, str]:
    """By lead its name; leads that are gone are absent."""
    rows = await (
        await tx.execute(
            "select id, name from leads where organization_id = %s and id = any(%s)", (organization_id, list(lead_ids))
        )
    ).fetchall()
    return {row[0]: row[1] for row in rows}
