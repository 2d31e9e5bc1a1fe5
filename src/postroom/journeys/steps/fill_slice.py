"""A slice of a bulk email's queue, filled in: for each recipient the bytes that go out and the rows that tell of it.

    press = await set_up_press(tools, tx, batch)   once a turn: the template compiled, files encoded, the sender known
    slice = await fill(press, waiting)             reads facts and suppressions, renders, composes; writes nothing

Nothing is claimed here, so it may be done while the slice before is still being sent.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.ground.ids import new_id
from postroom.ground.keyed_hash import KeyedHash
from postroom.journeys.steps.bulk_headers import BulkHeaders, bulk_headers
from postroom.journeys.steps.mail_rules import ledger_hashes
from postroom.journeys.steps.queue_email import new_message_id
from postroom.journeys.steps.read_body import envelope_of
from postroom.journeys.steps.render_email import Letterhead, letterhead
from postroom.journeys.steps.signing_keys import signing_keys
from postroom.journeys.steps.tracking_links import TrackingLinks, tracking_links
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import identity_store
from postroom.rooms.accounts.account import ConnectedAccount, Side
from postroom.rooms.accounts.domain_pace import host_of
from postroom.rooms.accounts.identities import OwnAddresses
from postroom.rooms.accounts.providers import provider_behind
from postroom.rooms.bulk.bulk_email import BulkEmail, Skip, may_copy_to_sent
from postroom.rooms.bulk.recipient_store import Moved, Waiting
from postroom.rooms.emails.arriving_store import NewMessage
from postroom.rooms.emails.bulk_store import BulkRow
from postroom.rooms.emails.email import AttachedFile, addresses_of
from postroom.rooms.emails.message_key import message_key
from postroom.rooms.emails.tracking import Tracking
from postroom.rooms.suppression import store as suppression_store
from postroom.rooms.suppression.suppression import Kind
from postroom.rooms.templates.render import Compiled, Rendered, TemplateText, compile_template
from postroom.rooms.templates.signature import images_in
from postroom.rooms.templates.values import Values, unsubscribe_values
from postroom.views.template_preview import Recipient, Sending, recipient_facts
from postroom.wire.dkim.keys import SigningKey
from postroom.wire.mime.addresses import is_valid
from postroom.wire.mime.bodies import preview_of_new
from postroom.wire.mime.charsets import storable
from postroom.wire.mime.compose import Frame, compose, frame_of
from postroom.wire.mime.identity import body_fingerprint, identity_of
from postroom.wire.mime.types import (
    Address,
    ComposedMessage,
    MessageHead,
    OutgoingAttachment,
    OutgoingContent,
    ParsedMessage,
)

BYTES_AT_ONCE = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Press:
    """What all emails of a batch have in common, ready to print."""

    tools: Tools
    account: ConnectedAccount
    batch: BulkEmail
    compiled: Compiled = field(repr=False)
    head: Letterhead = field(repr=False)
    headers: BulkHeaders
    links: TrackingLinks
    own: OwnAddresses = field(repr=False)
    hashes: KeyedHash = field(repr=False)
    sender: Address
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    files: tuple[AttachedFile, ...]
    attachments: tuple[OutgoingAttachment, ...] = field(repr=False)
    keys: tuple[SigningKey, ...]
    frame: Frame = field(repr=False)

    @property
    def most_at_once(self) -> int:
        """Emails that are held in memory at one time: fewer where each carries large files."""
        size = sum(len(part) for part in (*self.frame.files, *self.frame.images))
        return max(1, BYTES_AT_ONCE // max(1, size))

    @property
    def unsubscribes(self) -> bool:
        """Whether a link to unsubscribe stands in the words."""
        return any(name.startswith("unsubscribe") for name in self.compiled.variables)

    @property
    def copies_to_sent(self) -> bool:
        """Whether copies go to the account's Sent folder (SPEC 6.9)."""
        imap, smtp = self.account.imap, self.account.smtp
        if imap is None or smtp is None:
            return False
        providers = [
            provider_behind(login.host, side, self.account.provider).key
            for login, side in ((imap, Side.RECEIVE), (smtp, Side.SEND))
        ]
        return may_copy_to_sent(self.batch.n_objects or 0, *providers)


