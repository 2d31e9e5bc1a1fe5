"""Files named by their address become attachments of an email: uploaded ones, and those of another email sent on.

uploaded    the row of the file, which must be its uploader's or go with a template that the asker may use
sent on     T where the bytes lie · read them out of the raw message · T a file of the sender's own
"""

import asyncio
import io
import zipfile
from collections.abc import Container, Sequence
from dataclasses import dataclass

from postroom.ground.errors import Invalid, NotFound
from postroom.journeys.tools import Tools
from postroom.rooms import files
from postroom.rooms.accounts.access import Asker
from postroom.rooms.emails.email import MOST_ATTACHMENTS, AttachedFile
from postroom.rooms.files import AnnouncedFile, Bytes, StoredFile
from postroom.rooms.templates import store as template_store
from postroom.views.email_files import EmailFile, attached_files, email_file
from postroom.wire.mime.parse import attachment_bytes, attachments_bytes


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file as its author names it: an upload, or (with an email id) an attachment by its number.

    `filename` and `content_type` "" are as they were.
    """

    file_id: str = ""
    email_id: str = ""
    number: int = 0
    filename: str = ""
    content_type: str = ""
    content_id: str | None = None
    is_inline: bool = False


async def gather(tools: Tools, asker: Asker, named: Sequence[NamedFile]) -> tuple[AttachedFile, ...]:
    """The files, ready to be put on an email. Raises Invalid for one that is not there or not the asker's."""
    if len(named) > MOST_ATTACHMENTS:
        raise Invalid(field_errors={"attachments": f"At most {MOST_ATTACHMENTS} files."})
    try:
        return tuple([await _attached(tools, asker, one) for one in named])
    except NotFound as error:
        raise Invalid(field_errors={"attachments": str(error)}) from error


async def read_attachment(tools: Tools, organization_id: str, email_id: str, number: int) -> tuple[EmailFile, bytes]:
    """An attachment of an email with its bytes. Raises NotFound, also where the bytes were not kept."""
    async with tools.db.transaction() as tx:
        file = await email_file(tx, organization_id, email_id, number)
    if file.blob_ref:
        return file, await tools.blobs.read(file.blob_ref)
    if not file.raw_ref:
        raise NotFound("The bytes of this attachment were not kept.")
    raw = await tools.blobs.read(file.raw_ref)
    content = await asyncio.to_thread(attachment_bytes, raw, file.part)
    if content is None:
        raise NotFound("There is no such attachment.")
    return file, content


async def zip_attachments(tools: Tools, organization_id: str, email_id: str) -> bytes:
    """All files of an email in one archive, but for pictures in its text. Raises NotFound for none."""
    async with tools.db.transaction() as tx:
        wanted = await attached_files(tx, organization_id, email_id)
    own = {file.blob_ref: await tools.blobs.read(file.blob_ref) for file in wanted if file.blob_ref}
    inside = await _inside(tools, [file for file in wanted if not file.blob_ref and file.raw_ref])
    found = [
        (file.filename, own[file.blob_ref] if file.blob_ref else inside[file.part])
        for file in wanted
        if file.blob_ref or file.part in inside
    ]
    if not found:
        raise NotFound("This email has no attachments, or their bytes were not kept.")
    return await asyncio.to_thread(_zipped, found)


async def _inside(tools: Tools, wanted: Sequence[EmailFile]) -> dict[str, bytes]:
    """By part the bytes of files that lie in the raw message; there may be thousands, so it is read once."""
    if not wanted:
        return {}
    raw = await tools.blobs.read(wanted[0].raw_ref)
    return await asyncio.to_thread(attachments_bytes, raw, [file.part for file in wanted])


def _zipped(found: Sequence[tuple[str, bytes]]) -> bytes:
    """Names without folders, each once. Stored as they are: most attachments are compressed already."""
    archive, taken = io.BytesIO(), set[str]()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as writer:
        for filename, content in found:
            name = _free_name(filename.replace("\\", "/").rpartition("/")[2] or "attachment", taken)
            taken.add(name.casefold())
            writer.writestr(zipfile.ZipInfo(name), content)
    return archive.getvalue()


def _free_name(name: str, taken: Container[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    again = 1
    while name.casefold() in taken:
        again += 1
        name = f"{stem or ending} ({again}){dot if stem else ''}{ending if stem else ''}"
    return name


async def _attached(tools: Tools, asker: Asker, named: NamedFile) -> AttachedFile:
    stored = await (_sent_on if named.email_id else _uploaded)(tools, asker, named)
    return AttachedFile(
        stored.id,
        named.filename or stored.filename,
        named.content_type or stored.content_type,
        stored.size,
        stored.blob_ref,
        named.content_id,
        named.is_inline,
    )


async def readable_file(tools: Tools, asker: Asker, file_id: str) -> StoredFile:
    """A file that the asker uploaded, or that goes with a template the asker may use. Raises NotFound."""
    async with tools.db.transaction() as tx:
        lent = await template_store.attached_file(tx, asker.organization_id, asker.user_id, file_id)
        if lent is None:
            return await files.stored(tx, asker.organization_id, asker.user_id, file_id)
    return StoredFile(lent.file_id, asker.user_id, lent.filename, lent.content_type, lent.size, lent.blob_ref)


async def _uploaded(tools: Tools, asker: Asker, named: NamedFile) -> StoredFile:
    return await readable_file(tools, asker, named.file_id)


async def _sent_on(tools: Tools, asker: Asker, named: NamedFile) -> StoredFile:
    """The attachment itself where it is a file already (a draft saved again), else a copy of its bytes."""
    async with tools.db.transaction() as tx:
        file = await email_file(tx, asker.organization_id, named.email_id, named.number)
    if file.blob_ref:
        return StoredFile(file.file_id, asker.user_id, file.filename, file.content_type, file.size, file.blob_ref)
    file, content = await read_attachment(tools, asker.organization_id, named.email_id, named.number)
    reference = await tools.blobs.write(content)
    announced = AnnouncedFile(asker.user_id, file.filename, file.content_type, b"")
    async with tools.db.transaction() as tx:
        return await files.insert_filled(
            tx, asker.organization_id, announced, Bytes(reference, len(content)), tools.clock()
        )
