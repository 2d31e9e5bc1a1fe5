"""Bulk emails as Close prints them, with what their page shows beside: counts, causes, recipients by name."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.views.selection import Page, Where, as_date, cut, rows_of


class BulkEmailRow(msgspec.Struct, frozen=True):
    """A bulk email. What follows `date_updated` is not in Close. `counts` and `reasons` are numbers of recipients."""

    id: str
    status: str
    n_leads: int | None
    n_leads_processed: int
    n_objects: int | None
    n_objects_processed: int
    query: str | None
    s_query: msgspec.Raw | None
    results_limit: int | None
    sort: msgspec.Raw
    template_id: str
    contact_preference: str
    sender: str
    email_account_id: str
    send_done_email: bool
    organization_id: str
    created_by: str
    updated_by: str
    date_created: str
    date_updated: str
    bulk_object_type: str
    contact_query: str
    leave_out_repeats: bool
    leave_out_missing: bool
    track_opens: bool
    track_clicks: bool
    template_name: str | None
    subject: str
    user_id: str
    user_name: str
    cause: str
    error: str
    resumes_at: str | None
    n_queued: int
    n_sending: int
    n_sent: int
    n_failed: int
    n_skipped: int
    n_cancelled: int
    date_started: str | None
    date_finished: str | None


class RecipientRow(msgspec.Struct, frozen=True):
    """Somebody whom a bulk email concerns. `email_id`: the email on the lead, where one was made."""

    number: int
    state: str
    reason: str
    detail: str
    email: str
    lead_id: str
    lead_name: str | None
    contact_id: str | None
    contact_name: str | None
    email_id: str | None
    date_updated: str


@dataclass(frozen=True, slots=True)
class BulkFilter:
    """Which bulk emails: of a template, of a user, or none but drafts left out."""

    template_id: str | None = None
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class RecipientFilter:
    """Which recipients of a batch: in these states, for these reasons."""

    states: tuple[str, ...] | None = None
    reasons: tuple[str, ...] | None = None
    text: str = ""


_COLUMNS = f"""
b.id, b.status, b.n_leads, case when b.status = 'done' then coalesce(b.n_leads, 0) else b.n_leads_processed end,
b.n_objects, b.n_sent + b.n_failed + b.n_skipped + b.n_cancelled, b.query, b.s_query, b.results_limit, b.sort,
b.template_id, b.contact_preference, b.sender, b.account_id, b.send_done_email, b.organization_id, b.created_by,
b.updated_by, {as_date("b.date_created")}, {as_date("b.date_updated")}, b.object_type, b.contact_query,
b.leaves_out_repeats, b.leaves_out_gaps, b.track_opens, b.track_clicks, t.name, b.subject, b.user_id,
coalesce(trim(u.first_name || ' ' || u.last_name), ''), b.cause, b.error, {as_date("b.resumes_at")}, b.n_queued,
b.n_sending, b.n_sent, b.n_failed, b.n_skipped, b.n_cancelled, {as_date("b.date_started")},
{as_date("b.date_finished")}
"""
_FROM = """
bulk_emails b left join email_templates t on t.organization_id = b.organization_id and t.id = b.template_id
left join users u on u.organization_id = b.organization_id and u.id = b.user_id
"""
_RECIPIENTS = f"""
select r.number, r.state, r.reason, r.detail, r.address, r.lead_id, l.name, nullif(r.contact_id, ''), c.name,
  (select s.id from seen_emails s where s.organization_id = r.organization_id and s.id = r.email_id),
  {as_date("r.date_updated")}
from bulk_recipients r
left join leads l on l.organization_id = r.organization_id and l.id = r.lead_id
left join contacts c on c.organization_id = r.organization_id and c.id = r.contact_id
"""


async def bulk_emails(
    tx: Transaction, organization_id: str, wanted: BulkFilter, page: Page
) -> tuple[list[BulkEmailRow], bool]:
    """A page of batches, the newest first, and whether there are more. Drafts are nobody's business yet."""
    where = Where.of("b.organization_id", organization_id)
    where.equal("b.template_id", wanted.template_id)
    where.equal("b.user_id", wanted.user_id)
    rows = rows_of(tx, BulkEmailRow)
    await rows.execute(
        f"select {_COLUMNS} from {_FROM} where {where} and b.status <> 'draft'"
        " order by b.date_created desc, b.id limit %(limit)s offset %(skip)s".encode(),
        {**where.values, "limit": page.limit + 1, "skip": page.skip},
    )
    return cut(await rows.fetchall(), page)


