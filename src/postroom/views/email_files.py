"""What of an email is bytes or a document: its bodies, and where each of its attachments lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound


@dataclass(frozen=True, slots=True)
class EmailBodies:
    """The bodies of an email, "" where there is none, and the numbers of its images by Content-ID."""

    html: str
    text: str
    images: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EmailFile:
    """An attachment. Its bytes are the blob `blob_ref`, or else the part `part` of the raw message `raw_ref`."""

    filename: str
    content_type: str
    content_id: str | None
    is_inline: bool
    file_id: str
    blob_ref: str
    raw_ref: str
    part: str
    size: int


async def email_bodies(tx: Transaction, organization_id: str, email_id: str) -> EmailBodies:
    """The bodies of one email. Raises NotFound."""
    row = await _row(tx, organization_id, email_id, "e.body_html, e.body_text, e.attachments")
    images = {file["content_id"]: at for at, file in enumerate(row[2]) if file.get("content_id")}
    return EmailBodies(row[0], row[1], images)


async def email_file(tx: Transaction, organization_id: str, email_id: str, number: int) -> EmailFile:
    """The attachment with this number, counted from 0 as in the email's list. Raises NotFound."""
    row = await _row(tx, organization_id, email_id, _FILES)
    if not 0 <= number < len(row[0]):
        raise NotFound("There is no such attachment.")
    return _file(row[0][number], row[1])


async def attached_files(tx: Transaction, organization_id: str, email_id: str) -> list[EmailFile]:
    """Those attachments that are files to a reader, not pictures inside the text. Raises NotFound."""
    row = await _row(tx, organization_id, email_id, _FILES)
    return [_file(file, row[1]) for file in row[0] if not file.get("is_inline")]


_FILES = "e.attachments, coalesce(m.raw_ref, '')"


def _file(file: dict[str, Any], raw_ref: str) -> EmailFile:
    return EmailFile(
        file.get("filename") or "attachment",
        file.get("content_type") or "application/octet-stream",
        file.get("content_id"),
        bool(file.get("is_inline")),
        file.get("file_id") or "",
        file.get("blob_ref") or "",
        raw_ref,
        file.get("part") or "",
        file.get("size") or 0,
    )


async def _row(tx: Transaction, organization_id: str, email_id: str, columns: str) -> tuple[Any, ...]:
    row = await (
        await tx.execute(
            f"select {columns} from seen_emails e left join messages m"
            " on m.organization_id = e.organization_id and m.id = e.message_key"
            " where e.organization_id = %s and e.id = %s",
            (organization_id, email_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such email.")
    return row
