"""Queries that follow a lead that was merged into another."""

from postroom.ground.database import Transaction


async def move_recipients(tx: Transaction, organization_id: str, leads: tuple[str, str]) -> None:
    """Recipients on one lead (`leads` is from, to) stand on another; of two that nobody is written to one is enough."""
    names = {"org": organization_id, "from": leads[0], "to": leads[1]}
    await tx.execute(
        "update bulk_recipients r set lead_id = %(to)s where r.organization_id = %(org)s and r.lead_id = %(from)s"
        " and not exists (select 1 from bulk_recipients d where d.organization_id = %(org)s and d.lead_id = %(to)s"
        " and d.bulk_id = r.bulk_id and d.contact_id = r.contact_id and d.address = r.address)",
        names,
    )
    await tx.execute(
        "delete from bulk_recipients where organization_id = %(org)s and lead_id = %(from)s and contact_id = ''", names
    )
