"""Why is this email here, or why not? Asked by Message-ID, address or subject; answered from the ledger, per account.

The ledger holds keyed hashes only, so the question is hashed and looked up: nothing readable of mail that was left out
is needed to explain it.

Of a coworker's mailbox whoever asks is told of the mail alone that they see on a lead: with whom else somebody writes
is nobody's business. Admins are told for the accounts that keep nothing from coworkers.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.ground.keyed_hash import KeyedHash
from postroom.rooms.emails.relevance import REASON_TEXT, Reason
from postroom.rooms.mailbox.sightings import VERDICT_TEXT, Verdict
from postroom.views.kept_things import VIEWER
from postroom.wire.mime.address_key import address_key
from postroom.wire.mime.subjects import normalized_subject

MOST_ANSWERS = 200
_MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")


class Kind(StrEnum):
    """What the question was read as."""

    MESSAGE_ID = "message_id"
    ADDRESS = "address"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class OnLead:
    """A lead that the email stands on, and why."""

    lead_id: str
    lead_name: str
    email_id: str
    reason_text: str


@dataclass(frozen=True, slots=True)
class SeenAt:
    """One sighting: where the message was seen, what was decided, and what came of it."""

    account_id: str
    account_email: str
    folder: str
    uid: int
    date: datetime | None
    verdict: str
    verdict_text: str
    error: str
    leads: Sequence[OnLead]


@dataclass(frozen=True, slots=True)
class NotSeen:
    """An account whose synced folders have shown no such message, and what that may mean."""

    account_email: str
    hint: str


@dataclass(frozen=True, slots=True)
class WhyReport:
    """The answer."""

    kind: Kind
    data: Sequence[SeenAt]
    not_seen_in: Sequence[NotSeen]


async def why_here(tx: Transaction, organization_id: str, hashes: KeyedHash, question: str) -> WhyReport:
    """Answer for all accounts of the organization. Raises Invalid for an empty question."""
    kind, condition, wanted = _read(question, hashes)
    rows = await (
        await tx.execute(
            "select a.id, a.email, f.name, s.uid, s.date, s.verdict, coalesce(m.error, ''), c.message_key"
            " from sightings s join folders f on f.organization_id = s.organization_id and f.id = s.folder_id"
            " join connected_accounts a on a.organization_id = f.organization_id and a.id = f.account_id"
            " left join copies c on c.organization_id = s.organization_id and c.folder_id = s.folder_id"
            " and c.uid = s.uid left join failed_messages m on m.organization_id = s.organization_id"
            " and m.folder_id = s.folder_id and m.uid = s.uid"
            f" where s.organization_id = %(org)s and {condition} and ({_MAY_ASK} or exists (select 1 from seen_emails e"
            " where e.organization_id = s.organization_id and e.message_key = c.message_key))"
            " order by s.date desc nulls last limit %(most)s",
            {"org": organization_id, "wanted": wanted, "most": MOST_ANSWERS},
        )
    ).fetchall()
    leads = await _leads(tx, organization_id, [row[7] for row in rows if row[7]])
    data = [_seen_at(row, leads) for row in rows]
    return WhyReport(kind, data, await _not_seen(tx, organization_id, {row[0] for row in rows}))


def _read(question: str, hashes: KeyedHash) -> tuple[Kind, str, list[int]]:
    """What is asked for, the condition on a sighting, and the hashes to look for."""
    text = question.strip()
    if not text:
        raise Invalid("Paste a Message-ID, an address or a subject.")
    if found := _MESSAGE_ID.search(text):
        return Kind.MESSAGE_ID, "s.message_id_hash = any(%(wanted)s)", [hashes.of_text(found[0])]
    if _ADDRESS.fullmatch(text):
        # Without brackets it may be either: people copy Message-IDs in both forms.
        either = "(s.address_hashes && %(wanted)s::bigint[] or s.message_id_hash = any(%(wanted)s))"
        return Kind.ADDRESS, either, [hashes.of_text(address_key(text)), hashes.of_text(f"<{text}>")]
    return Kind.SUBJECT, "s.subject_hash = any(%(wanted)s)", [hashes.of_text(normalized_subject(text)[0])]


async def _leads(tx: Transaction, organization_id: str, keys: Sequence[str]) -> Mapping[str, list[OnLead]]:
    rows = await (
        await tx.execute(
            "select e.message_key, e.lead_id, l.name, e.id, e.reason, v.thread_id is not null, coalesce(f.name, '')"
            " from seen_emails e join leads l on l.organization_id = e.organization_id and l.id = e.lead_id"
            " left join thread_moves v on v.organization_id = e.organization_id and v.thread_id = e.thread_id"
            " left join leads f on f.organization_id = v.organization_id and f.id = v.from_lead_id"
            " where e.organization_id = %s and e.message_key = any(%s)",
            (organization_id, list(keys)),
        )
    ).fetchall()
    found: dict[str, list[OnLead]] = {}
    for key, lead_id, name, email_id, reason, is_moved, moved_from in rows:
        why = REASON_TEXT[Reason(reason)]
        if is_moved:
            why = f"A person moved its conversation here from {moved_from or 'another lead'}. There: {why}"
        found.setdefault(key, []).append(OnLead(lead_id, name, email_id, why))
    return found


def _seen_at(row: tuple[object, ...], leads: Mapping[str, list[OnLead]]) -> SeenAt:
    account_id, email, folder, uid, date, number, error, key = row
    verdict = Verdict(int(str(number)))
    return SeenAt(
        account_id=str(account_id),
        account_email=str(email),
        folder=str(folder),
        uid=int(str(uid)),
        date=date if isinstance(date, datetime) else None,
        verdict=verdict.name.lower(),
        verdict_text=VERDICT_TEXT[verdict],
        error=str(error),
        leads=leads.get(str(key), []),
    )


async def _not_seen(tx: Transaction, organization_id: str, seen_in: set[str]) -> list[NotSeen]:
    rows = await (
        await tx.execute(
            f"select a.email, {_MAY_ASK}, a.receive_status, a.imap_host, bool_or(f.lowest_uid > 1 and f.is_synced),"
            " string_agg(f.name, ', ' order by f.name) filter (where not f.is_synced and f.selectable)"
            " from connected_accounts a left join folders f on f.organization_id = a.organization_id"
            " and f.account_id = a.id and not f.is_gone where a.organization_id = %s and not a.is_deleted"
            " and not a.id = any(%s) group by a.organization_id, a.id order by a.email",
            (organization_id, list(seen_in)),
        )
    ).fetchall()
    return [NotSeen(row[0], _hint(*row[2:]) if row[1] else _NOT_YOURS) for row in rows]


_NOT_YOURS = "Not on any lead here. What this mailbox has left out, its owner may ask."
_MAY_ASK = (
    f"({VIEWER} in ('', coalesce(a.user_id, {VIEWER})) or a.coworkers_see = 'everything' and exists ("
    f"select 1 from users u where u.organization_id = a.organization_id and u.id = {VIEWER} and u.role = 'admin'))"
)
"""SQL: the one who asks may hear all that the account `a` has seen; '' is the program itself."""


def _hint(status: str, host: str, reading: bool | None, unread: str | None) -> str:
    if not host:
        return "This account only sends; its mailbox is not read."
    if status == "error":
        return "This account is disconnected; reconnect it and ask again."
    if reading or reading is None:
        return "Not seen so far; the history of this account is still being read."
    if unread:
        return f"Not in the folders that are read. These are not read: {unread}."
    return "Not in any folder of this account."