@dataclass(frozen=True, slots=True)
class Printed:
    """One email ready to go: whom for, its row, its bytes, and those that are kept, without tracking."""

    waiting: Waiting
    row: BulkRow
    fingerprint: str
    composed: ComposedMessage = field(repr=False)
    kept: ComposedMessage = field(repr=False)
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A slice: the emails, and those who are passed over after all."""

    printed: tuple[Printed, ...]
    skipped: tuple[Moved, ...]


async def set_up_press(tools: Tools, account: ConnectedAccount, batch: BulkEmail) -> Press:
    """Read all that does not change from one recipient to the next. Raises Invalid, NotFound or Permanent where the
    template or one of its files cannot be used any more."""
    org = batch.organization_id
    async with tools.db.reading() as tx:
        head = await letterhead(tx, org, Sending(batch.user_id, batch.account_id, batch.sender))
        own = await identity_store.own_addresses(tx, org)
        headers = await bulk_headers(tools, tx, org)
        keys = await signing_keys(tools, tx, org, addresses_of((batch.sender,))[0].email)
    words = batch.words
    images = images_in(head.signed_html, head.signature) if "signature" in words.body else ()
    files = tuple(AttachedFile(**dict(one)) for one in words.attachments)
    files += tuple(AttachedFile(**asdict(one)) for one in images if one.file_id not in {file.file_id for file in files})
    sender = addresses_of((batch.sender,))[0]
    attachments = tuple([await _read_file(tools, one) for one in files])
    reply_to = addresses_of((account.settings.reply_to,)) if account.settings.reply_to else ()
    cc, bcc = addresses_of(words.cc), addresses_of(words.bcc)
    common = OutgoingContent("", tools.clock(), sender, cc=cc, reply_to=reply_to, html="", attachments=attachments)
    return Press(
        tools=tools,
        account=account,
        batch=batch,
        compiled=compile_template(TemplateText(words.subject, words.body)),
        head=head,
        headers=headers,
        links=tracking_links(tools, org),
        own=own,
        hashes=ledger_hashes(tools, org),
        sender=sender,
        cc=cc,
        bcc=bcc,
        reply_to=reply_to,
        files=files,
        attachments=attachments,
        keys=keys,
        frame=await asyncio.to_thread(frame_of, common),
    )


async def fill(press: Press, waiting: Sequence[Waiting], now: datetime) -> Filled:
    """Render and compose. Who may no longer be mailed, or cannot be, is passed over with the reason."""
    tools, org = press.tools, press.batch.organization_id
    wanted = {one.number: Recipient(one.lead_id, one.contact_id or None) for one in waiting}
    async with tools.db.reading() as tx:
        facts = await recipient_facts(tx, org, list(wanted.values()), tools.config.base_url)
        barred = await barred_keys(tx, org, [one.address_key for one in waiting])
    printed: list[Printed] = []
    skipped: list[Moved] = []
    for one in waiting:
        values = facts.get(wanted[one.number])
        made = _judge(one, values, barred) or _print(press, one, values or {}, now)
        if isinstance(made, Printed):
            printed.append(made)
        else:
            skipped.append(made)
        await asyncio.sleep(0)  # a web request of this process has its turn
    return Filled(tuple(printed), tuple(skipped))


async def barred_keys(tx: Transaction, organization_id: str, keys: Sequence[str]) -> dict[str, str]:
    """Of these addresses those that get no bulk email, each with its Skip."""
    found = await suppression_store.suppressed(tx, organization_id, keys)
    return {key: _skip_for(reasons[0].kind) for key, reasons in found.items()}


async def keep_bytes(tools: Tools, printed: Sequence[Printed]) -> list[NewMessage]:
    """The bytes of a slice onto the disk, all in one write; the rows that name them."""
    raws = [one.kept.for_sent_folder for one in printed]
    references = await tools.blobs.write_batch(raws)
    return [
        NewMessage(one.row.message_key, one.row.message_id, one.fingerprint, reference, len(raw))
        for one, raw, reference in zip(printed, raws, references, strict=True)
    ]


def print_one(press: Press, one: Waiting, values: Values, now: datetime) -> Printed:
    """One email by itself, as a test. Raises Invalid for what cannot stand in a message."""
    email_id = new_id("acti")
    return _printed(press, one, (email_id, render_one(press, (email_id, one.address), values)), now)


def render_one(press: Press, to: tuple[str, str], values: Values) -> Rendered:
    """The template filled in for one recipient; `to` is the email's id and the address. Raises Invalid."""
    email_id, address = to
    link = unsubscribe_values(press.headers.url(address, email_id, press.sender.email)) if press.unsubscribes else {}
    return press.compiled.render({**press.head.values, **values, **link})


