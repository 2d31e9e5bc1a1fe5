"""Kept messages onto their leads, in the caller's transaction: threads, emails, counts, Inbox items, events.

The leads concerned are locked first and in one order, so that two mailboxes that hold the same message file it once,
and two messages of one conversation never open two threads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.events import Event
from postroom.ground.ids import new_id
from postroom.journeys.steps.judge_mail import Judged
from postroom.journeys.steps.mail_rules import MailRules
from postroom.journeys.steps.merge_threads import merge_threads
from postroom.journeys.steps.read_body import MOST_SHOWN, Body
from postroom.journeys.tools import Tools
from postroom.rooms.emails import arriving_store
from postroom.rooms.emails.arriving_store import NewEmail, NewMessage, NewThread
from postroom.rooms.emails.message_key import apart
from postroom.rooms.emails.relevance import Concern
from postroom.rooms.emails.threads import Joined, Newcomer, ThreadSigns, join, thread_keys
from postroom.rooms.inbox import store as inbox_store
from postroom.rooms.leads import activity_store
from postroom.rooms.mailbox import placement_store
from postroom.rooms.mailbox.folders import FolderRow
from postroom.rooms.mailbox.placement_store import PlacementRow
from postroom.wire.mime.addresses import display_address
from postroom.wire.mime.identity import identity_of
from postroom.wire.mime.subjects import normalized_subject
from postroom.wire.mime.types import MessageHead

EARLIEST_YEAR = 1982
"""RFC 822, the first with this form of date, is of August 1982."""
RECENT = timedelta(days=7)
"""How old a message in INBOX may have been when the account was connected and still stand in the Inbox."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What is to be filed. `bodies` by UID, for those messages that are new or concern a lead that has none of it.

    `quiet`: nothing of it goes to the Inbox; `muted`: nor do these UIDs.
    """

    mail: MailRules
    folder: FolderRow
    kept: Sequence[Judged]
    bodies: dict[int, Body | None]
    quiet: bool
    now: datetime
    muted: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Filed:
    """How it ended: the key each UID is known by, and UIDs whose email somebody deleted here before."""

    key_of: dict[int, str]
    deleted: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Letter:
    """One email to be: a message on one lead."""

    judged: Judged
    body: Body
    key: str
    concern: Concern


async def file_emails(tools: Tools, tx: Transaction, filing: Filing) -> Filed:
    """File the messages; answers under which keys."""
    if not filing.kept:
        return Filed({}, frozenset())
    org = filing.mail.organization_id
    concerned = [concern.lead_id for one in filing.kept for concern in one.judgement.concerns]
    leads = await activity_store.lock_leads(tx, org, concerned)
    keys = await _keys(tx, filing)
    held = await arriving_store.leads_holding(tx, org, list(set(keys.values())))
    letters = _letters(filing, keys, held, leads)
    await _remember_messages(tx, filing, keys)
    await _add_emails(tx, filing, letters)
    await _follow_copies(tx, filing, keys)
    await _put_in_inbox(tx, filing, keys)
    return Filed(keys, _deleted(filing, keys, held))


async def _keys(tx: Transaction, filing: Filing) -> dict[int, str]:
    """By UID the message's key; told apart by its words where the folder shows one identity with two wordings."""
    org, hashes = filing.mail.organization_id, filing.mail.hashes
    known = await arriving_store.known_messages(tx, org, list({one.key for one in filing.kept}))
    words = {key: message.fingerprint for key, message in known.items()}
    keys: dict[int, str] = {}
    for one in filing.kept:
        uid, body = one.summary.uid, filing.bodies.get(one.summary.uid)
        if body is None:
            keys[uid] = one.key
            continue
        same = words.setdefault(one.key, body.fingerprint) in (body.fingerprint, b"")
        keys[uid] = one.key if same else apart(hashes, identity_of(one.head), body.fingerprint)
    return keys


def _letters(filing: Filing, keys: dict[int, str], held: dict[tuple[str, str], str], leads: set[str]) -> list[_Letter]:
    letters: dict[tuple[str, str], _Letter] = {}
    for one in filing.kept:
        body = filing.bodies.get(one.summary.uid)
        if body is None:
            continue
        for concern in one.judgement.concerns:
            place = (keys[one.summary.uid], concern.lead_id)
            if concern.lead_id in leads and place not in held:
                letters.setdefault(place, _Letter(one, body, place[0], concern))
    # Oldest first: a thread then keeps the id that its first email was given.
    return sorted(letters.values(), key=lambda letter: _happened(letter.judged, filing.now))


