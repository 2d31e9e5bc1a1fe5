"""Batches of judged messages into the ledger and onto the leads: fetch what is wanted, read it, store it all at once.

    what of it do we hold already?   T
    the rest of the bodies           N   without marking them read
    parse; bytes to the blob store       (an orphaned blob is harmless)
    sightings, emails, threads, copies, Inbox items, events, cursor   T   together

A crash anywhere means that the batch is done again; nothing is stored twice, because a sighting and what it stands
for are stored together, and the database keeps one email for each lead and message.

While portions are stored, which keeps the disk and the database busy, the next one is fetched and read, which keeps us
busy.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Self

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.journeys.steps.apply_reports import apply_reports
from postroom.journeys.steps.bring_bodies import BYTES_AT_ONCE, Brought, Held, bring_bodies, what_we_hold
from postroom.journeys.steps.early_reports import apply_early_reports
from postroom.journeys.steps.file_emails import Filed, Filing, file_emails
from postroom.journeys.steps.judge_mail import Judged, sighting_of, unanswered
from postroom.journeys.steps.mail_rules import MailRules
from postroom.journeys.steps.propose_links import Judgements, propose_links
from postroom.journeys.steps.read_body import MISTAKES, Body
from postroom.journeys.steps.read_reports import Report, read_reports
from postroom.journeys.steps.reconcile import reconcile
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.emails import visibility_store
from postroom.rooms.mailbox import folder_store, sighting_store
from postroom.rooms.mailbox.folder_store import CursorChange
from postroom.rooms.mailbox.folders import FolderRow
from postroom.rooms.mailbox.sighting_store import NewCopy
from postroom.rooms.mailbox.sightings import Verdict
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import UidSet

_log = logging.getLogger(__name__)

MESSAGES_AT_ONCE = 500
PORTIONS_UNDER_WAY = 4
"""One whose rows are written, and some whose bytes are or wait for it: a slow commit does not stop the reading."""
FIRST_RETRY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Batch:
    """Judged messages of one folder, and where its cursor stands once they are stored.

    `quiet`: found by a backfill, so no Inbox item and no notice. `missing`: UIDs that the server did not answer.
    `again`: these messages have sightings already, which are made anew. `reports`: by UID what bounces among them say.
    """

    folder: FolderRow
    judged: Sequence[Judged]
    cursor: CursorChange | None = None
    missing: UidSet = field(default_factory=UidSet)
    quiet: bool = False
    again: bool = False
    reports: Mapping[int, Report] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Logged:
    """What a batch came to."""

    seen: int = 0
    kept: int = 0
    failed: int = 0

    def __add__(self, other: "Logged") -> "Logged":
        return Logged(self.seen + other.seen, self.kept + other.kept, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """A portion that is being stored; `places`: UIDs of the folder by message key."""

    places: dict[str, list[int]]
    storing: "asyncio.Task[Logged]"


class Writer:
    """Stores portions in their order while the next ones are brought: `async with Writer(tools, mail) as writer`.

    What they came to is in `total` once the block has ended. It raises what a transaction raised; then nothing of the
    portions after it is stored.
    """

    def __init__(self, tools: Tools, mail: MailRules) -> None:
        self._tools = tools
        self._mail = mail
        self._under_way: deque[_UnderWay] = deque()
        self.total = Logged()

    async def store(self, portion: Batch, brought: Brought) -> None:
        """Its bytes go to the disk at once, its rows as soon as those of the portion before are in."""
        while len(self._under_way) >= PORTIONS_UNDER_WAY:
            await self._end_first()
        before = self._under_way[-1].storing if self._under_way else None
        storing = asyncio.create_task(self._keep_and_store(portion, brought, before))
        self._under_way.append(_UnderWay(_kept_places(portion.judged), storing))

    def places_under_way(self) -> dict[str, list[int]]:
        """Where messages lie whose rows are not all in yet: UIDs by message key."""
        places: dict[str, list[int]] = {}
        for portion in self._under_way:
            for key, uids in portion.places.items():
                places[key] = places.get(key, []) + uids
        return places

    async def finish(self) -> None:
        """Wait for all that is under way."""
        while self._under_way:
            await self._end_first()

    async def _end_first(self) -> None:
        try:
            self.total += await self._under_way.popleft().storing
        except BaseException:
            # The others fail by the same: nobody asks them.
            await asyncio.gather(*(one.storing for one in self._under_way), return_exceptions=True)
            self._under_way.clear()
            raise

    async def _keep_and_store(self, portion: Batch, brought: Brought, before: "asyncio.Task[Logged] | None") -> Logged:
        """Bytes first: a blob that no row names is harmless, a row that names no blob is not."""
        refs = await self._tools.blobs.write_batch(list(brought.raws.values()))
        bodies = dict(brought.bodies)
        for uid, ref in zip(brought.raws, refs, strict=True):
            body = bodies[uid]
            bodies[uid] = replace(body, raw_ref=ref) if body else None
        unread = {uid for uid in brought.raws if bodies[uid] is None}
        brought.raws.clear()
        if before is not None:
            await before
        return await _store_or_split(self._tools, self._mail, portion, _Contents(bodies, unread))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.finish()


async def log_batch(tools: Tools, mail: MailRules, session: Session, batch: Batch) -> Logged:
    """Store one batch."""
    async with Writer(tools, mail) as writer:
        await bring_batch(tools, mail, session, (batch, writer))
    return writer.total


async def bring_batch(tools: Tools, mail: MailRules, session: Session, task: tuple[Batch, Writer]) -> None:
    """Fetch and read a batch, and hand it to the writer in portions that fit in memory; the last moves the cursor."""
    batch, writer = task
    held = await _what_we_hold(tools, mail, batch)
    # What is being stored at this moment lies in the folder already.
    held = replace(held, in_folder={**writer.places_under_way(), **held.in_folder})
    fresh = [one for one in batch.judged if one.summary.uid not in held.sighted]
    fresh, reports = await read_reports(tools, mail, session, fresh)
    kept = [one for one in fresh if one.is_kept]
    portions = _portions(kept) or [[]]
    for number, portion in enumerate(portions):
        brought = await bring_bodies(tools, session, portion, held)
        left_out = [one for one in fresh if not one.is_kept] if number == 0 else []
        last = number == len(portions) - 1
        part = replace(
            batch,
            judged=[*left_out, *portion],
            cursor=batch.cursor if last else None,
            missing=UidSet(uid for uid in batch.missing if uid not in held.sighted) if last else UidSet(),
            reports=reports,
        )
        await writer.store(part, brought)


async def _what_we_hold(tools: Tools, mail: MailRules, batch: Batch) -> Held:
    keys = [one.key for one in batch.judged if one.is_kept]
    uids = [] if batch.again else [*(one.summary.uid for one in batch.judged), *batch.missing]
    return await what_we_hold(tools, mail, batch.folder.id, keys, uids)


def _kept_places(judged: Sequence[Judged]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for one in judged:
        if one.is_kept:
            places.setdefault(one.key, []).append(one.summary.uid)
    return places


def _portions(kept: Sequence[Judged]) -> list[list[Judged]]:
    portions: list[list[Judged]] = []
    size = 0
    for one in kept:
        full = not portions or len(portions[-1]) >= MESSAGES_AT_ONCE or size + one.summary.size > BYTES_AT_ONCE
        if full:
            portions.append([])
            size = 0
        portions[-1].append(one)
        size += one.summary.size
    return portions


@dataclass(frozen=True, slots=True)
class _Contents:
    """Bodies by UID; `unread`: those that are there and that we cannot read or store."""

    bodies: dict[int, Body | None]
    unread: set[int]


async def _store_or_split(tools: Tools, mail: MailRules, batch: Batch, contents: _Contents) -> Logged:
    """Store; where one message spoils the whole, find it by halving, set it aside, and store the others."""
    try:
        return await _store(tools, mail, batch, contents)
    except (Invalid, *MISTAKES):
        if not batch.judged:
            raise  # it is no message's fault
        if len(batch.judged) == 1:
            _log.exception("a message could not be stored; it is set aside")
            uid = batch.judged[0].summary.uid
            return await _store(
                tools, mail, replace(batch, judged=(), missing=batch.missing | UidSet([uid])), _Contents({}, {uid})
            )
    middle = len(batch.judged) // 2
    first = replace(batch, judged=batch.judged[:middle], cursor=None, missing=UidSet())
    total = await _store_or_split(tools, mail, first, contents)
    return total + await _store_or_split(tools, mail, replace(batch, judged=batch.judged[middle:]), contents)


def _failures(batch: Batch, contents: _Contents) -> dict[int, str]:
    """By UID why a message is set aside."""
    lacking = [
        uid for one in batch.judged if (uid := one.summary.uid) in contents.bodies and contents.bodies[uid] is None
    ]
    failed = dict.fromkeys(batch.missing, "The mail server did not answer for this message.")
    failed |= dict.fromkeys(lacking, "The mail server did not hand over this message.")
    ours = dict.fromkeys(contents.unread, "Postroom could not read this message, by a mistake of its own: see the log.")
    return failed | {uid: text for uid, text in ours.items() if uid in failed}


async def _store(tools: Tools, mail: MailRules, batch: Batch, contents: _Contents) -> Logged:
    now = tools.clock()
    failed = _failures(batch, contents)
    good = [one for one in batch.judged if one.is_kept and one.summary.uid not in failed]
    async with tools.db.transaction() as tx:
        await account_store.keep_choice(tx, mail.organization_id, mail.account_id)
        if batch.again:
            spans = [(uid, uid) for uid in (*(one.summary.uid for one in batch.judged), *batch.missing)]
            await sighting_store.remove_sightings(tx, mail.organization_id, batch.folder.id, spans)
        muted = frozenset(uid for uid, report in batch.reports.items() if report.quiet)
        filing = Filing(mail, batch.folder, good, contents.bodies, batch.quiet, now, muted)
        filed = await file_emails(tools, tx, filing)
        told = [batch.reports[uid] for one in batch.judged if (uid := one.summary.uid) in batch.reports]
        await apply_reports(tx, mail.organization_id, told, now)
        await apply_early_reports(tx, mail, good, now)
        await _enter_in_ledger(tx, mail, batch, failed, filed)
        await propose_links(tools, tx, mail, Judgements(batch.folder.id, batch.judged, batch.again))
        if failed:
            await sighting_store.quarantine(tx, mail.organization_id, batch.folder.id, failed, now + FIRST_RETRY)
        if good:
            copies = [_copy(one, filed) for one in good]
            await sighting_store.add_copies(tx, mail.organization_id, mail.account_id, batch.folder.id, copies)
            await reconcile(tools, tx, mail, [copy.message_key for copy in copies])
            if await account_store.has_private(tx, mail.organization_id):
                await visibility_store.judge_messages(tx, mail.organization_id, [one.message_key for one in copies])
        if batch.cursor:
            await folder_store.move_cursor(tx, mail.organization_id, batch.folder.id, batch.cursor, now)
    return Logged(len(batch.judged) + len(batch.missing), len(good), len(failed))


async def _enter_in_ledger(
    tx: Transaction, mail: MailRules, batch: Batch, failed: dict[int, str], filed: Filed
) -> None:
    entries = []
    for one in batch.judged:
        verdict = Verdict.FAILED if one.summary.uid in failed else None
        if one.summary.uid in filed.deleted:
            verdict = Verdict.DELETED
        entries.append(sighting_of(mail, one, verdict))
    entries += [unanswered(uid) for uid in batch.missing]
    await sighting_store.add_sightings(tx, mail.organization_id, batch.folder.id, entries)


def _copy(one: Judged, filed: Filed) -> NewCopy:
    flags = one.summary.flags
    key = filed.key_of.get(one.summary.uid, one.key)
    return NewCopy(one.summary.uid, key, "\\Seen" in flags, "\\Deleted" in flags)
