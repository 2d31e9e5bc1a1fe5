"""Emails and threads as Close prints them: one, or pages filtered by lead, contact, user and time.

An email is one row and one struct: no Python stands between the query and the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.views.email_envelope import ENVELOPE
from postroom.views.quoted_pieces import HtmlPiece, TextPiece
from postroom.views.selection import Order, Page, Span, Where, as_date, as_name, cut, rows_of


class AttachmentCard(msgspec.Struct, frozen=True):
    """A file of an email. `url` needs the same credentials as the email."""

    url: str
    filename: str
    size: int
    content_type: str
    thumbnail_url: str | None
    content_id: str | None
    inline_only: bool


class PersonCard(msgspec.Struct, frozen=True):
    """Somebody in a header field."""

    email: str
    name: str


class EnvelopeCard(msgspec.Struct, frozen=True):
    """What the header of a message says. `date` is RFC 2822 text."""

    from_: list[PersonCard] = msgspec.field(name="from")
    sender: list[PersonCard]
    to: list[PersonCard]
    cc: list[PersonCard]
    bcc: list[PersonCard]
    reply_to: list[PersonCard]
    date: str | None
    in_reply_to: str | None
    message_id: str | None
    subject: str


class BounceCard(msgspec.Struct, frozen=True):
    """Whom an email did not reach, or who complained: kind is hard, soft, delayed or complaint. Not in Close."""

    email: str
    kind: str
    status: str
    reason: str
    date: str


class EmailCard(msgspec.Struct, frozen=True):
    """An email, in the shape of `/activity/email/`. `returns_on`: an automatic reply, and until when one is away."""

    type: str = msgspec.field(name="_type")
    id: str
    organization_id: str
    lead_id: str | None
    contact_id: str | None
    user_id: str | None
    user_name: str | None
    users: list[str]
    created_by: str | None
    created_by_name: str | None
    updated_by: str | None
    updated_by_name: str | None
    date_created: str
    date_updated: str
    activity_at: str | None
    date_sent: str | None
    date_scheduled: str | None
    followup_date: str | None
    status: str
    direction: str | None
    sender: str | None
    to: list[str]
    cc: list[str]
    bcc: list[str]
    subject: str | None
    body_text: str | None
    body_html: str | None
    body_preview: str | None
    body_text_quoted: list[TextPiece] | None
    body_html_quoted: list[HtmlPiece] | None
    attachments: list[AttachmentCard]
    envelope: EnvelopeCard | None
    message_ids: list[str]
    references: list[str]
    thread_id: str | None
    in_reply_to_id: str | None
    has_reply: bool
    bounces: list[BounceCard]
    opens: list[dict[str, str]]
    opens_summary: str | None
    send_attempts: list[dict[str, str]]
    need_smtp_credentials: bool
    email_account_id: str | None
    send_as_id: str | None
    template_id: str | None
    template_name: str | None
    bulk_email_action_id: str | None
    track_opens: bool | None
    track_clicks: bool | None
    returns_on: str | None
    sequence_id: str | None
    sequence_name: str | None
    sequence_subscription_id: str | None
    followup_sequence_id: str | None
    followup_sequence_delay: int | None
    followup_sequence_add_cc_bcc: bool | None
    agent_action_reason: str | None
    agent_config_id: str | None


class EmailSummary(msgspec.Struct, frozen=True):
    """An email inside a thread: without its bodies."""

    type: str = msgspec.field(name="_type")
    id: str
    organization_id: str
    lead_id: str | None
    contact_id: str | None
    user_id: str | None
    user_name: str | None
    users: list[str]
    created_by: str | None
    created_by_name: str | None
    updated_by: str | None
    updated_by_name: str | None
    date_created: str
    date_updated: str
    activity_at: str | None
    date_sent: str | None
    date_scheduled: str | None
    followup_date: str | None
    status: str
    direction: str | None
    sender: str | None
    to: list[str]
    cc: list[str]
    bcc: list[str]
    subject: str | None
    body_preview: str | None
    attachments: list[AttachmentCard]
    envelope: EnvelopeCard | None
    message_ids: list[str]
    references: list[str]
    thread_id: str | None
    in_reply_to_id: str | None
    has_reply: bool
    bounces: list[BounceCard]
    opens: list[dict[str, str]]
    opens_summary: str | None
    send_attempts: list[dict[str, str]]
    need_smtp_credentials: bool
    email_account_id: str | None
    send_as_id: str | None
    template_id: str | None
    template_name: str | None
    bulk_email_action_id: str | None
    returns_on: str | None


class EmailPage(msgspec.Struct, frozen=True):
    """Some emails."""

    data: list[EmailCard]
    has_more: bool


@dataclass(frozen=True, slots=True)
class EmailFilter:
    """Which emails or threads are wanted; None and an open span narrow nothing."""

    ids: tuple[str, ...] | None = None
    lead_ids: tuple[str, ...] | None = None
    contact_ids: tuple[str, ...] | None = None
    user_ids: tuple[str, ...] | None = None
    thread_ids: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None
    date_created: Span = field(default_factory=Span)
    activity_at: Span = field(default_factory=Span)
    order: Order = field(default_factory=Order)
    base_url: str = ""
    """How people reach this installation: it stands in the links of attachments."""


async def email_page(tx: Transaction, organization_id: str, wanted: EmailFilter, page: Page) -> EmailPage:
    """Emails in the order asked for, else the newest created first."""
    where, order = email_conditions(organization_id, wanted), wanted.order.of("e.date_created", "e.activity_at")
    cursor = rows_of(tx, EmailCard)
    await cursor.execute(
        # First the ids: what is skipped is not made ready to be shown.
        f"with page as materialized (select e.id from seen_emails e where {where}"
        f" order by {order}, e.id limit %(limit)s offset %(skip)s)"
        f" select {EMAIL_COLUMNS} from seen_emails e {EMAIL_JOINS}"
        " where e.organization_id = %(organization_id)s and e.id in (select id from page)"
        f" order by {order}, e.id",
        {**where.values, "base_url": wanted.base_url, "limit": page.limit + 1, "skip": page.skip},
    )
    return EmailPage(*cut(await cursor.fetchall(), page))


async def email_card(tx: Transaction, organization_id: str, email_id: str, base_url: str) -> EmailCard:
    """One email. Raises NotFound."""
    cursor = rows_of(tx, EmailCard)
    await cursor.execute(_ONE_EMAIL, {"organization_id": organization_id, "id": email_id, "base_url": base_url})
    email = await cursor.fetchone()
    if email is None:
        raise NotFound("There is no such email.")
    return email


async def summaries_of_threads(
    tx: Transaction, organization_id: str, thread_ids: list[str], base_url: str
) -> dict[str, list[EmailSummary]]:
    """The emails of these threads, by thread, newest first."""
    cursor = rows_of(tx, EmailSummary)
    await cursor.execute(
        f"select {SUMMARY_COLUMNS} from seen_emails e {EMAIL_JOINS}"
        " where e.organization_id = %(organization_id)s and e.thread_id = any(%(threads)s)"
        " order by e.activity_at desc, e.id",
        {"organization_id": organization_id, "threads": thread_ids, "base_url": base_url},
    )
    found: dict[str, list[EmailSummary]] = {thread_id: [] for thread_id in thread_ids}
    for email in await cursor.fetchall():
        if email.thread_id:
            found[email.thread_id].append(email)
    return found


async def email_summaries(
    tx: Transaction, organization_id: str, email_ids: Sequence[str], base_url: str
) -> list[EmailSummary]:
    """These emails, without their bodies."""
    cursor = rows_of(tx, EmailSummary)
    await cursor.execute(
        f"select {SUMMARY_COLUMNS} from seen_emails e {EMAIL_JOINS}"
        " where e.organization_id = %(organization_id)s and e.id = any(%(ids)s)",
        {"organization_id": organization_id, "ids": list(email_ids), "base_url": base_url},
    )
    return await cursor.fetchall()


def email_conditions(organization_id: str, wanted: EmailFilter) -> Where:
    """The filter over `emails e`."""
    where = Where.of("e.organization_id", organization_id)
    where.among("e.id", wanted.ids)
    where.among("e.lead_id", wanted.lead_ids)
    where.among("e.contact_id", wanted.contact_ids)
    where.among("e.thread_id", wanted.thread_ids)
    where.among("e.status", wanted.statuses)
    if wanted.user_ids is not None:
        where.holds("(e.user_id = any({}) or e.users && {}::text[])", list(wanted.user_ids))
    where.within("e.date_created", wanted.date_created)
    where.within("e.activity_at", wanted.activity_at)
    return where


_ATTACHMENTS = (
    "case when e.attachments = '[]' then '[]'::json else (select json_agg(json_build_object("
    "'url', %(base_url)s || '/api/v1/activity/email/' || e.id || '/attachment/' || (f.n - 1) || '/',"
    " 'filename', coalesce(f.a ->> 'filename', ''), 'size', coalesce((f.a ->> 'size')::bigint, 0),"
    " 'content_type', coalesce(f.a ->> 'content_type', 'application/octet-stream'), 'thumbnail_url', null,"
    " 'content_id', f.a ->> 'content_id', 'inline_only', coalesce((f.a ->> 'is_inline')::boolean, false))"
    " order by f.n) from jsonb_array_elements(e.attachments) with ordinality f(a, n)) end"
)
_BOUNCES = (
    "case when e.direction = 'outgoing' then coalesce((select json_agg(json_build_object('email', b.address,"
    f" 'kind', b.kind, 'status', b.status, 'reason', b.reason, 'date', {as_date('b.date_created')})"
    " order by b.date_created) from bounces b where b.organization_id = e.organization_id and b.email_id = e.id),"
    " '[]'::json) else '[]'::json end"
)
_OF_OPENS = "from email_opens o where o.organization_id = e.organization_id and o.email_id = e.id and not e.is_veiled"
_OPENS = (
    f"coalesce((select json_agg(json_build_object('opened_at', {as_date('o.opened_at')}, 'opened_by', o.opened_by,"
    f" 'ip_address', o.ip_address, 'user_agent', o.user_agent) order by o.position) {_OF_OPENS}), '[]'::json)"
)
_OPENS_SUMMARY = (
    "(select case count(*) when 0 then null when 1 then 'Opened once' else 'Opened ' || count(*) || ' times' end"
    f" {_OF_OPENS})"
)
# By which permission somebody wrote an email of another user's account, as long as it stands.
_SEND_AS_ID = (
    "(select s.id from send_as s where s.organization_id = e.organization_id and s.allowing_user_id = a.user_id"
    " and s.allowed_user_id = e.created_by)"
)
_FIELDS: dict[str, str] = {
    "_type": "'Email'",
    "id": "e.id",
    "organization_id": "e.organization_id",
    "lead_id": "e.lead_id",
    "contact_id": "e.contact_id",
    "user_id": "e.user_id",
    "user_name": as_name("ou"),
    "users": "to_json(e.users)",
    "created_by": "e.created_by",
    "created_by_name": as_name("cu"),
    "updated_by": "e.updated_by",
    "updated_by_name": as_name("uu"),
    "date_created": as_date("e.date_created"),
    "date_updated": as_date("e.date_updated"),
    "activity_at": as_date("e.activity_at"),
    "date_sent": as_date("e.date_sent"),
    "date_scheduled": as_date("e.date_scheduled"),
    "followup_date": as_date("e.followup_date"),
    "status": "e.status",
    "direction": "e.direction",
    "sender": "e.sender",
    "to": "to_json(e.to_list)",
    "cc": "to_json(e.cc_list)",
    "bcc": "to_json(e.bcc_list)",
    "subject": "e.subject",
    "body_text": "e.body_text",
    "body_html": "e.body_html",
    "body_preview": "e.body_preview",
    # Filled by `readable_bodies.py`.
    "body_text_quoted": "null",
    "body_html_quoted": "null",
    "attachments": _ATTACHMENTS,
    "envelope": ENVELOPE,
    "message_ids": "to_json(e.message_ids)",
    "references": "to_json(e.reference_ids)",
    "thread_id": "e.thread_id",
    "in_reply_to_id": "e.in_reply_to_id",
    "has_reply": "e.has_reply",
    "bounces": _BOUNCES,
    "opens": _OPENS,
    "opens_summary": _OPENS_SUMMARY,
    "send_attempts": "coalesce(d.log, '[]'::jsonb)",
    "need_smtp_credentials": "e.status = 'outbox' and a.send_status is distinct from 'ok'",
    "email_account_id": "e.account_id",
    "send_as_id": _SEND_AS_ID,
    "template_id": "e.template_id",
    "template_name": (
        "(select t.name from email_templates t where t.organization_id = e.organization_id and t.id = e.template_id)"
    ),
    "bulk_email_action_id": "e.bulk_email_id",
    "track_opens": "e.track_opens",
    "track_clicks": "e.track_clicks",
    "returns_on": "to_char(e.returns_on, 'YYYY-MM-DD')",
    "sequence_id": "null",
    "sequence_name": "null",
    "sequence_subscription_id": "null",
    "followup_sequence_id": "null",
    "followup_sequence_delay": "null",
    "followup_sequence_add_cc_bcc": "null",
    "agent_action_reason": "null",
    "agent_config_id": "null",
}


def _columns_for(shape: type[Any]) -> str:
    """The SQL of each field of a shape, in the order of the shape."""
    return ", ".join(_FIELDS[name.encode_name] for name in msgspec.structs.fields(shape))


EMAIL_COLUMNS = _columns_for(EmailCard)
SUMMARY_COLUMNS = _columns_for(EmailSummary)
EMAIL_JOINS = (
    " left join users ou on ou.organization_id = e.organization_id and ou.id = e.user_id"
    " left join users cu on cu.organization_id = e.organization_id and cu.id = e.created_by"
    " left join users uu on uu.organization_id = e.organization_id and uu.id = e.updated_by"
    " left join deliveries d on d.organization_id = e.organization_id and d.email_id = e.id"
    " left join connected_accounts a on a.organization_id = e.organization_id and a.id = e.account_id"
)
_ONE_EMAIL = (
    f"select {EMAIL_COLUMNS} from seen_emails e {EMAIL_JOINS}"
    " where e.organization_id = %(organization_id)s and e.id = %(id)s"
)