def _deleted(filing: Filing, keys: dict[int, str], held: dict[tuple[str, str], str]) -> frozenset[int]:
    return frozenset(
        one.summary.uid
        for one in filing.kept
        if all(held.get((keys[one.summary.uid], concern.lead_id)) == "" for concern in one.judgement.concerns)
    )


async def _remember_messages(tx: Transaction, filing: Filing, keys: dict[int, str]) -> None:
    rows = {}
    for one in filing.kept:
        body = filing.bodies.get(one.summary.uid)
        if body is not None:
            key = keys[one.summary.uid]
            words = body.fingerprint.hex()
            rows[key] = NewMessage(key, one.head.message_id or "", words, body.raw_ref, body.size)
    if rows:
        await arriving_store.insert_messages(tx, filing.mail.organization_id, list(rows.values()), filing.now)


async def _add_emails(tx: Transaction, filing: Filing, letters: Sequence[_Letter]) -> None:
    if not letters:
        return
    org = filing.mail.organization_id
    joined, newcomers = await _join_threads(tx, filing, letters)
    await merge_threads(tx, org, joined.merged)
    rows = [_email(filing, letter, joined.thread_of[place]) for place, letter in enumerate(letters)]
    opened = {row.thread_id: letter for row, letter in zip(rows, letters, strict=True) if row.thread_id in joined.new}
    threads = [_thread(filing, thread, letter) for thread, letter in opened.items()]
    await arriving_store.insert_threads(tx, org, threads, filing.now)
    added = await arriving_store.insert_emails(tx, org, rows, filing.now)
    stored = [row for row in rows if row.id in added]
    hashes = filing.mail.hashes
    traces = {row.id: [hashes.of_text(message_id) for message_id in row.message_ids] for row in stored}
    await arriving_store.insert_email_traces(tx, org, traces)
    thread_keys_left = {(one.lead_id, key): joined.thread_of[one.place] for one in newcomers for key in one.keys.leaves}
    await arriving_store.insert_thread_keys(tx, org, thread_keys_left)
    await arriving_store.recount_threads(tx, org, list(set(joined.thread_of.values())), filing.now)
    await _tell(tx, filing, stored)


async def _join_threads(tx: Transaction, filing: Filing, letters: Sequence[_Letter]) -> tuple[Joined, list[Newcomer]]:
    newcomers = [
        Newcomer(place, letter.concern.lead_id, thread_keys(_signs(filing, letter), filing.mail.hashes))
        for place, letter in enumerate(letters)
    ]
    asked = ((one.lead_id, key) for one in newcomers for key in one.keys.asks)
    known = await arriving_store.threads_by_key(tx, filing.mail.organization_id, asked)
    fresh = [new_id("acti") for _ in newcomers]
    return join(newcomers, known, fresh), newcomers


def _signs(filing: Filing, letter: _Letter) -> ThreadSigns:
    head, gmail = letter.judged.head, letter.judged.summary.gmail
    subject, is_reply = normalized_subject(head.subject)
    people = letter.judged.letter.senders + letter.judged.letter.recipients
    return ThreadSigns(
        message_id=head.message_id,
        references=tuple(dict.fromkeys(head.references + head.in_reply_to)),
        subject=subject,
        is_reply=is_reply,
        people=tuple(key for key in dict.fromkeys(people) if not filing.mail.rules.is_coworker(key))[:50],
        gmail=f"{filing.mail.account_id}:{gmail.thread_id}" if gmail else None,
    )


def _email(filing: Filing, letter: _Letter, thread_id: str) -> NewEmail:
    head, body, account = letter.judged.head, letter.body, filing.mail.account
    outgoing = letter.judged.judgement.outgoing
    happened = _happened(letter.judged, filing.now)
    return NewEmail(
        id=new_id("acti"),
        lead_id=letter.concern.lead_id,
        contact_id=letter.concern.contact_id,
        thread_id=thread_id,
        message_key=letter.key,
        user_id=account.user_id,
        users=[account.user_id] if account.user_id else [],
        account_id=account.id,
        status="sent" if outgoing else "inbox",
        direction="outgoing" if outgoing else "incoming",
        sender=display_address(head.from_[0]) if head.from_ else "",
        to_list=[display_address(address) for address in head.to[:MOST_SHOWN]],
        cc_list=[display_address(address) for address in head.cc[:MOST_SHOWN]],
        bcc_list=[display_address(address) for address in head.bcc[:MOST_SHOWN]],
        subject=head.subject[:1000],
        body_text=body.text,
        body_html=body.html,
        body_preview=body.preview,
        attachments=body.attachments,
        envelope=body.envelope,
        message_ids=[head.message_id] if head.message_id else [],
        reference_ids=list(head.references[-100:]),
        reason=letter.concern.reason.value,
        kind=body.kind,
        returns_on=body.returns_on,
        date_sent=head.date if outgoing else None,
        activity_at=happened,
    )


