"""The countries in which the telephone numbers of a lead's people probably are."""

from postroom.ground.database import Transaction


async def countries_of(tx: Transaction, organization_id: str, lead_id: str) -> tuple[str, ...]:
    """Those of a lead's addresses, by two letters, in their order."""
    rows = await tx.execute(
        "select a.place ->> 'country' from leads l, jsonb_array_elements(l.addresses) with ordinality a(place, number)"
        " where l.organization_id = %s and l.id = %s and a.place ->> 'country' <> '' order by a.number",
        (organization_id, lead_id),
    )
    return tuple(row[0] for row in await rows.fetchall())
