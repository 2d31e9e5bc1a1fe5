"""/activity/email/: one object per message; drafts, sending, and logging of past mail."""

import re
from collections.abc import Sequence
from typing import Annotated, cast
from urllib.parse import urlsplit

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.api.activities import BODIES, FILTERS, email_filter
from postroom.doors.web.api.privacy import note_reading
from postroom.doors.web.bodies import Maybe, moment_in, or_empty, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.groups import asked_of_users
from postroom.doors.web.query import Deleted, moment, shown
from postroom.doors.web.reach import asker_of, tools_of
from postroom.ground.errors import Invalid
from postroom.journeys import send
from postroom.journeys.attach import NamedFile, gather
from postroom.rooms.emails.email import (
    LONGEST_BODY,
    LONGEST_RECIPIENT,
    LONGEST_SUBJECT,
    MOST_RECIPIENTS,
    AttachedFile,
    EmailChange,
    EmailContent,
    EmailStatus,
    Leave,
    NewEmail,
    Opening,
    Timing,
)
from postroom.views.email_list import EmailCard, EmailPage, email_card, email_page
from postroom.views.readable_bodies import readable
from postroom.views.references import require_account, require_contact, require_user

Line = Annotated[str, msgspec.Meta(max_length=1000)]
Person = Annotated[str, msgspec.Meta(max_length=LONGEST_RECIPIENT)]
People = Annotated[list[Person], msgspec.Meta(max_length=MOST_RECIPIENTS)]
MOST_OPENS = 1000
BodyText = Annotated[str, msgspec.Meta(max_length=LONGEST_BODY)]

_WORDS = {"subject", "body_preview", "body_html", *BODIES}
_OWN_FILE = re.compile(r"/api/v1/files/(?P<file_id>[^/]+)/")
_OWN_ATTACHMENT = re.compile(r"/api/v1/activity/email/(?P<email_id>[^/]+)/attachment/(?P<number>\d{1,6})/?$")


class AttachmentBody(msgspec.Struct):
    """A file named by its address: `download.url` of an upload, or an attachment of another email."""

    url: Annotated[str, msgspec.Meta(max_length=4000)]
    filename: Annotated[str, msgspec.Meta(max_length=255)] | None = None
    content_type: Annotated[str, msgspec.Meta(max_length=255)] | None = None
    content_id: Annotated[str, msgspec.Meta(max_length=255)] | None = None
    inline_only: bool | None = None


class OpenBody(msgspec.Struct):
    """That a logged email was opened."""

    opened_at: Annotated[str, msgspec.Meta(max_length=100)]
    opened_by: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
    ip_address: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    user_agent: Annotated[str, msgspec.Meta(max_length=2000)] | None = None


class EmailBody(msgspec.Struct):
    """What may be written of an email. `email_account_id` is also understood under its older name `account_id`,
    `created_by` (only when past mail is logged) as `created_by_id`.

    `track_opens`, `track_clicks`: not in Close; without them as the account says.
    """

    lead_id: Maybe[Line] = msgspec.UNSET
    status: Maybe[Line] = msgspec.UNSET
    contact_id: Maybe[Line] = msgspec.UNSET
    user_id: Maybe[Line] = msgspec.UNSET
    created_by: Maybe[Line] = msgspec.UNSET
    created_by_id: Maybe[Line] = msgspec.UNSET
    subject: Maybe[Annotated[str, msgspec.Meta(max_length=LONGEST_SUBJECT)]] = msgspec.UNSET
    sender: Maybe[Line] = msgspec.UNSET
    to: Maybe[People] = msgspec.UNSET
    cc: Maybe[People] = msgspec.UNSET
    bcc: Maybe[People] = msgspec.UNSET
    body_text: Maybe[BodyText] = msgspec.UNSET
    body_html: Maybe[BodyText] = msgspec.UNSET
    attachments: Maybe[list[AttachmentBody]] = msgspec.UNSET
    template_id: Maybe[Line] = msgspec.UNSET
    email_account_id: Maybe[Line] = msgspec.UNSET
    account_id: Maybe[Line] = msgspec.UNSET
    in_reply_to_id: Maybe[Line] = msgspec.UNSET
    track_opens: Maybe[bool] = msgspec.UNSET
    track_clicks: Maybe[bool] = msgspec.UNSET
    date_created: Maybe[Line] = msgspec.UNSET
    activity_at: Maybe[Line] = msgspec.UNSET
    date_scheduled: Maybe[Line] = msgspec.UNSET
    followup_date: Maybe[Line] = msgspec.UNSET
    opens: Maybe[Annotated[list[OpenBody], msgspec.Meta(max_length=MOST_OPENS)]] = msgspec.UNSET
    send_in: Annotated[float, msgspec.Meta(ge=0)] | msgspec.UnsetType | None = msgspec.UNSET


