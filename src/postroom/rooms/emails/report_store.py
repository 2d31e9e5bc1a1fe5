"""Queries that find the emails a delivery report is about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.rooms.emails.email import addresses_of

_COLUMNS = (
    "e.id, e.lead_id, e.contact_id, e.user_id, e.message_ids, e.to_list, e.cc_list, e.bcc_list, coalesce((select"
    " d.priority from deliveries d where d.organization_id = e.organization_id and d.email_id = e.id), 0)"
)
_MOST_FOUND = 200


@dataclass(frozen=True, slots=True)
class ReportedEmail:
    """An email that went out. `recipients`: addresses as written, by comparison form. `priority` as of deliveries."""

    id: str
    lead_id: str
    contact_id: str | None
    user_id: str | None
    message_ids: tuple[str, ...]
    recipients: dict[str, str]
    priority: int


async def sent_by_id(tx: Transaction, organization_id: str, email_ids: Collection[str]) -> list[ReportedEmail]:
    """Those of these emails that went out from here."""
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from emails e where e.organization_id = %s and e.id = any(%s)"
            " and e.direction = 'outgoing' and e.message_key is not null",
            (organization_id, list(email_ids)),
        )
    ).fetchall()
    return [_email(row) for row in rows]


async def sent_by_message_id(
    tx: Transaction, organization_id: str, id_hashes: Sequence[int]
) -> dict[int, list[ReportedEmail]]:
    """By the hash of a Message-ID the emails that went out under it: one message may stand on several leads."""
    rows = await (
        await tx.execute(
            f"select m.id_hash, {_COLUMNS} from email_message_ids m join emails e"
            " on e.organization_id = m.organization_id and e.id = m.email_id"
            " where m.organization_id = %s and m.id_hash = any(%s) and e.direction = 'outgoing'",
            (organization_id, list(id_hashes)),
        )
    ).fetchall()
    found: dict[int, list[ReportedEmail]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(_email(row[1:]))
    return found


async def sent_lately_to(
    tx: Transaction, organization_id: str, address_key: str, within: tuple[datetime, datetime]
) -> ReportedEmail | None:
    """The latest email to a contact's address that went out between two moments."""
    since, until = within
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from contact_emails c join emails e on e.organization_id = c.organization_id"
            " and e.lead_id = c.lead_id where c.organization_id = %s and c.address_key = %s"
            " and e.direction = 'outgoing' and e.status = 'sent' and e.activity_at between %s and %s"
            " order by e.activity_at desc limit %s",
            (organization_id, address_key, since, until, _MOST_FOUND),
        )
    ).fetchall()
    return next((one for one in map(_email, rows) if address_key in one.recipients), None)


def _email(row: Sequence[object]) -> ReportedEmail:
    email_id, lead_id, contact_id, user_id, message_ids, to, cc, bcc, priority = row
    assert isinstance(message_ids, list) and isinstance(to, list) and isinstance(cc, list) and isinstance(bcc, list)
    assert isinstance(priority, int)
    people = addresses_of((*to, *cc, *bcc))
    return ReportedEmail(
        str(email_id), str(lead_id), str(contact_id) if contact_id else None, str(user_id) if user_id else None,
        tuple(message_ids), {one.key: one.email for one in people}, priority,
    )  # fmt: skip
