"""Very many leads at once, each with one contact that has an address."""

from datetime import datetime

from postroom.ground.database import Transaction

_LEADS = """
insert into leads (organization_id, id, name, status_id, date_created, date_updated)
select %(org)s, 'lead_' || %(p)s || i, 'Company ' || i, (select id from lead_statuses
  where organization_id = %(org)s limit 1), %(now)s, %(now)s from generate_series(1, %(n)s) i
"""
_CONTACTS = """
insert into contacts (organization_id, id, lead_id, name, date_created, date_updated)
select %(org)s, 'cont_' || %(p)s || i, 'lead_' || %(p)s || i, 'Pat Person' || i, %(now)s, %(now)s
from generate_series(1, %(n)s) i
"""
_ADDRESSES = """
insert into contact_emails (organization_id, contact_id, lead_id, address_key, address)
select %(org)s, 'cont_' || %(p)s || i, 'lead_' || %(p)s || i, address, address from generate_series(1, %(n)s) i,
  lateral (select %(p)s || i || '@crowd' || coalesce(nullif(i / 100, 0)::text, '') || '.example' as address) a
"""


async def insert_crowd(tx: Transaction, organization_id: str, count: int, now: datetime, prefix: str = "p") -> None:
    """`Company 1` with p1@crowd.example, and so on; after every hundred another domain, p100@crowd1.example."""
    names = {"org": organization_id, "n": count, "p": prefix, "now": now}
    for statement in (_LEADS, _CONTACTS, _ADDRESSES):
        await tx.execute(statement.encode(), names)