@get("/activity/email", operation_id="list_emails", operation_class=takes(*FILTERS, "status", "thread_id"))
async def list_emails(request: ApiRequest) -> EmailPage:
    """Emails, the newest created first."""
    async with tools_of(request).db.reading() as tx:
        query = await asked_of_users(request, tx)
        page = await email_page(tx, request.user.organization_id, email_filter(request, query), query.page())
    wanted = set(query.ids("_fields") or _WORDS)
    if wanted & _WORDS:
        await note_reading(request, _of_others(request, page.data))
    if wanted & BODIES:
        page = EmailPage(await readable(page.data), page.has_more)
    return shown(request, page)


@get("/activity/email/{email_id:str}", operation_id="get_email", operation_class=takes("_fields"))
async def get_email(request: ApiRequest, email_id: FromPath[str]) -> EmailCard:
    """One email."""
    card = await _card(request, email_id)
    await note_reading(request, _of_others(request, [card]))
    return shown(request, card)


@post("/activity/email", operation_id="create_email", status_code=200)
async def create_email(request: ApiRequest, data: JSONBody[EmailBody]) -> EmailCard:
    """Write a draft, send now (`outbox`, held back `send_in` seconds), send later (`scheduled`), or log past mail."""
    status, lead_id = _status(data), tidy(data.lead_id)
    missing = {
        name: "This field is required." for name, given in (("lead_id", lead_id), ("status", status)) if not given
    }
    if status is None or not lead_id:
        raise Invalid(field_errors=missing)
    timing = Timing(
        moment_in("date_scheduled", data.date_scheduled), _send_in(data) or 0,
        moment_in("followup_date", data.followup_date),
    )  # fmt: skip
    await _require_known(request, data)
    files = await files_in(request, or_empty(data.attachments))
    new = NewEmail(
        lead_id, status, _content(data, files), timing, tidy(data.user_id) or None,
        moment_in("date_created", data.date_created), moment_in("activity_at", data.activity_at),
        opens=_opens(data) or (), created_by=_maker_id(data) or None,
    )  # fmt: skip
    email_id = await send.create_email(tools_of(request), asker_of(request), new)
    return shown(request, await _card(request, email_id))


@put("/activity/email/{email_id:str}", operation_id="update_email")
async def update_email(request: ApiRequest, email_id: FromPath[str], data: JSONBody[EmailBody]) -> EmailCard:
    """Change a draft; send it (`outbox`, `scheduled`); take back to `draft` what is not yet being sent."""
    await _require_known(request, data)
    change = EmailChange(
        status=_status(data),
        sender=tidy(data.sender),
        to=_people(data.to),
        cc=_people(data.cc),
        bcc=_people(data.bcc),
        subject=_text(data.subject),
        body_text=_text(data.body_text),
        body_html=_text(data.body_html),
        attachments=await _new_files(request, email_id, data),
        contact_id=tidy(data.contact_id),
        in_reply_to_id=tidy(data.in_reply_to_id),
        template_id=tidy(data.template_id),
        account_id=_account_id(data),
        user_id=tidy(data.user_id) or None,
        activity_at=moment_in("activity_at", data.activity_at),
        track_opens=_choice(data.track_opens),
        track_clicks=_choice(data.track_clicks),
        date_scheduled=moment_in("date_scheduled", data.date_scheduled),
        send_in_seconds=_send_in(data),
        followup_date=Leave.AS_IT_IS
        if isinstance(data.followup_date, msgspec.UnsetType)
        else moment_in("followup_date", data.followup_date),
        opens=_opens(data),
    )
    await send.update_email(tools_of(request), asker_of(request), email_id, change)
    return shown(request, await _card(request, email_id))


@delete("/activity/email/{email_id:str}", operation_id="delete_email", status_code=200)
async def delete_email(request: ApiRequest, email_id: FromPath[str]) -> Deleted:
    """Take an email off its lead; the mailboxes keep theirs."""
    await send.delete_email(tools_of(request), asker_of(request), email_id)
    return Deleted()


async def _card(request: ApiRequest, email_id: str) -> EmailCard:
    tools = tools_of(request)
    async with tools.db.reading() as tx:
        card = await email_card(tx, request.user.organization_id, email_id, tools.config.base_url)
    return (await readable([card]))[0]


def _of_others(request: ApiRequest, cards: Sequence[EmailCard]) -> list[str]:
    """The ids of those that no mailbox of the caller holds: programs mostly read their own, and write nothing by it."""
    users = {card.id: msgspec.json.decode(cast(msgspec.Raw, card.users), type=list[str]) for card in cards}
    return [email_id for email_id, holders in users.items() if request.user.id not in holders]


