"""Queries for people we may know: contacts by name, leads by the domain of their contacts."""

from collections.abc import Collection

from postroom.ground.database import Transaction


async def contacts_named(
    tx: Transaction, organization_id: str, names: Collection[str]
) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Contacts of these names (small letters): contact, lead, name, and the keys of their addresses."""
    rows = await (
        await tx.execute(
            "select c.id, c.lead_id, c.name, coalesce((select array_agg(e.address_key) from contact_emails e"
            " where e.organization_id = c.organization_id and e.contact_id = c.id), '{}')"
            " from contacts c where c.organization_id = %s and c.name <> '' and lower(c.name) = any(%s)"
            " order by c.id limit 2000",
            (organization_id, list(names)),
        )
    ).fetchall()
    return [(row[0], row[1], row[2], tuple(row[3])) for row in rows]


async def leads_at_domains(
    tx: Transaction, organization_id: str, domains: Collection[str]
) -> dict[str, list[tuple[str, int]]]:
    """By domain the leads that have contacts there, and how many; at most three leads of each."""
    rows = await (
        await tx.execute(
            "select split_part(address_key, '@', 2) as domain, lead_id, count(distinct contact_id)"
            " from contact_emails where organization_id = %s and split_part(address_key, '@', 2) = any(%s)"
            " group by 1, 2 order by 1, 3 desc, 2",
            (organization_id, list(domains)),
        )
    ).fetchall()
    found: dict[str, list[tuple[str, int]]] = {}
    for domain, lead_id, count in rows:
        if len(found.setdefault(domain, [])) < 3:
            found[domain].append((lead_id, count))
    return found