def _skip_for(kind: Kind) -> str:
    return Skip.BOUNCED if kind in (Kind.HARD_BOUNCE, Kind.SOFT_BOUNCE) else Skip.UNSUBSCRIBED


def _judge(one: Waiting, values: Values | None, barred: Mapping[str, str]) -> Moved | None:
    """Why somebody is passed over at the last moment; None for who is not."""
    if values is None:
        return Moved(one.number, "skipped", Skip.GONE, "The contact or its lead was deleted.")
    if one.address_key in barred:
        return Moved(one.number, "skipped", barred[one.address_key])
    if not is_valid(one.address):
        return Moved(one.number, "skipped", Skip.INVALID, f"Mail cannot be sent to {one.address!r}.")
    return None


def _print(press: Press, one: Waiting, values: Values, now: datetime) -> Printed | Moved:
    try:
        return _printed_or_gap(press, one, values, now)
    except Invalid as error:
        return Moved(one.number, "skipped", Skip.INVALID, str(error)[:500])


def _printed_or_gap(press: Press, one: Waiting, values: Values, now: datetime) -> Printed | Moved:
    email_id = new_id("acti")
    rendered = render_one(press, (email_id, one.address), values)
    if rendered.missing and press.batch.audience.leaves_out_gaps:
        named = ", ".join(dict.fromkeys(missing.variable for missing in rendered.missing))
        return Moved(one.number, "skipped", Skip.MISSING_VALUE, f"Empty: {named}"[:500])
    return _printed(press, one, (email_id, rendered), now)


def _printed(press: Press, one: Waiting, made: tuple[str, Rendered], now: datetime) -> Printed:
    email_id, rendered = made
    content = _content(press, one, made, now)
    kept = compose(content, press.frame)
    head = _head_of(content)
    row = BulkRow(
        id=email_id,
        lead_id=one.lead_id,
        contact_id=one.contact_id,
        thread_id="",
        message_key=message_key(press.hashes, identity_of(head)),
        message_id=content.message_id,
        message_date=now,
        to_list=[one.address],
        subject=rendered.subject,
        body_text=rendered.body_text,
        body_html=rendered.body_html,
        body_preview=preview_of_new(rendered.body_text),
        envelope=envelope_of(head),
        attachments=_rows_of(press.files),
        recipients=list(dict.fromkeys((one.address, *(person.email for person in press.cc + press.bcc)))),
        domain=host_of(one.address_key),
    )
    fingerprint = body_fingerprint(ParsedMessage(head, rendered.body_text, rendered.body_html)).hex()
    tracking = Tracking(press.batch.track_opens, press.batch.track_clicks)
    tracked = press.links.tracked(content, tracking, row.recipients)
    composed = kept if tracked is content else compose(tracked, press.frame)
    return Printed(one, row, fingerprint, composed, kept, tuple(row.recipients))


def _content(press: Press, one: Waiting, made: tuple[str, Rendered], now: datetime) -> OutgoingContent:
    email_id, rendered = made
    return OutgoingContent(
        message_id=new_message_id(press.sender.email),
        date=now,
        from_=press.sender,
        to=(Address("", one.address),),
        cc=press.cc,
        bcc=press.bcc,
        reply_to=press.reply_to,
        subject=rendered.subject,
        text=rendered.body_text or None,
        html=rendered.body_html or None,
        attachments=press.attachments,
        postroom_id=email_id,
        extra_headers=press.headers.of(one.address, email_id, press.sender.email),
    )


def _head_of(content: OutgoingContent) -> MessageHead:
    """The header as it will be read back from the bytes."""
    return MessageHead(
        message_id=content.message_id,
        date=content.date.replace(microsecond=0),
        from_=(content.from_,),
        to=content.to,
        cc=content.cc,
        bcc=content.bcc,
        reply_to=content.reply_to,
        subject=" ".join(storable(content.subject).split()),
        postroom_id=content.postroom_id,
    )


def _rows_of(files: tuple[AttachedFile, ...]) -> list[dict[str, Any]]:
    return [asdict(one) for one in files]


async def _read_file(tools: Tools, file: AttachedFile) -> OutgoingAttachment:
    content_id = file.content_id if file.is_inline else None
    return OutgoingAttachment(file.filename, file.content_type, await tools.blobs.read(file.blob_ref), content_id)
