"""Queries for batches: their states, their counts, and whose turn it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.ids import new_id
from postroom.rooms.bulk.bulk_email import (
    Audience,
    Becomes,
    BulkEmail,
    Counts,
    NewBulkEmail,
    Preference,
    Status,
    Words,
)

_COLUMNS = (
    "organization_id, id, user_id, account_id, sender, object_type, query, s_query, sort, results_limit,"
    " contact_preference, contact_query, leaves_out_repeats, leaves_out_gaps, template_id, subject, body, cc_list,"
    " bcc_list, attachments, send_done_email, status, cause, error, resumes_at, n_leads, n_objects, n_queued,"
    " n_sending, n_sent, n_failed, n_skipped, n_cancelled, n_refused_in_row, judged_sent,"
    " judged_failed, date_created, date_started, track_opens, track_clicks"
)

_READY = (
    "(b.status = 'processing' and (b.resumes_at is null or b.resumes_at <= %(now)s)"
    " or b.status = 'paused' and (b.resumes_at <= %(now)s or b.cause = 'account'))"
)
_CAN_SEND = "not a.is_deleted and a.is_active and a.send_enabled and a.send_status = 'ok'"


@dataclass(frozen=True, slots=True)
class Report:
    """An email to the user about a batch: that it is done, or why it stopped."""

    bulk_id: str
    is_done: bool


async def insert_bulk_email(tx: Transaction, organization_id: str, new: NewBulkEmail, now: datetime) -> str:
    """Make a batch as a draft, not walked yet; its id."""
    bulk_id, audience, words = new_id("bulkemail"), new.audience, new.words
    await tx.execute(
        "insert into bulk_emails (organization_id, id, user_id, account_id, sender, object_type, query, s_query, sort,"
        " results_limit, contact_preference, contact_query, leaves_out_repeats, leaves_out_gaps, template_id, subject,"
        " body, cc_list, bcc_list, attachments, send_done_email, track_opens, track_clicks, status, created_by,"
        " updated_by, date_created, date_updated) values (%(org)s, %(id)s, %(user)s, %(account)s, %(sender)s,"
        " %(type)s, %(query)s, %(s_query)s, %(sort)s, %(limit)s, %(preference)s, %(contacts)s,"
        " %(repeats)s, %(gaps)s, %(template)s, %(subject)s,"
        " %(body)s, %(cc)s, %(bcc)s, %(files)s, %(done)s, %(opens)s, %(clicks)s, 'draft', %(user)s, %(user)s,"
        " %(now)s, %(now)s)",
        {
            "org": organization_id,
            "id": bulk_id,
            "user": new.user_id,
            "account": new.account_id,
            "sender": new.sender,
            "type": audience.object_type,
            "query": audience.query,
            "s_query": Jsonb(audience.s_query) if audience.s_query is not None else None,
            "sort": Jsonb(list(audience.sort)),
            "limit": audience.results_limit,
            "preference": audience.preference.value,
            "contacts": audience.contact_query,
            "repeats": audience.leaves_out_repeats,
            "gaps": audience.leaves_out_gaps,
            "template": words.template_id,
            "subject": words.subject,
            "body": words.body,
            "cc": list(words.cc),
            "bcc": list(words.bcc),
            "files": Jsonb([dict(one) for one in words.attachments]),
            "done": new.send_done_email,
            "opens": new.track_opens,
            "clicks": new.track_clicks,
            "now": now,
        },
    )
    return bulk_id


async def bulk_email(tx: Transaction, organization_id: str, bulk_id: str) -> BulkEmail:
    """A batch. Raises NotFound."""
    return await _read(tx, organization_id, bulk_id, "")


async def lock_bulk_email(tx: Transaction, organization_id: str, bulk_id: str) -> BulkEmail:
    """A batch, its row locked until the transaction ends. Raises NotFound."""
    return await _read(tx, organization_id, bulk_id, " for update")


async def set_status(tx: Transaction, batch: BulkEmail, becomes: Becomes, now: datetime) -> None:
    """Put it into a state. Whoever waits to be told that it is over, or why it stopped, is told once."""
    await tx.execute(
        "update bulk_emails set status = %(status)s, cause = %(cause)s, error = %(error)s, resumes_at = %(at)s,"
        " updated_by = coalesce(%(by)s, updated_by), date_updated = %(now)s,"
        " n_refused_in_row = case when %(by)s is null then n_refused_in_row else 0 end,"
        " judged_sent = case when %(by)s is null then judged_sent else n_sent end,"
        " judged_failed = case when %(by)s is null then judged_failed else n_failed end,"
        " date_started = case when %(status)s = 'processing' then coalesce(date_started, %(now)s)"
        "  else date_started end,"
        " date_finished = case when %(over)s then coalesce(date_finished, %(now)s) else date_finished end,"
        " done_report = case when %(status)s = 'done' and done_report = 'none' and (send_done_email or n_failed > 0)"
        "  then 'due' else done_report end,"
        " error_report = case when error_report = 'none' and (%(status)s = 'error'"
        "  or %(cause)s in ('account', 'bounces', 'refused', 'disk')) then 'due' else error_report end"
        " where organization_id = %(org)s and id = %(id)s",
        {
            "org": batch.organization_id,
            "id": batch.id,
            "status": becomes.status.value,
            "cause": becomes.cause,
            "error": becomes.error,
            "at": becomes.resumes_at,
            "by": becomes.by,
            "over": becomes.status.is_over,
            "now": now,
        },
    )


async def empty(tx: Transaction, batch: BulkEmail) -> None:
    """Forget who was found: it is walked anew."""
    names = {"org": batch.organization_id, "id": batch.id}
    await tx.execute("delete from bulk_recipients where organization_id = %(org)s and bulk_id = %(id)s", names)
    await tx.execute(
        "update bulk_emails set n_leads = null, n_objects = null, n_queued = 0, n_skipped = 0"
        " where organization_id = %(org)s and id = %(id)s",
        names,
    )


async def forget_drafts(tx: Transaction, before: datetime) -> None:
    """Remove the drafts of the whole installation that nobody has started."""
    await tx.execute(
        "with gone as (delete from bulk_emails where organization_id in (select id from organizations)"
        " and status = 'draft' and date_created < %s returning organization_id, id)"
        " delete from bulk_recipients r using gone g where r.organization_id = g.organization_id and r.bulk_id = g.id",
        (before,),
    )


async def finish_walk(tx: Transaction, batch: BulkEmail, n_leads: int, now: datetime) -> None:
    """The query has been walked: how many leads it found stands from now on, and sending may begin."""
    await tx.execute(
        "update bulk_emails set n_leads = %(leads)s, n_objects = n_queued + n_sending + n_sent + n_failed + n_skipped"
        " + n_cancelled, date_updated = %(now)s where organization_id = %(org)s and id = %(id)s",
        {"org": batch.organization_id, "id": batch.id, "leads": n_leads, "now": now},
    )


async def next_in_turn(tx: Transaction, organization_id: str, account_id: str, now: datetime) -> str | None:
    """The batch of this account that has waited longest for its turn; None when none may send now."""
    row = await (
        await tx.execute(
            f"select b.id from bulk_emails b where b.organization_id = %(org)s and b.account_id = %(account)s"
            f" and {_READY} and n_queued > 0 order by b.last_turn_at nulls first, b.date_created, b.id limit 1",
            {"org": organization_id, "account": account_id, "now": now},
        )
    ).fetchone()
    return row[0] if row else None


async def open_of_account(tx: Transaction, organization_id: str, account_id: str) -> list[str]:
    """The account's batches that are walked and not over."""
    rows = await (
        await tx.execute(
            "select id from bulk_emails where organization_id = %s and account_id = %s"
            " and status in ('processing', 'paused', 'resuming') and n_leads is not null order by date_created",
            (organization_id, account_id),
        )
    ).fetchall()
    return [row[0] for row in rows]