def _happened(judged: Judged, now: datetime) -> datetime:
    """When it happened: the sender's Date, unless it is missing, from before email, or in the server's future.

    A server's own time is no better in general: a mailbox that was moved shows the day of the move.
    """
    received, written = judged.summary.internal_date or now, judged.head.date
    if written is None or written.year < EARLIEST_YEAR or written > received + timedelta(days=1):
        return min(received, now)
    return min(written, now)


def _thread(filing: Filing, thread_id: str, letter: _Letter) -> NewThread:
    head: MessageHead = letter.judged.head
    people = {address.key: address for address in (*head.from_, *head.to, *head.cc)}
    return NewThread(
        id=thread_id,
        lead_id=letter.concern.lead_id,
        contact_id=letter.concern.contact_id,
        normalized_subject=letter.judged.letter.subject[:1000],
        participants=[{"email": one.email, "name": one.name} for one in list(people.values())[:50]],
        latest_at=_happened(letter.judged, filing.now),
    )


async def _tell(tx: Transaction, filing: Filing, stored: Sequence[NewEmail]) -> None:
    """Counts on the leads, and the event log."""
    org = filing.mail.organization_id
    counts: dict[str, tuple[int, datetime]] = {}
    for row in stored:
        count, latest = counts.get(row.lead_id, (0, row.activity_at))
        counts[row.lead_id] = (count + 1, max(latest, row.activity_at))
    await activity_store.note_emails(tx, org, counts)
    created = [Event("activity.email", row.id, "created", row.lead_id, row.user_id) for row in stored]
    await events.append(tx, org, created, filing.now)


async def _follow_copies(tx: Transaction, filing: Filing, keys: dict[int, str]) -> None:
    """The account's user holds these messages; and what a relay renamed is known by its other Message-ID too."""
    mail = filing.mail
    if mail.account.user_id:
        await arriving_store.add_user_to_messages(tx, mail.organization_id, mail.account.user_id, list(keys.values()))
    for one in filing.kept:
        # Only our own header leads to a key that the head alone would not give: then the id may be another one.
        if one.head.postroom_id and one.head.message_id:
            id_hash = mail.hashes.of_text(one.head.message_id)
            key = keys[one.summary.uid]
            await arriving_store.add_message_id(tx, mail.organization_id, key, one.head.message_id, id_hash)


async def _put_in_inbox(tx: Transaction, filing: Filing, keys: dict[int, str]) -> None:
    """Incoming mail in INBOX waits for its owner. History does not, but for the last days before connecting."""
    mail, org = filing.mail, filing.mail.organization_id
    if filing.quiet or filing.folder.role != "inbox":
        return
    since = mail.account.date_connected - RECENT
    fresh = {
        keys[one.summary.uid]: one
        for one in filing.kept
        if not one.judgement.outgoing
        and one.summary.uid not in filing.muted
        and "\\Deleted" not in one.summary.flags
        and (one.summary.internal_date or filing.now) >= since
    }
    placed = await placement_store.placements_of(tx, org, mail.account_id, list(fresh))
    fresh = {key: one for key, one in fresh.items() if key not in placed}
    if not fresh:
        return
    arrived = {
        thread: inbox_store.Arrived(thread, lead, contact, _happened(fresh[key], filing.now))
        for key, _, lead, contact, thread in await arriving_store.emails_of_messages(tx, org, list(fresh))
    }
    placements = [_placement(key, "\\Seen" in one.summary.flags) for key, one in fresh.items()]
    await placement_store.save_placements(tx, org, mail.account_id, placements)
    opened = await inbox_store.open_items(
        tx, org, mail.account_id, mail.account.user_id, list(arrived.values()), filing.now
    )
    told = [
        Event("task.incoming_email", item, "created" if new else "updated", lead, mail.account.user_id)
        for item, lead, new in opened
    ]
    await events.append(tx, org, told, filing.now)


def _placement(key: str, is_seen: bool) -> PlacementRow:
    return PlacementRow(key, True, True, True, is_seen, is_seen, is_seen)
