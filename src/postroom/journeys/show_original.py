"""An email as the message that it is: the bytes as they came or went, or, where none are kept, written again from it.

    T   where the bytes lie
    read them; where there are none, or the disk has lost them: compose what the email still says

What was written again says so in its own header too: whoever is sent the file is not to take it for the original.
"""

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum

from postroom.ground.errors import Invalid, NotFound, Permanent
from postroom.journeys.steps.read_body import TOO_LARGE
from postroom.journeys.tools import Tools
from postroom.rooms.emails.email import addresses_of
from postroom.views.email_original import KnownOriginal, known_original
from postroom.wire.mime.addresses import is_valid
from postroom.wire.mime.compose import compose
from postroom.wire.mime.headers import listed_fields, split_message
from postroom.wire.mime.types import Address, OutgoingAttachment, OutgoingContent

_NOBODY = Address("", "unknown@sender.invalid")  # RFC 2606 2: never anybody's
_MARK = ("X-Postroom-Rebuilt", "yes; the original bytes are not kept")


class Source(StrEnum):
    """Where the bytes are from."""

    MAILBOX = "mailbox"
    SENT = "sent"
    HEADER = "header"
    REBUILT = "rebuilt"


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes, whose they are, and the names of files that could not be put into what was written again."""

    raw: bytes
    source: Source
    subject: str
    lost_files: tuple[str, ...] = ()

    def fields(self) -> tuple[tuple[str, str], ...]:
        """The header, field by field, in order."""
        return listed_fields(split_message(self.raw)[0])


async def read_original(tools: Tools, organization_id: str, email_id: str) -> Original:
    """The message. Raises NotFound, and Forbidden for a reader who is not shown its words."""
    async with tools.db.reading() as tx:
        known = await known_original(tx, organization_id, email_id)
    if known.raw_ref:
        try:
            raw = await tools.blobs.read(known.raw_ref)
        except (NotFound, Permanent):
            return await _rebuilt(tools, known, email_id)
        return Original(raw, await asyncio.to_thread(_source, known, raw), known.subject)
    return await _rebuilt(tools, known, email_id)


def _source(known: KnownOriginal, raw: bytes) -> Source:
    if known.text == TOO_LARGE and split_message(raw)[1] >= len(raw):
        return Source.HEADER
    return Source.SENT if known.was_sent_from_here else Source.MAILBOX


async def _rebuilt(tools: Tools, known: KnownOriginal, email_id: str) -> Original:
    files, lost = [], []
    for one in known.files:
        name = one.get("filename") or "attachment"
        content = await _bytes_of(tools, one.get("blob_ref") or "")
        if content is None:
            lost.append(name)
        else:
            files.append(OutgoingAttachment(name, one.get("content_type") or "", content, one.get("content_id")))
    raw = await asyncio.to_thread(_composed, known, tuple(files), email_id)
    return Original(raw, Source.REBUILT, known.subject, tuple(lost))


async def _bytes_of(tools: Tools, reference: str) -> bytes | None:
    try:
        return await tools.blobs.read(reference) if reference else None
    except (NotFound, Permanent):
        return None


def _composed(known: KnownOriginal, files: tuple[OutgoingAttachment, ...], email_id: str) -> bytes:
    content = OutgoingContent(
        message_id=known.message_id or f"<{email_id}@rebuilt.invalid>",
        date=known.date,
        from_=next(iter(_people((known.sender,))), _NOBODY),
        to=_people(known.to),
        cc=_people(known.cc),
        bcc=_people(known.bcc),
        subject=known.subject,
        text=known.text or None,
        html=known.html or None,
        attachments=files,
        extra_headers=(_MARK,),
    )
    try:
        return compose(content).for_sent_folder
    except Invalid:  # an id that only lenient programs write: the file gets one that every program reads
        return compose(replace(content, message_id=f"<{email_id}@rebuilt.invalid>")).for_sent_folder


def _people(typed: tuple[str, ...]) -> tuple[Address, ...]:
    """Those that can stand in a header; a draft may hold half an address."""
    return tuple(one for one in addresses_of(typed) if is_valid(one.email))
