"""A desk with a crowd of leads and a template, to send a bulk email from."""

from typing import Any

from postroom.journeys import bulk
from postroom.journeys.bulk import Order
from postroom.journeys.bulk_send import send_bulk
from postroom.journeys.bulk_walk import walk_query
from postroom.rooms.bulk.bulk_email import Audience
from postroom.rooms.templates import store as template_store
from postroom.rooms.templates.template import Author, TemplateContent
from tests.journeys.sending import Desk

SUBJECT = "For {{ lead.name }}"
BODY = "<p>Dear {{ contact.first_name | default: 'friend' }},</p><p>a word to {{ lead.name }}.</p>"


async def crowd(desk: Desk, count: int, prefix: str = "p", domain: str = "crowd.example") -> None:
    """So many leads, each with one contact that has an address: p1@…, p2@…."""
    async with desk.tools.db.transaction() as tx:
        names = {"org": desk.office.organization_id, "n": count, "p": prefix, "d": domain, "now": desk.clock.now}
        await tx.execute(
            "insert into leads (organization_id, id, name, status_id, date_created, date_updated)"
            " select %(org)s, 'lead_' || %(p)s || i, 'Company ' || i, (select id from lead_statuses"
            " where organization_id = %(org)s limit 1), %(now)s, %(now)s from generate_series(1, %(n)s) i",
            names,
        )
        await tx.execute(
            "insert into contacts (organization_id, id, lead_id, name, date_created, date_updated)"
            " select %(org)s, 'cont_' || %(p)s || i, 'lead_' || %(p)s || i, 'Pat Person' || i, %(now)s, %(now)s"
            " from generate_series(1, %(n)s) i",
            names,
        )
        await tx.execute(
            "insert into contact_emails (organization_id, contact_id, lead_id, address_key, address)"
            " select %(org)s, 'cont_' || %(p)s || i, 'lead_' || %(p)s || i, %(p)s || i || '@' || %(d)s,"
            " %(p)s || i || '@' || %(d)s from generate_series(1, %(n)s) i",
            names,
        )


async def template(desk: Desk, subject: str = SUBJECT, body: str = BODY, name: str = "News") -> str:
    """A template of the desk's own user."""
    author = Author(desk.asker.user_id, False, desk.clock.now)
    async with desk.tools.db.transaction() as tx:
        content = TemplateContent(name, subject, body)
        return await template_store.insert_template(tx, desk.office.organization_id, content, author)


async def begin(desk: Desk, template_id: str, **audience: Any) -> str:
    """A batch, walked."""
    given = {"query": "name:Company"} | audience
    bulk_id = await bulk.create(desk.tools, desk.asker, Order(Audience(**given), template_id, desk.address))
    await walk_query(desk.tools, desk.office.organization_id, bulk_id)
    return bulk_id


async def take_a_turn(desk: Desk) -> None:
    await send_bulk(desk.tools, desk.office.organization_id, desk.account_id)


async def batch_row(desk: Desk, bulk_id: str) -> dict[str, Any]:
    names = (
        "status", "cause", "error", "resumes_at", "n_leads", "n_leads_processed", "n_objects", "n_queued", "n_sending",
        "n_sent", "n_failed", "n_skipped", "n_cancelled", "done_report", "error_report",
    )  # fmt: skip
    rows = await desk.office.rows(f"select {', '.join(names)} from bulk_emails where id = %s", bulk_id)
    return dict(zip(names, rows[0], strict=True))


async def states(desk: Desk, bulk_id: str) -> dict[str, tuple[str, str]]:
    """By address, or by lead where there is none: state and reason."""
    rows = await desk.office.rows(
        "select coalesce(nullif(address, ''), lead_id), state, reason from bulk_recipients where bulk_id = %s"
        " order by number",
        bulk_id,
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def reached(desk: Desk) -> list[str]:
    """Everybody whom the server took an email for, but the desk itself."""
    return sorted(to for one in desk.smtp.accepted for to in one.recipients if to != desk.address)