async def bulk_email_row(tx: Transaction, organization_id: str, bulk_id: str, user_id: str | None) -> BulkEmailRow:
    """One batch, of that user only where one is named. Raises NotFound."""
    where = Where.of("b.organization_id", organization_id)
    where.equal("b.id", bulk_id)
    where.equal("b.user_id", user_id)
    rows = rows_of(tx, BulkEmailRow)
    await rows.execute(f"select {_COLUMNS} from {_FROM} where {where}".encode(), where.values)
    found = await rows.fetchone()
    if found is None:
        raise NotFound("There is no such bulk email.")
    return found


async def recipients(
    tx: Transaction, organization_id: str, asked: tuple[str, RecipientFilter], page: Page
) -> tuple[list[RecipientRow], bool]:
    """A page of a batch's recipients (`asked` is its id and which of them) in the order of its query."""
    bulk_id, wanted = asked
    where = Where.of("r.organization_id", organization_id)
    where.equal("r.bulk_id", bulk_id)
    where.among("r.state", wanted.states)
    where.among("r.reason", wanted.reasons)
    if wanted.text:
        where.holds("(r.address ilike {} escape '\\')", f"%{_plain(wanted.text)}%")
    rows = rows_of(tx, RecipientRow)
    await rows.execute(
        f"{_RECIPIENTS} where {where} order by r.number limit %(limit)s offset %(skip)s".encode(),
        {**where.values, "limit": page.limit + 1, "skip": page.skip},
    )
    return cut(await rows.fetchall(), page)


async def recipients_after(
    tx: Transaction, organization_id: str, asked: tuple[str, RecipientFilter], after: int
) -> list[RecipientRow]:
    """The next thousand behind a number, for an export of any length."""
    bulk_id, wanted = asked
    where = Where.of("r.organization_id", organization_id)
    where.equal("r.bulk_id", bulk_id)
    where.among("r.state", wanted.states)
    where.among("r.reason", wanted.reasons)
    where.holds("r.number > {}", after)
    rows = rows_of(tx, RecipientRow)
    await rows.execute(f"{_RECIPIENTS} where {where} order by r.number limit 1000".encode(), where.values)
    return await rows.fetchall()


async def reasons(tx: Transaction, organization_id: str, bulk_id: str) -> dict[str, int]:
    """Of those passed over, how many for each reason; under `unknown` whose fate is looked for, under `in_doubt` those
    of whom nobody but a person can tell."""
    rows = await (
        await tx.execute(
            "select case when state = 'unknown' then 'unknown' else reason end, count(*) from bulk_recipients"
            " where organization_id = %s and bulk_id = %s and (state in ('skipped', 'unknown')"
            " or state = 'failed' and reason = 'in_doubt') group by 1",
            (organization_id, bulk_id),
        )
    ).fetchall()
    return {row[0]: row[1] for row in rows}


async def had_template(tx: Transaction, organization_id: str, bulk_id: str) -> int:
    """Leads of a batch that have been sent its template before."""
    row = await (
        await tx.execute(
            "select count(distinct r.lead_id) from bulk_emails b join bulk_recipients r"
            " on r.organization_id = b.organization_id and r.bulk_id = b.id and r.state = 'queued'"
            " join seen_emails e on e.organization_id = r.organization_id and e.lead_id = r.lead_id"
            " and e.template_id = b.template_id and e.direction = 'outgoing' and e.status in ('sent', 'outbox')"
            " where b.organization_id = %s and b.id = %s",
            (organization_id, bulk_id),
        )
    ).fetchone()
    return int(row[0]) if row else 0


async def per_minute(tx: Transaction, organization_id: str, bulk_id: str, over: tuple[str, datetime, float]) -> float:
    """Emails a minute over the last stretch: `over` is the account, since when, and how many seconds that is."""
    account_id, since, seconds = over
    row = await (
        await tx.execute(
            "select count(*) from deliveries where organization_id = %s and account_id = %s"
            " and claimed_at > %s and bulk_email_id = %s and date_sent is not null",
            (organization_id, account_id, since, bulk_id),
        )
    ).fetchone()
    return (row[0] if row else 0) * 60 / max(seconds, 1.0)


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
