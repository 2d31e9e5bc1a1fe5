"""Queries for emails that are written here: drafts, what is queued, and what is logged by hand.

Locks are taken in one order everywhere: lead, delivery, email. Arriving mail takes them in the same order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.ids import new_id
from postroom.rooms.emails.email import MAY_HAVE_A_TIME, AttachedFile, EmailContent, EmailStatus, NewEmail, Stamp
from postroom.rooms.emails.search_store import index_in_its_month
from postroom.wire.mime.bodies import preview_of, text_from_html

_INSERT = """
insert into emails (organization_id, id, lead_id, user_id, users, status, direction, sender, to_list, cc_list,
  bcc_list, subject, body_text, body_html, body_preview, attachments, contact_id, in_reply_to_id, template_id,
  account_id, track_opens, track_clicks, followup_date, date_scheduled, date_sent, activity_at, created_by, updated_by,
  date_created, date_updated)
select %(org)s, %(id)s, id, %(user)s, %(users)s, %(status)s, %(direction)s, %(sender)s, %(to)s, %(cc)s, %(bcc)s,
  %(subject)s, %(text)s, %(html)s, %(preview)s, %(attachments)s, %(contact)s, %(in_reply_to)s, %(template)s,
  %(account)s, %(opens)s, %(clicks)s, %(followup)s, %(scheduled)s, %(sent)s, %(activity)s, %(by)s, %(by)s,
  %(created)s, %(now)s
from leads where organization_id = %(org)s and id = %(lead)s
"""
_SAVE_CONTENT = """
update emails set sender = %(sender)s, to_list = %(to)s, cc_list = %(cc)s, bcc_list = %(bcc)s, subject = %(subject)s,
  body_text = %(text)s, body_html = %(html)s, body_preview = %(preview)s, attachments = %(attachments)s,
  contact_id = %(contact)s, in_reply_to_id = %(in_reply_to)s, template_id = %(template)s, account_id = %(account)s,
  track_opens = %(opens)s, track_clicks = %(clicks)s,
  updated_by = coalesce(%(by)s, updated_by), date_updated = %(now)s
where organization_id = %(org)s and id = %(id)s
"""
_SELECT = """
select id, lead_id, user_id, status, direction, thread_id, message_key, followup_date, date_scheduled, activity_at,
  sender, to_list, cc_list, bcc_list, subject, body_text, body_html, attachments, contact_id, in_reply_to_id,
  template_id, account_id, track_opens, track_clicks
from emails where organization_id = %s and id = %s for update
"""


@dataclass(frozen=True, slots=True)
class OutgoingEmail:
    """An email written here, as it stands."""

    id: str
    lead_id: str
    user_id: str | None
    status: EmailStatus
    direction: str
    thread_id: str | None
    message_key: str | None
    followup_date: datetime | None
    date_scheduled: datetime | None
    activity_at: datetime
    content: EmailContent


@dataclass(frozen=True, slots=True)
class Answered:
    """The email that another one answers: where it stands, and the ids that tie answers to it."""

    lead_id: str
    thread_id: str | None
    message_ids: tuple[str, ...]
    reference_ids: tuple[str, ...]

    @property
    def chain(self) -> tuple[str, ...]:
        """The References of an answer (RFC 5322 3.6.4): those of the answered email, then its own id."""
        return tuple(dict.fromkeys(self.reference_ids + self.message_ids[:1]))


@dataclass(frozen=True, slots=True)
class Standing:
    """The status of an email, and what goes with it."""

    status: EmailStatus
    date_scheduled: datetime | None
    followup_date: datetime | None
    activity_at: datetime
    thread_id: str | None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """What an email is as a message: its row in `messages`, and its header as read back."""

    message_key: str
    message_id: str
    reference_ids: tuple[str, ...]
    envelope: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A sent email whose follow-up date has come, and whether it has been answered. `subject`: if it is for all."""

    organization_id: str
    email_id: str
    lead_id: str
    contact_id: str | None
    user_id: str | None
    subject: str | None
    followup_date: datetime
    has_reply: bool


