"""New mail: one account's folders come in, each batch with its sightings and its cursor in one transaction.

    pull_new       every folder: what is new, what changed, what is gone     (a hint, a poll, Sync Now)
    pull_history   the past, newest first, in short slices, so that new mail never waits for it

A folder's cursor is two numbers: all above `highest_uid` is new, all below `lowest_uid` is history not yet read.
A folder that fails does not stop the next one.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from postroom.ground.database import Transaction
from postroom.ground.errors import Permanent
from postroom.journeys import jobs
from postroom.journeys.steps.judge_mail import Judged, judge_batch, sighting_of, unjudged
from postroom.journeys.steps.list_folders import imap_folder, known_folders, list_anew, readable
from postroom.journeys.steps.log_message import Batch, Logged, Writer, bring_batch, log_batch
from postroom.journeys.steps.mail_rules import MailRules, read_mail_rules
from postroom.journeys.steps.open_mailbox import open_mailbox
from postroom.journeys.steps.reconcile import reconcile
from postroom.journeys.steps.retry_failed import retry_failed
from postroom.journeys.steps.time_slice import TimeSlice
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.account import SyncDirection
from postroom.rooms.mailbox import folder_store, sighting_store
from postroom.rooms.mailbox.folder_store import CursorChange, PullCounts
from postroom.rooms.mailbox.folders import FolderRow
from postroom.rooms.mailbox.plan import Course, FolderPast, course_of, rebuilds_after
from postroom.rooms.mailbox.sightings import Witness
from postroom.wire.imap.changes import changes_since
from postroom.wire.imap.errors import FolderMissing
from postroom.wire.imap.fetch import summaries
from postroom.wire.imap.search import all_uids
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, Changes, FolderCursor, FolderState, UidSet

BATCH = 1000
"""Messages judged and entered in the ledger together."""
STRETCH_BYTES = 8 * 1024 * 1024
"""History brings no more than this before it looks at the time: a slow server gives some megabytes a second."""
LONGEST_STRETCH_BYTES = 32 * 1024 * 1024
"""And no more than this from a server that was seen to be quick."""
STRETCH_SECONDS = 2.0
FLAGS_AT_ONCE = 5_000
NEWEST_WITHOUT_UIDS = 200


async def pull_new(tools: Tools, organization_id: str, account_id: str) -> None:
    """Bring every folder of the account up to date. Raises what kept the account itself from being read."""
    mail = await read_mail_rules(tools, organization_id, account_id)
    if not mail.account.syncs or mail.account.settings.sync_direction is SyncDirection.OUTGOING:
        return
    total, problem, missing = Logged(), "", False
    async with open_mailbox(tools, organization_id, account_id) as session:
        for folder in readable(await known_folders(tools, mail, session)):
            try:
                total += await _pull_folder(tools, mail, session, folder)
            except Permanent as error:
                # This folder's own trouble (removed, forbidden): its neighbours are read all the same.
                problem = f"{folder.name}: {error}"
                missing = missing or isinstance(error, FolderMissing)
                await _note_folder_error(tools, mail, folder, str(error))
        if missing:
            await list_anew(tools, mail, session)  # removed or renamed: what it is called now is read next
        can_push = "IDLE" in session.capabilities
    await _finish(tools, mail, total, problem, can_push=can_push)


async def pull_history(tools: Tools, organization_id: str, account_id: str) -> None:
    """Read a slice of the past; defer the rest."""
    mail = await read_mail_rules(tools, organization_id, account_id)
    if not mail.account.syncs or mail.account.settings.sync_direction is SyncDirection.OUTGOING:
        return
    until, total, problem = TimeSlice(tools, jobs.PULL_HISTORY), Logged(), ""
    async with open_mailbox(tools, organization_id, account_id) as session:
        for folder in readable(await known_folders(tools, mail, session)):
            try:
                if folder.can_read_down:
                    total += await _read_down(tools, mail, session, (folder, until))
            except Permanent as error:
                problem = f"{folder.name}: {error}"
                await _note_folder_error(tools, mail, folder, str(error))
            if await until.is_over():
                break
    await tools.db.learn_statistics()
    await _finish(tools, mail, total, problem, can_push=mail.account.server_can_push)


async def _finish(tools: Tools, mail: MailRules, total: Logged, problem: str, *, can_push: bool) -> None:
    org, account_id = mail.organization_id, mail.account_id
    async with tools.db.transaction() as tx:
        folders = readable(await folder_store.folders_of(tx, org, account_id))
        await account_store.note_pull(tx, org, account_id, can_push=can_push, now=tools.clock())
        if total.seen or problem:
            counts = PullCounts("incoming", total.seen, total.kept, total.failed, problem)
            await folder_store.note_pull(tx, org, account_id, counts, tools.clock())
        if any(folder.can_read_down for folder in folders):
            await tools.jobs.defer(tx, jobs.PULL_HISTORY, {"organization_id": org, "account_id": account_id})
        if total.kept:
            await tools.jobs.defer(tx, jobs.INDEX_EMAILS, {"organization_id": org})


async def _pull_folder(tools: Tools, mail: MailRules, session: Session, folder: FolderRow) -> Logged:
    changes = await changes_since(session, imap_folder(folder), _cursor(folder))
    try:
        return await _pull_changes(tools, mail, session, folder, changes)
    except _Renumbered:
        every = await all_uids(session)
        void = Changes(changes.state, True, every, (), None, every)
        return await _pull_changes(tools, mail, session, folder, void)


async def _pull_changes(tools: Tools, mail: MailRules, session: Session, folder: FolderRow, changes: Changes) -> Logged:
    past = FolderPast(folder.was_opened, folder.rebuilds, folder.date_rebuilt)
    match course_of(past, cursor_void=changes.cursor_void, now=tools.clock()):
        case Course.OPEN:
            return await _open_folder(tools, mail, folder, changes)
        case Course.REBUILD:
            return await _rebuild(tools, mail, folder, changes)
        case Course.NEWEST_ONLY:
            return await _newest_only(tools, mail, session, folder, changes)
        case _:
            logged = await _follow(tools, mail, session, folder, changes)
            return logged + await retry_failed(tools, mail, session, folder)


async def _open_folder(tools: Tools, mail: MailRules, folder: FolderRow, changes: Changes) -> Logged:
    """First sight: everything in it is history, which `pull_history` reads newest first."""
    async with tools.db.transaction() as tx:
        await folder_store.open_folder(tx, mail.organization_id, folder.id, _top(changes), tools.clock())
    return Logged()


async def _rebuild(tools: Tools, mail: MailRules, folder: FolderRow, changes: Changes) -> Logged:
    """UIDVALIDITY changed: which message was which UID is forgotten, nothing else; all is seen again."""
    past = FolderPast(folder.was_opened, folder.rebuilds, folder.date_rebuilt)
    async with tools.db.transaction() as tx:
        org, now = mail.organization_id, tools.clock()
        await folder_store.begin_rebuild(tx, org, folder.id, rebuilds_after(past, now), now)
        await folder_store.open_folder(tx, org, folder.id, _top(changes), now)
    return Logged()


async def _newest_only(tools: Tools, mail: MailRules, session: Session, folder: FolderRow, changes: Changes) -> Logged:
    """The server gives no UIDs to trust: look at the newest messages alone, and say so on the folder."""
    org = mail.organization_id
    newest = next(iter(changes.new.newest_first(NEWEST_WITHOUT_UIDS)), UidSet())
    async with tools.db.transaction() as tx:
        await folder_store.begin_rebuild(tx, org, folder.id, folder.rebuilds, tools.clock())
    cursor = replace(_top(changes), lowest_uid=max(newest.lowest, 1) if newest else 1)
    logged = await _log(tools, mail, session, _Part(folder, newest, cursor))
    await _note_folder_error(
        tools,
        mail,
        folder,
        "The mail server gives its messages new numbers (UIDVALIDITY) again and again, so only the newest "
        f"{NEWEST_WITHOUT_UIDS} messages of this folder are looked at. Its administrator can repair that.",
    )
    return logged


async def _follow(tools: Tools, mail: MailRules, session: Session, folder: FolderRow, changes: Changes) -> Logged:
    """The usual way: new mail oldest first, so that a crash leaves no gap; then flags; then what is gone."""
    total = Logged()
    state, cursor = changes.state, _top(changes)
    witness = await _witness(tools, mail, folder) if changes.new else None
    for chunk in reversed(list(changes.new.newest_first(BATCH))):
        step = CursorChange(state.uid_validity, chunk.highest, folder.lowest_uid, folder.highest_modseq, state.exists)
        total += await _log(tools, mail, session, _Part(folder, chunk, step, witness))
        witness = None
    total += await _overlooked(tools, mail, session, folder, changes)
    await _follow_flags(tools, mail, folder, changes)
    gone = await _gone(tools, mail, folder, changes)
    # Of what came after the SELECT its UIDNEXT knows nothing.
    highest = max(folder.highest_uid, cursor.highest_uid, changes.new.highest)
    async with tools.db.transaction() as tx:
        org = mail.organization_id
        vanished = await sighting_store.remove_sightings(tx, org, folder.id, list(gone.ranges()))
        await reconcile(tools, tx, mail, list(vanished))
        done = replace(cursor, highest_uid=highest, lowest_uid=folder.lowest_uid)
        await folder_store.move_cursor(tx, org, folder.id, done, tools.clock())
        if folder.is_rebuilding and not folder.has_history:
            await _end_rebuild(tools, tx, mail, folder)
    return total


async def _follow_flags(tools: Tools, mail: MailRules, folder: FolderRow, changes: Changes) -> None:
    for start in range(0, len(changes.flags), FLAGS_AT_ONCE):
        part = changes.flags[start : start + FLAGS_AT_ONCE]
        flags = [(one.uid, "\\Seen" in one.flags, "\\Deleted" in one.flags) for one in part]
        async with tools.db.transaction() as tx:
            news = await sighting_store.update_flags(tx, mail.organization_id, folder.id, flags)
            await reconcile(tools, tx, mail, list(news))


async def _gone(tools: Tools, mail: MailRules, folder: FolderRow, changes: Changes) -> UidSet:
    """Sighted UIDs that the folder no longer has."""
    if changes.present is not None:  # what is there says more than what the server says has vanished
        return await _sighted(tools, mail, folder) - changes.present
    return changes.vanished or UidSet()


async def _overlooked(tools: Tools, mail: MailRules, session: Session, folder: FolderRow, changes: Changes) -> Logged:
    """Messages within what we read that have no sighting: a server slipped them in, or answered short."""
    if changes.present is None:
        return Logged()
    read = UidSet.between(max(folder.lowest_uid, 1), folder.highest_uid) if folder.highest_uid else UidSet()
    missed = (changes.present & read) - await _sighted(tools, mail, folder)
    total = Logged()
    for chunk in missed.newest_first(BATCH):
        total += await _log(tools, mail, session, _Part(folder, chunk))
    return total


async def _sighted(tools: Tools, mail: MailRules, folder: FolderRow) -> UidSet:
    async with tools.db.transaction() as tx:
        ranges = await sighting_store.sighted_uids(tx, mail.organization_id, folder.id, 0, 2**32)
    return UidSet.parse(",".join(f"{first}:{last}" for first, last in ranges).encode()) if ranges else UidSet()


async def _read_down(tools: Tools, mail: MailRules, session: Session, task: tuple[FolderRow, TimeSlice]) -> Logged:
    """The past of one folder, newest first, until the slice is over or the bottom is reached."""
    folder, until = task
    state = await session.select(imap_folder(folder), Access.READ_ONLY)
    if state.uid_validity != folder.uid_validity:
        await _ask_for_pull(tools, mail)  # which rebuilds it; that goes before any more history
        return Logged()
    older = await all_uids(session) & UidSet.between(1, folder.lowest_uid - 1)
    row = await _folder_now(tools, mail, folder)
    at_once, clock = STRETCH_BYTES, asyncio.get_running_loop().time
    async with Writer(tools, mail) as writer:
        async for batch in summaries(session, older, BATCH):
            judged, top = await judge_batch(tools, mail, batch.summaries), batch.asked.highest
            missing, begun = unjudged(batch, judged), clock()
            for stretch, low in _stretches(judged, batch.asked.lowest, at_once):
                cursor = CursorChange(row.uid_validity, row.highest_uid, low, row.highest_modseq, state.exists)
                part = Batch(folder, stretch, cursor, missing & UidSet.between(low, top))
                await bring_batch(tools, mail, session, (part, writer))
                if await until.is_over():
                    await writer.finish()
                    return writer.total
                top = low - 1
            at_once = _at_once(judged, clock() - begun)
    await _reached_bottom(tools, mail, row, state)
    return writer.total


def _at_once(judged: Sequence[Judged], seconds: float) -> int:
    """How many bytes come in a time that new mail may wait, as these came."""
    size = sum(one.summary.size for one in judged if one.is_kept)
    return max(STRETCH_BYTES, min(LONGEST_STRETCH_BYTES, int(size / max(seconds, 0.001) * STRETCH_SECONDS)))


def _stretches(judged: Sequence[Judged], lowest: int, at_once: int) -> list[tuple[list[Judged], int]]:
    """A batch, highest UID first, cut where bringing it would keep new mail waiting; each part with its lowest UID."""
    stretches: list[tuple[list[Judged], int]] = []
    stretch: list[Judged] = []
    size = 0
    for one in judged:
        stretch.append(one)
        size += one.summary.size if one.is_kept else 0
        if size > at_once:
            stretches.append((stretch, one.summary.uid))
            stretch, size = [], 0
    return [*stretches, (stretch, lowest)]


async def _reached_bottom(tools: Tools, mail: MailRules, row: FolderRow, state: FolderState) -> None:
    async with tools.db.transaction() as tx:
        org = mail.organization_id
        cursor = CursorChange(row.uid_validity, row.highest_uid, 1, row.highest_modseq, state.exists)
        await folder_store.move_cursor(tx, org, row.id, cursor, tools.clock())
        if row.is_rebuilding:
            await _end_rebuild(tools, tx, mail, row)


async def _end_rebuild(tools: Tools, tx: Transaction, mail: MailRules, folder: FolderRow) -> None:
    """All of the folder has been seen again: what has not shown itself is no longer there."""
    org = mail.organization_id
    await folder_store.end_rebuild(tx, org, folder.id)
    await reconcile(tools, tx, mail, await sighting_store.placed_messages(tx, org, mail.account_id))


@dataclass(frozen=True, slots=True)
class _Part:
    """Messages of the open folder to be logged; the cursor moves with the last of them."""

    folder: FolderRow
    uids: UidSet
    cursor: CursorChange | None = None
    witness: Witness | None = None


class _Renumbered(Exception):
    """The folder's UIDs mean other messages than before, though its UIDVALIDITY is the same."""


