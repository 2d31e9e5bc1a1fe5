"""What of an import somebody has worked with since: it is not taken back with the rest."""

from collections.abc import Sequence

from postroom.ground.database import Transaction


async def leads_worked_on(tx: Transaction, organization_id: str, asked: tuple[str, Sequence[str]]) -> set[str]:
    """Of these leads (`asked`: import, leads) those that were changed by hand after the import had touched them last,
    that have a contact which is not the import's, or on which somebody has written, planned or noted anything."""
    import_id, lead_ids = asked
    rows = await (
        await tx.execute(
            "select l.id from leads l where l.organization_id = %(org)s and l.id = any(%(ids)s) and ("
            " l.date_updated > (select max(r.date_created) from import_rows r where r.organization_id = %(org)s"
            "   and r.import_id = %(import)s and r.lead_id = l.id)"
            " or exists (select 1 from contacts c where c.organization_id = %(org)s and c.lead_id = l.id"
            "   and not exists (select 1 from import_rows r where r.organization_id = %(org)s"
            "   and r.import_id = %(import)s and r.lead_id = l.id and r.contact_id = c.id"
            "   and r.date_created >= c.date_updated))"
            " or exists (select 1 from tasks t where t.organization_id = %(org)s and t.lead_id = l.id)"
            " or exists (select 1 from opportunities o where o.organization_id = %(org)s and o.lead_id = l.id)"
            " or exists (select 1 from activities a where a.organization_id = %(org)s and a.lead_id = l.id"
            "   and a.kind in ('note', 'call', 'custom'))"
            " or exists (select 1 from emails e where e.organization_id = %(org)s and e.lead_id = l.id"
            "   and e.created_by is not null))",
            {"org": organization_id, "import": import_id, "ids": list(lead_ids)},
        )
    ).fetchall()
    return {row[0] for row in rows}


async def contacts_worked_on(tx: Transaction, organization_id: str, asked: tuple[str, Sequence[str]]) -> set[str]:
    """Of these contacts (`asked`: import, contacts) those that the import has made and somebody has changed since, or
    for whom something is planned."""
    import_id, contact_ids = asked
    rows = await (
        await tx.execute(
            "select c.id from contacts c join import_rows r on r.organization_id = c.organization_id"
            " and r.import_id = %(import)s and r.contact_id = c.id and r.is_new_contact"
            " where c.organization_id = %(org)s and c.id = any(%(ids)s) and (c.date_updated > c.date_created"
            "   and not exists (select 1 from import_rows l where l.organization_id = %(org)s"
            "   and l.import_id = %(import)s and l.lead_id = c.lead_id and l.contact_id = c.id"
            "   and l.date_created >= c.date_updated)"
            " or exists (select 1 from opportunities o where o.organization_id = %(org)s and o.lead_id = c.lead_id"
            "   and o.contact_id = c.id)"
            " or exists (select 1 from tasks t where t.organization_id = %(org)s and t.lead_id = c.lead_id"
            "   and t.contact_id = c.id))",
            {"org": organization_id, "import": import_id, "ids": list(contact_ids)},
        )
    ).fetchall()
    return {row[0] for row in rows}
