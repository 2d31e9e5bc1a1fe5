"""Queries that follow a lead that was merged into another."""

from postroom.ground.database import Transaction


async def move_links(tx: Transaction, organization_id: str, leads: tuple[str, str]) -> None:
    """Proposals and decisions for one lead (`leads` is from, to) are for another, unless it has the same already."""
    names = {"org": organization_id, "from": leads[0], "to": leads[1]}
    await tx.execute(
        "update link_proposals p set lead_id = %(to)s where p.organization_id = %(org)s and p.lead_id = %(from)s"
        " and not exists (select 1 from link_proposals d where d.organization_id = %(org)s and d.lead_id = %(to)s"
        " and d.account_id = p.account_id and d.identity = p.identity)",
        names,
    )
    await tx.execute(
        "update link_decisions p set lead_id = %(to)s where p.organization_id = %(org)s and p.lead_id = %(from)s"
        " and not exists (select 1 from link_decisions d where d.organization_id = %(org)s and d.lead_id = %(to)s"
        " and d.account_id = p.account_id and d.kind = p.kind and d.key = p.key)",
        names,
    )