def _content(data: EmailBody, files: tuple[AttachedFile, ...]) -> EmailContent:
    return EmailContent(
        sender=tidy(data.sender) or "",
        to=_people(data.to) or (),
        cc=_people(data.cc) or (),
        bcc=_people(data.bcc) or (),
        subject=_text(data.subject) or "",
        body_text=_text(data.body_text) or "",
        body_html=_text(data.body_html) or "",
        attachments=files,
        contact_id=tidy(data.contact_id) or None,
        in_reply_to_id=tidy(data.in_reply_to_id) or None,
        template_id=tidy(data.template_id) or None,
        account_id=_account_id(data) or None,
        track_opens=_choice(data.track_opens),
        track_clicks=_choice(data.track_clicks),
    )


async def _require_known(request: ApiRequest, data: EmailBody) -> None:
    """Raises Invalid where the body names a user, a contact or an account that is not of this organization."""
    organization_id = request.user.organization_id
    async with tools_of(request).db.reading() as tx:
        await require_user(tx, organization_id, "user_id", tidy(data.user_id))
        await require_user(tx, organization_id, "created_by", _maker_id(data))
        await require_contact(tx, organization_id, "contact_id", tidy(data.contact_id))
        await require_account(tx, organization_id, "email_account_id", _account_id(data))


async def files_in(request: ApiRequest, given: Sequence[AttachmentBody]) -> tuple[AttachedFile, ...]:
    """The files that these addresses name. Raises Invalid for one that is not ours, or not the caller's."""
    return await gather(tools_of(request), asker_of(request), [_named(one) for one in given])


async def _new_files(request: ApiRequest, email_id: str, data: EmailBody) -> tuple[AttachedFile, ...] | None:
    """The attachments that a change names; None where it names none, or again those that the email has."""
    if isinstance(data.attachments, msgspec.UnsetType):
        return None
    given = [_named(one) for one in data.attachments or ()]
    if given and all(one.email_id == email_id for one in given):
        there = msgspec.json.decode(
            cast(msgspec.Raw, (await _card(request, email_id)).attachments), type=list[AttachmentBody]
        )
        if given == [_named(one) for one in there]:
            return None
    return await gather(tools_of(request), asker_of(request), given)


def demand_our_file(url: str) -> tuple[re.Match[str] | None, re.Match[str] | None]:
    """Whether an address names an upload or an attachment here, whatever host it names us by. Raises Invalid for any
    other address."""
    try:
        path = urlsplit(url).path
    except ValueError:  # "http://[": a host that is none
        path = ""
    upload, attachment = _OWN_FILE.match(path), _OWN_ATTACHMENT.match(path)
    if not upload and not attachment:
        raise Invalid(field_errors={"attachments": "Each url must be one that /files/upload/ or an email here gave."})
    return upload, attachment


def _named(file: AttachmentBody) -> NamedFile:
    upload, attachment = demand_our_file(file.url)
    return NamedFile(
        upload["file_id"] if upload else "",
        attachment["email_id"] if attachment else "",
        int(attachment["number"]) if attachment else 0,
        file.filename or "",
        file.content_type or "",
        file.content_id or None,
        bool(file.inline_only),
    )


def _opens(data: EmailBody) -> tuple[Opening, ...] | None:
    """When it was opened; None where the body does not say. Raises Invalid for what is no moment."""
    if isinstance(data.opens, msgspec.UnsetType):
        return None
    return tuple(
        Opening(moment("opens", one.opened_at), one.opened_by or "", one.ip_address or "", one.user_agent or "")
        for one in data.opens or ()
    )


def _choice(given: Maybe[bool]) -> bool | None:
    return None if isinstance(given, msgspec.UnsetType) else given


def _status(data: EmailBody) -> EmailStatus | None:
    text = tidy(data.status)
    if text is None:
        return None
    if text not in EmailStatus.__members__.values():
        raise Invalid(field_errors={"status": f"This must be one of {', '.join(EmailStatus)}."})
    return EmailStatus(text)


def _account_id(data: EmailBody) -> str | None:
    newer = tidy(data.email_account_id)
    return tidy(data.account_id) if newer is None else newer


def _maker_id(data: EmailBody) -> str | None:
    """Who wrote it, for the log of past mail."""
    return tidy(data.created_by) or tidy(data.created_by_id)


def _people(given: Maybe[People]) -> tuple[str, ...] | None:
    if isinstance(given, msgspec.UnsetType):
        return None
    return tuple(one.strip() for one in given or () if one.strip())


def _text(given: Maybe[str]) -> str | None:
    """As written; None where it is absent."""
    return None if isinstance(given, msgspec.UnsetType) else given or ""


def _send_in(data: EmailBody) -> float | None:
    return None if isinstance(data.send_in, msgspec.UnsetType) else data.send_in or 0


ROUTES = [list_emails, get_email, create_email, update_email, delete_email]
