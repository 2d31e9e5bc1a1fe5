"""A desk with a crowd of leads and a template, to send a bulk email from."""

from typing import Any

from postroom.journeys import bulk
from postroom.journeys.bulk import Order
from postroom.journeys.bulk_send import send_bulk
from postroom.journeys.bulk_walk import walk_query
from postroom.rooms.bulk.bulk_email import Audience
from postroom.rooms.templates import store as template_store
from postroom.rooms.templates.template import Author, TemplateContent
from tests.journeys.crowd import insert_crowd
from tests.journeys.sending import Desk

SUBJECT = "For {{ lead.name }}"
BODY = "<p>Dear {{ contact.first_name | default: 'friend' }},</p><p>a word to {{ lead.name }}.</p>"


async def crowd(desk: Desk, count: int, prefix: str = "p") -> None:
    """So many leads, each with one contact that has an address: p1@crowd.example, p2@…."""
    async with desk.tools.db.transaction() as tx:
        await insert_crowd(tx, desk.office.organization_id, count, desk.clock.now, prefix)


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


async def actions_told(desk: Desk, bulk_id: str) -> list[str]:
    """What programs that follow the event log are told of a batch, the oldest first."""
    rows = await desk.office.rows("select action from events where object_id = %s order by seq", bulk_id)
    return [row[0] for row in rows]


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
