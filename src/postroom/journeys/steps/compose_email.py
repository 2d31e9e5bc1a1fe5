"""An email as people wrote it, into the bytes that go out and the row that the message is known by."""

from dataclasses import dataclass, field

from postroom.ground.database import Transaction
from postroom.journeys.steps.bulk_headers import Headers, bulk_headers
from postroom.journeys.steps.join_thread import references_of
from postroom.journeys.steps.mail_rules import ledger_hashes
from postroom.journeys.steps.read_body import Body, read_body
from postroom.journeys.steps.signing_keys import signing_keys
from postroom.journeys.steps.tracking_links import tracking_links
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.emails import arriving_store, outgoing_store
from postroom.rooms.emails.arriving_store import NewMessage
from postroom.rooms.emails.delivery_store import Claim
from postroom.rooms.emails.email import AttachedFile, EmailContent, addresses_of, recipients_of
from postroom.rooms.emails.message_key import message_key
from postroom.rooms.emails.outgoing_store import OutgoingEmail, SentMessage
from postroom.rooms.emails.tracking import Tracking
from postroom.wire.dkim.sign import signature_headers
from postroom.wire.mime.compose import compose
from postroom.wire.mime.identity import identity_of
from postroom.wire.mime.types import OutgoingAttachment, OutgoingContent


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed email with what it answers: all that is read before it is composed."""

    claim: Claim
    email: OutgoingEmail
    references: tuple[str, ...]
    extra_headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """What goes out, and what is kept: the same with Bcc and untracked, as a blob, and how the message is known."""

    envelope_from: str
    for_smtp: bytes = field(repr=False)
    body: Body = field(repr=False)
    message_key: str


async def read_letter(tools: Tools, tx: Transaction, claim: Claim, email: OutgoingEmail) -> Letter:
    """What a claimed email answers, and what it carries as part of a bulk email."""
    references = await references_of(tx, claim.organization_id, email.content)
    if claim.bulk_email_id is None:
        return Letter(claim, email, references)
    headers = await bulk_headers(tools, tx, claim.organization_id)
    sender, to = addresses_of((email.content.sender,))[0], addresses_of(email.content.to)[0]
    return Letter(claim, email, references, headers.of(to.email, email.id, sender.email))


async def compose_email(tools: Tools, account: ConnectedAccount, letter: Letter) -> Composed:
    """The same bytes at every try: the Message-ID and the Date were fixed before.

    Raises Invalid for what cannot stand in a message, NotFound or Permanent for an attachment that is lost, Temporary
    while the disk is full.
    """
    claim, content = letter.claim, letter.email.content
    sender = addresses_of((content.sender,))[0]
    plain = OutgoingContent(
        message_id=claim.message_id,
        date=claim.message_date,
        from_=sender,
        to=addresses_of(content.to),
        cc=addresses_of(content.cc),
        bcc=addresses_of(content.bcc),
        reply_to=addresses_of((account.settings.reply_to,)) if account.settings.reply_to else (),
        subject=content.subject,
        text=content.body_text or None,
        html=content.body_html or None,
        attachments=await _attachments(tools, content),
        in_reply_to=letter.references[-1] if letter.references else None,
        references=letter.references,
        postroom_id=letter.email.id,
        extra_headers=letter.extra_headers,
    )
    tracking = Tracking(bool(content.track_opens), bool(content.track_clicks))
    tracked = tracking_links(tools, claim.organization_id).tracked(plain, tracking, recipients_of(content))
    kept = compose(plain)
    for_smtp = (kept if tracked is plain else compose(tracked)).for_smtp
    raw = kept.for_sent_folder
    body = read_body(raw, await tools.blobs.write(raw), header_only=False)
    key = message_key(ledger_hashes(tools, claim.organization_id), identity_of(body.head))
    async with tools.db.reading() as tx:
        keys = await signing_keys(tools, tx, claim.organization_id, sender.email)
    signatures = signature_headers(for_smtp, keys, claim.message_date)
    return Composed(sender.email, signatures + for_smtp, body, key)


async def save_composed(tools: Tools, tx: Transaction, letter: Letter, composed: Composed) -> None:
    """Make the message known before the first byte goes out, so that its copy is recognised whatever happens then."""
    org, body = letter.claim.organization_id, composed.body
    message_id = letter.claim.message_id
    row = NewMessage(composed.message_key, message_id, body.fingerprint.hex(), body.raw_ref, body.size)
    await arriving_store.insert_messages(tx, org, [row], tools.clock())
    message = SentMessage(composed.message_key, message_id, letter.references, body.envelope)
    await outgoing_store.save_message(tx, org, letter.email.id, message)


async def _attachments(tools: Tools, content: EmailContent) -> tuple[OutgoingAttachment, ...]:
    return tuple([await _attachment(tools, one) for one in content.attachments])


async def _attachment(tools: Tools, attached: AttachedFile) -> OutgoingAttachment:
    content_id = attached.content_id if attached.is_inline else None
    content = await tools.blobs.read(attached.blob_ref)
    return OutgoingAttachment(attached.filename, attached.content_type, content, content_id)
