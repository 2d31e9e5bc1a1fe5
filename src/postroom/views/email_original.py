"""What is known of an email as a message: where its bytes lie, or what it could be written again from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from postroom.ground.database import Transaction
from postroom.ground.errors import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class KnownOriginal:
    """An email with the reference of its raw message, "" where none is kept.

    `was_sent_from_here`: the bytes are those that we handed to a server, not those that a mailbox holds.
    `files`: as the row keeps them.
    """

    raw_ref: str
    was_sent_from_here: bool
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime
    files: tuple[dict[str, Any], ...]


async def known_original(tx: Transaction, organization_id: str, email_id: str) -> KnownOriginal:
    """Raises NotFound, and Forbidden for a reader who is not shown its words."""
    row = await (
        await tx.execute(
            "select e.is_veiled, coalesce(m.raw_ref, ''), exists (select 1 from emails o join deliveries d"
            " on d.organization_id = o.organization_id and d.email_id = o.id"
            " where o.organization_id = e.organization_id and o.message_key = e.message_key),"
            " e.sender, e.to_list, e.cc_list, e.bcc_list, e.subject, e.body_text, e.body_html,"
            " coalesce(e.message_ids[1], ''), e.activity_at, e.attachments from seen_emails e"
            " left join messages m on m.organization_id = e.organization_id and m.id = e.message_key"
            " where e.organization_id = %s and e.id = %s",
            (organization_id, email_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such email.")
    if row[0]:
        raise Forbidden("Whoever holds this email shares who wrote it and when, not what it says.")
    to, cc, bcc = (tuple(people) for people in row[4:7])
    return KnownOriginal(
        row[1], row[2], row[3], to, cc, bcc, row[7], row[8], row[9], row[10], row[11], tuple(row[12])
    )  # fmt: skip