async def note_turn(tx: Transaction, organization_id: str, bulk_id: str, refused_in_row: int, now: datetime) -> None:
    """It has had its turn."""
    await tx.execute(
        "update bulk_emails set last_turn_at = %s, n_refused_in_row = %s where organization_id = %s and id = %s",
        (now, refused_in_row, organization_id, bulk_id),
    )


async def accounts_with_bulk(tx: Transaction, now: datetime, limit: int = 1000) -> list[tuple[str, str]]:
    """Of the whole installation: (organization, account) with batches that may send, the longest waiting first; and
    those whose account cannot send, so that they say so."""
    rows = await (
        await tx.execute(
            "select b.organization_id, b.account_id from bulk_emails b"
            " join connected_accounts a on a.organization_id = b.organization_id and a.id = b.account_id"
            f" where {_READY} and b.n_queued > 0 and (({_CAN_SEND}"
            " and (a.send_retry_after is null or a.send_retry_after <= %(now)s))"
            f" or (b.status = 'processing' and not ({_CAN_SEND})))"
            " group by b.organization_id, b.account_id order by min(b.last_turn_at) nulls first limit %(limit)s",
            {"now": now, "limit": limit},
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def accounts_to_tend(tx: Transaction, now: datetime, limit: int = 1000) -> list[tuple[str, str]]:
    """Of the whole installation: (organization, account) with batches that only wait for news of what was sent, or
    whose user is to be told something."""
    rows = await (
        await tx.execute(
            "select b.organization_id, b.account_id from bulk_emails b"
            " join connected_accounts a on a.organization_id = b.organization_id and a.id = b.account_id"
            " where (b.status in ('processing', 'paused') and b.n_leads is not null"
            " and (b.n_queued = 0 or b.n_sending > 0))"
            f" or ((b.done_report = 'due' or b.error_report = 'due') and {_CAN_SEND}"
            " and (a.send_retry_after is null or a.send_retry_after <= %(now)s))"
            " group by b.organization_id, b.account_id limit %(limit)s",
            {"now": now, "limit": limit},
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def to_walk(tx: Transaction, limit: int = 1000) -> list[tuple[str, str]]:
    """Of the whole installation: (organization, batch) whose query is still to be walked."""
    rows = await (
        await tx.execute(
            "select organization_id, id from bulk_emails where status in ('created', 'loading')"
            " order by date_created limit %s",
            (limit,),
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def take_report(tx: Transaction, organization_id: str, account_id: str) -> Report | None:
    """Something that a user of this account is to be told by email, once and for all: it counts as told from now on."""
    row = await (
        await tx.execute(
            "with next as (select id, done_report = 'due' as is_done from bulk_emails where organization_id = %(org)s"
            " and account_id = %(account)s and (done_report = 'due' or error_report = 'due')"
            " order by date_updated limit 1 for update skip locked)"
            " update bulk_emails b set error_report = case when b.error_report = 'due' then 'sent'"
            "  else b.error_report end, done_report = case when next.is_done then 'sent' else b.done_report end"
            " from next where b.organization_id = %(org)s and b.id = next.id returning b.id, next.is_done",
            {"org": organization_id, "account": account_id},
        )
    ).fetchone()
    return Report(row[0], is_done=row[1]) if row else None


async def has_report(tx: Transaction, organization_id: str, account_id: str) -> bool:
    """Whether a user of this account is to be told something."""
    row = await (
        await tx.execute(
            "select 1 from bulk_emails where organization_id = %s and account_id = %s"
            " and (done_report = 'due' or error_report = 'due') limit 1",
            (organization_id, account_id),
        )
    ).fetchone()
    return row is not None


async def put_report_back(tx: Transaction, organization_id: str, report: Report) -> None:
    """The server did not take it now; it is told later."""
    column = "done_report" if report.is_done else "error_report"
    await tx.execute(
        f"update bulk_emails set {column} = 'due' where organization_id = %s and id = %s".encode(),
        (organization_id, report.bulk_id),
    )


async def _read(tx: Transaction, organization_id: str, bulk_id: str, lock: str) -> BulkEmail:
    rows = tx.cursor(row_factory=dict_row)
    await rows.execute(
        f"select {_COLUMNS} from bulk_emails where organization_id = %s and id = %s{lock}".encode(),
        (organization_id, bulk_id),
    )
    row = await rows.fetchone()
    if row is None:
        raise NotFound("There is no such bulk email.")
    return _batch(row)


def _batch(row: Mapping[str, Any]) -> BulkEmail:
    return BulkEmail(
        organization_id=row["organization_id"],
        id=row["id"],
        user_id=row["user_id"],
        account_id=row["account_id"],
        sender=row["sender"],
        audience=Audience(
            row["object_type"], row["query"], row["s_query"], tuple(row["sort"]), row["results_limit"],
            Preference(row["contact_preference"]), row["contact_query"], row["leaves_out_repeats"],
            row["leaves_out_gaps"],
        ),
        words=Words(
            row["template_id"], row["subject"], row["body"], tuple(row["cc_list"]), tuple(row["bcc_list"]),
            tuple(row["attachments"]),
        ),
        send_done_email=row["send_done_email"],
        status=Status(row["status"]),
        cause=row["cause"],
        error=row["error"],
        resumes_at=row["resumes_at"],
        n_leads=row["n_leads"],
        n_objects=row["n_objects"],
        counts=Counts(
            row["n_queued"], row["n_sending"], row["n_sent"], row["n_failed"], row["n_skipped"], row["n_cancelled"]
        ),
        refused_in_row=row["n_refused_in_row"],
        judged=Counts(sent=row["judged_sent"], failed=row["judged_failed"]),
        date_created=row["date_created"],
        date_started=row["date_started"],
        track_opens=row["track_opens"],
        track_clicks=row["track_clicks"],
    )  # fmt: skip
