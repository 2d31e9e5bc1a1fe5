"""Uploaded files: their table and its queries. The bytes lie in the blob store.

A file is announced first (name and type, by a signed-in user), then its bytes come with a one-time secret, as Close
does it: the second step is a plain form post without credentials. Until it is put on an email it is its uploader's.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from postroom.ground.database import Transaction
from postroom.ground.errors import Forbidden, NotFound
from postroom.ground.ids import new_id

TABLES = ("files",)
UPLOAD_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file whose bytes are there."""

    id: str
    user_id: str | None
    filename: str
    content_type: str
    size: int
    blob_ref: str


@dataclass(frozen=True, slots=True)
class AnnouncedFile:
    """A file whose bytes are still to come. `upload_hash` is the SHA-256 of the one-time secret."""

    user_id: str
    filename: str
    content_type: str
    upload_hash: bytes


@dataclass(frozen=True, slots=True)
class Bytes:
    """Where the bytes of a file were put, and how many."""

    blob_ref: str
    size: int


async def announce(tx: Transaction, organization_id: str, file: AnnouncedFile, now: datetime) -> str:
    """Make a file without bytes; its id."""
    file_id = new_id("file")
    await tx.execute(
        "insert into files (organization_id, id, user_id, filename, content_type, upload_hash, date_created)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (organization_id, file_id, file.user_id, file.filename, file.content_type, file.upload_hash, now),
    )
    return file_id


async def awaited(tx: Transaction, file_id: str, upload_hash: bytes, now: datetime) -> str:
    """The organization of a file whose bytes may be put with this secret. Raises Forbidden for a wrong or used one.

    The one statement here without an organization: the secret is the only thing the uploader brings.
    """
    row = await (
        await tx.execute(
            "select organization_id, upload_hash from files"
            " where id = %s and blob_ref = '' and upload_hash <> '' and date_created > %s",
            (file_id, now - UPLOAD_LASTS),
        )
    ).fetchone()
    if row is None or not hmac.compare_digest(row[1], upload_hash):
        raise Forbidden("This upload is not known, is done already, or has waited too long. Begin it anew.")
    return str(row[0])


async def fill(tx: Transaction, organization_id: str, file_id: str, content: Bytes) -> None:
    """The bytes are there; the secret is used up. Raises Forbidden where they were put a moment earlier."""
    filled = await tx.execute(
        "update files set blob_ref = %s, size = %s, upload_hash = ''"
        " where organization_id = %s and id = %s and blob_ref = ''",
        (content.blob_ref, content.size, organization_id, file_id),
    )
    if not filled.rowcount:
        raise Forbidden("This upload is done already.")


async def insert_filled(
    tx: Transaction, organization_id: str, file: AnnouncedFile, content: Bytes, now: datetime
) -> StoredFile:
    """A file made of bytes that are there already, such as an attachment that is sent on."""
    file_id = await announce(tx, organization_id, file, now)
    await fill(tx, organization_id, file_id, content)
    return StoredFile(file_id, file.user_id, file.filename, file.content_type, content.size, content.blob_ref)


async def stored(tx: Transaction, organization_id: str, user_id: str, file_id: str) -> StoredFile:
    """A file of this user, with its bytes. Raises NotFound."""
    row = await (
        await tx.execute(
            "select id, user_id, filename, content_type, size, blob_ref from files"
            " where organization_id = %s and id = %s and user_id = %s and blob_ref <> ''",
            (organization_id, file_id, user_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such file.")
    return StoredFile(*row)