async def insert_email(tx: Transaction, organization_id: str, new: NewEmail, stamp: Stamp) -> str:
    """Make an email; its id. Raises NotFound for a lead that is not of this organization."""
    email_id = new_id("acti")
    happened = new.activity_at or new.date_created or stamp.now
    made = await tx.execute(
        _INSERT.encode(),
        {
            **_content_values(new.content),
            "org": organization_id,
            "id": email_id,
            "lead": new.lead_id,
            "user": new.user_id,
            "users": [new.user_id] if new.user_id else [],
            "status": new.status.value,
            "direction": "incoming" if new.status is EmailStatus.INBOX else "outgoing",
            "followup": new.timing.followup_date,
            "scheduled": new.timing.date_scheduled if new.status in MAY_HAVE_A_TIME else None,
            "sent": happened if new.status is EmailStatus.SENT else None,
            "activity": happened,
            "by": (new.created_by if new.status.is_logged else None) or stamp.user_id,
            "created": new.date_created or stamp.now,
            "now": stamp.now,
        },
    )
    if not made.rowcount:
        raise NotFound("There is no such lead.")
    return email_id


async def lead_of(tx: Transaction, organization_id: str, email_id: str) -> str:
    """The lead an email stands on. Raises NotFound."""
    row = await (
        await tx.execute(
            "select lead_id from emails where organization_id = %s and id = %s", (organization_id, email_id)
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such email.")
    return str(row[0])


async def lock_email(tx: Transaction, organization_id: str, email_id: str) -> OutgoingEmail:
    """An email, its row locked until the transaction ends. Raises NotFound."""
    row = await (await tx.execute(_SELECT.encode(), (organization_id, email_id))).fetchone()
    if row is None:
        raise NotFound("There is no such email.")
    (sender, to, cc, bcc, subject, text, html, files, contact, in_reply_to, template, account, opens, clicks) = row[10:]
    content = EmailContent(
        sender, tuple(to), tuple(cc), tuple(bcc), subject, text, html, _files(files), contact, in_reply_to, template,
        account, opens, clicks,
    )  # fmt: skip
    return OutgoingEmail(
        row[0], row[1], row[2], EmailStatus(row[3]), row[4], row[5], row[6], row[7], row[8], row[9], content
    )


async def answered(tx: Transaction, organization_id: str, email_id: str) -> Answered | None:
    """The email that is answered, if it is still there."""
    row = await (
        await tx.execute(
            "select lead_id, thread_id, message_ids, reference_ids from emails where organization_id = %s and id = %s",
            (organization_id, email_id),
        )
    ).fetchone()
    return Answered(row[0], row[1], tuple(row[2]), tuple(row[3])) if row else None


async def save_content(
    tx: Transaction, organization_id: str, email_id: str, content: EmailContent, stamp: Stamp
) -> None:
    """Replace what its author writes."""
    names = {"org": organization_id, "id": email_id, "by": stamp.user_id, "now": stamp.now}
    await tx.execute(_SAVE_CONTENT.encode(), {**_content_values(content), **names})


async def give_to(tx: Transaction, organization_id: str, email_id: str, user_id: str) -> None:
    """A draft is another user's from now on."""
    await tx.execute(
        "update emails set user_id = %s, users = array[%s] where organization_id = %s and id = %s",
        (user_id, user_id, organization_id, email_id),
    )


async def save_standing(tx: Transaction, organization_id: str, email_id: str, standing: Standing, stamp: Stamp) -> None:
    """The status of an email and what goes with it. A draft is no message: it loses what it was known by."""
    await index_in_its_month(tx, organization_id, email_id, standing.activity_at)
    await tx.execute(
        "update emails set status = %(status)s, date_scheduled = %(scheduled)s, followup_date = %(followup)s,"
        " activity_at = %(activity)s, thread_id = %(thread)s, updated_by = coalesce(%(by)s, updated_by),"
        " date_updated = %(now)s, message_key = case when %(status)s = 'draft' then null else message_key end,"
        " message_ids = case when %(status)s = 'draft' then '{}' else message_ids end,"
        " envelope = case when %(status)s = 'draft' then null else envelope end"
        " where organization_id = %(org)s and id = %(id)s",
        {
            "org": organization_id,
            "id": email_id,
            "status": standing.status.value,
            "scheduled": standing.date_scheduled,
            "followup": standing.followup_date,
            "activity": standing.activity_at,
            "thread": standing.thread_id,
            "by": stamp.user_id,
            "now": stamp.now,
        },
    )


async def begin_sending(tx: Transaction, organization_id: str, email_id: str, now: datetime) -> bool:
    """A scheduled email whose time has come goes through the outbox; whether it was one."""
    moved = await tx.execute(
        "update emails set status = 'outbox', date_updated = %s"
        " where organization_id = %s and id = %s and status = 'scheduled'",
        (now, organization_id, email_id),
    )
    return moved.rowcount == 1


async def mark_sent(tx: Transaction, organization_id: str, email_id: str, now: datetime) -> bool:
    """A server has taken it; whether that is news."""
    await index_in_its_month(tx, organization_id, email_id, now)
    marked = await tx.execute(
        "update emails set status = 'sent', date_sent = %s, activity_at = %s, date_updated = %s"
        " where organization_id = %s and id = %s and status <> 'sent'",
        (now, now, now, organization_id, email_id),
    )
    return marked.rowcount == 1


async def mark_failed(tx: Transaction, organization_id: str, email_id: str, now: datetime) -> None:
    """It will not go out; why stands with its delivery."""
    await tx.execute(
        "update emails set status = 'error', date_updated = %s where organization_id = %s and id = %s",
        (now, organization_id, email_id),
    )


async def mark_all_failed(
    tx: Transaction, organization_id: str, email_ids: Sequence[str], now: datetime
) -> list[tuple[str, str]]:
    """The same of several; (email, lead) of each."""
    rows = await (
        await tx.execute(
            "update emails set status = 'error', date_updated = %s where organization_id = %s and id = any(%s)"
            " returning id, lead_id",
            (now, organization_id, list(email_ids)),
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def save_message(tx: Transaction, organization_id: str, email_id: str, message: SentMessage) -> None:
    """What the email is as a message; fixed before the first byte goes out."""
    await tx.execute(
        "update emails set message_key = %s, message_ids = array[%s], reference_ids = %s, envelope = %s"
        " where organization_id = %s and id = %s",
        (
            message.message_key, message.message_id, list(message.reference_ids), Jsonb(dict(message.envelope)),
            organization_id, email_id,
        ),
    )  # fmt: skip


async def delete_email(tx: Transaction, organization_id: str, email: OutgoingEmail, now: datetime) -> None:
    """Take an email off its lead. If it is a message, no mailbox brings it back."""
    if email.message_key:
        await tx.execute(
            "insert into deleted_emails (organization_id, lead_id, message_key, date_created)"
            " values (%s, %s, %s, %s) on conflict do nothing",
            (organization_id, email.lead_id, email.message_key, now),
        )
    await tx.execute("delete from emails where organization_id = %s and id = %s", (organization_id, email.id))


async def drop_empty_threads(tx: Transaction, organization_id: str, thread_ids: Sequence[str]) -> None:
    """End those of these threads that no email stands in any more; a later answer opens one anew."""
    await tx.execute(
        "with gone as (delete from email_threads t where t.organization_id = %(org)s and t.id = any(%(threads)s)"
        " and not exists (select 1 from emails e where e.organization_id = t.organization_id and e.thread_id = t.id)"
        " returning t.id)"
        " delete from thread_keys k using gone g where k.organization_id = %(org)s and k.thread_id = g.id",
        {"org": organization_id, "threads": list(thread_ids)},
    )


async def due_follow_ups(tx: Transaction, now: datetime, limit: int) -> list[FollowUp]:
    """Of the whole installation: sent emails past their follow-up date, locked, the longest past first."""
    async with tx.cursor(row_factory=class_row(FollowUp)) as cursor:
        await cursor.execute(
            "select organization_id, id as email_id, lead_id, contact_id, user_id,"
            " case when coworkers_see = 'everything' then subject end as subject, followup_date, has_reply"
            " from emails where followup_date <= %s and status = 'sent'"
            " order by followup_date limit %s for update skip locked",
            (now, limit),
        )
        return await cursor.fetchall()


async def forget_follow_up(tx: Transaction, organization_id: str, email_id: str) -> None:
    """Its follow-up has been seen to."""
    await tx.execute(
        "update emails set followup_date = null where organization_id = %s and id = %s", (organization_id, email_id)
    )


def _content_values(content: EmailContent) -> dict[str, Any]:
    return {
        "sender": content.sender,
        "to": list(content.to),
        "cc": list(content.cc),
        "bcc": list(content.bcc),
        "subject": content.subject,
        "text": content.body_text,
        "html": content.body_html,
        "preview": preview_of(content.body_text or text_from_html(content.body_html)),
        "attachments": Jsonb([asdict(one) for one in content.attachments]),
        "contact": content.contact_id,
        "in_reply_to": content.in_reply_to_id,
        "template": content.template_id,
        "account": content.account_id,
        "opens": content.track_opens,
        "clicks": content.track_clicks,
    }


def _files(stored: list[dict[str, Any]]) -> tuple[AttachedFile, ...]:
    """Those with a file; attachments of arrived mail lie in the raw message and are not sent from here."""
    return tuple(AttachedFile(**one) for one in stored if one.get("blob_ref"))