async def _log(tools: Tools, mail: MailRules, session: Session, part: _Part) -> Logged:
    total, witness = Logged(), part.witness
    seen_before = UidSet([witness.uid] if witness else [])
    async for batch in summaries(session, part.uids | seen_before, BATCH + 1):
        judged = await judge_batch(tools, mail, batch.summaries)
        if any(one.summary.uid in seen_before and sighting_of(mail, one).witness != witness for one in judged):
            raise _Renumbered
        fresh = [one for one in judged if one.summary.uid not in seen_before]
        missing = unjudged(batch, judged) - seen_before
        total += await log_batch(tools, mail, session, Batch(part.folder, fresh, part.cursor, missing))
    return total


async def _witness(tools: Tools, mail: MailRules, folder: FolderRow) -> Witness | None:
    """The newest message we have seen. It is looked at again with the new ones: in a mailbox that was emptied and
    filled anew behind an unchanged UIDVALIDITY (restored, or moved between servers) its UID is another message's."""
    async with tools.db.transaction() as tx:
        return await sighting_store.newest_witness(tx, mail.organization_id, folder.id)


async def _ask_for_pull(tools: Tools, mail: MailRules) -> None:
    async with tools.db.transaction() as tx:
        payload = {"organization_id": mail.organization_id, "account_id": mail.account_id}
        await tools.jobs.defer(tx, jobs.PULL_NEW, payload)


async def _folder_now(tools: Tools, mail: MailRules, folder: FolderRow) -> FolderRow:
    async with tools.db.transaction() as tx:
        return await folder_store.folder_now(tx, mail.organization_id, folder.id) or folder


async def _note_folder_error(tools: Tools, mail: MailRules, folder: FolderRow, error: str) -> None:
    async with tools.db.transaction() as tx:
        await folder_store.note_folder_error(tx, mail.organization_id, folder.id, error)


def _cursor(folder: FolderRow) -> FolderCursor | None:
    if not folder.was_opened:
        return None
    # While history is still unread our count says nothing about the whole folder.
    known = None if folder.has_history else folder.seen_total
    return FolderCursor(folder.uid_validity, folder.highest_uid, folder.highest_modseq, known)


def _top(changes: Changes) -> CursorChange:
    """A cursor at the very top: nothing read, everything below is history."""
    state = changes.state
    top = state.uid_next - 1 if state.uid_next else changes.new.highest
    return CursorChange(state.uid_validity, top, top + 1, state.highest_modseq, state.exists)
