"""The mailbox made to agree: Done moves a message to the archive, reopen brings it back, read is flagged.

    what is to be pushed   T
    move, label, flag      N
    agreed                 T   with the copies where they now lie

A crash between N and T is harmless: the next pull sees the message where it now is and agrees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from postroom.ground.errors import Permanent
from postroom.journeys import jobs
from postroom.journeys.steps.list_folders import imap_folder, known_folders, list_anew
from postroom.journeys.steps.mail_rules import MailRules, read_mail_rules
from postroom.journeys.steps.open_mailbox import open_mailbox
from postroom.journeys.steps.reconcile import as_seen, settled
from postroom.journeys.tools import Tools
from postroom.rooms.mailbox import folder_store, placement_store, sighting_store
from postroom.rooms.mailbox.folder_store import PullCounts
from postroom.rooms.mailbox.folders import FolderRow, archive_of
from postroom.rooms.mailbox.placement_store import PlacementRow
from postroom.wire.imap import flags, gmail
from postroom.wire.imap.folders import create_folder
from postroom.wire.imap.move import move
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, UidSet

AT_ONCE = 500
RETRY_AFTER = timedelta(minutes=5)
SEEN = frozenset({"\\Seen"})
ARCHIVE_NAME = "Archive"

Copies = Mapping[str, Sequence[tuple[int, str, int]]]


@dataclass(frozen=True, slots=True)
class _Push:
    """What one folder's messages are to become. UIDs by what is done with them."""

    folder_id: int
    to_archive: UidSet
    to_inbox: UidSet
    read: UidSet
    unread: UidSet


async def settle_placements(tools: Tools, organization_id: str, account_id: str) -> None:
    """Push everything that waits for this account."""
    mail = await read_mail_rules(tools, organization_id, account_id)
    if not mail.account.syncs:
        return
    async with tools.db.transaction() as tx:
        now = tools.clock()
        rows = await placement_store.placements_to_push(tx, organization_id, account_id, now, AT_ONCE)
        keys = [row.message_key for row in rows]
        copies = await placement_store.copies_of(tx, organization_id, account_id, keys)
    if not rows:
        return
    async with open_mailbox(tools, organization_id, account_id) as session:
        try:
            folders = {folder.id: folder for folder in await known_folders(tools, mail, session)}
            for push in _pushes(rows, copies):
                await _push_in(tools, mail, session, folders, push)
        except Permanent as error:
            await _refused(tools, mail, keys, str(error))
            return
    await _agree(tools, mail, keys)


def _pushes(rows: Sequence[PlacementRow], copies: Copies) -> list[_Push]:
    """By folder what is to be done there."""
    plan: dict[int, dict[str, list[int]]] = {}
    for row in rows:
        for folder_id, role, uid in copies.get(row.message_key, ()):
            todo = plan.setdefault(folder_id, {"archive": [], "inbox": [], "read": [], "unread": []})
            if row.crm_seen != row.mailbox_seen:
                todo["read" if row.crm_seen else "unread"].append(uid)
            if row.mailbox_inbox and not row.crm_inbox and role == "inbox":
                todo["archive"].append(uid)
        if row.crm_inbox and not row.mailbox_inbox and copies.get(row.message_key):
            folder_id, _, uid = copies[row.message_key][0]
            plan[folder_id]["inbox"].append(uid)
    return [
        _Push(folder_id, *(UidSet(todo[name]) for name in ("archive", "inbox", "read", "unread")))
        for folder_id, todo in plan.items()
    ]


async def _push_in(
    tools: Tools, mail: MailRules, session: Session, folders: Mapping[int, FolderRow], push: _Push
) -> None:
    folder = folders[push.folder_id]
    state = await session.select(imap_folder(folder), Access.READ_WRITE)
    if state.uid_validity is None or state.uid_validity != folder.uid_validity:
        return  # these UIDs mean other messages now, or may; the next pull sees to it
    # Flags first: a message that is moved takes them along.
    if push.read:
        await flags.store(session, push.read, add=SEEN)
    if push.unread:
        await flags.store(session, push.unread, remove=SEEN)
    async with tools.db.transaction() as tx:
        await sighting_store.note_seen(tx, mail.organization_id, folder.id, list(push.read), list(push.unread))
    if push.to_archive:
        target = archive_of(list(folders.values())) or await _make_archive(tools, mail, session)
        await _move(tools, mail, session, _Way(folder, target, push.to_archive))
    if push.to_inbox:
        inbox = next(row for row in folders.values() if row.role == "inbox")
        if "X-GM-EXT-1" in session.capabilities and folder.role == "all":
            await gmail.add_labels(session, push.to_inbox, (gmail.INBOX_LABEL,))
        else:
            await _move(tools, mail, session, _Way(folder, inbox, push.to_inbox))


@dataclass(frozen=True, slots=True)
class _Way:
    """From the open folder to another."""

    source: FolderRow
    target: FolderRow
    uids: UidSet


async def _move(tools: Tools, mail: MailRules, session: Session, way: _Way) -> None:
    source, target, uids = way.source, way.target, way.uids
    moved = await move(session, uids, imap_folder(target))
    org = mail.organization_id
    async with tools.db.transaction() as tx:
        left = [(uid, True, True) for uid in moved.left_behind]
        await sighting_store.update_flags(tx, org, source.id, left)
        gone = uids - moved.left_behind
        known = {old: new for old, new in (moved.new_uids or {}).items() if old in gone}
        if target.is_synced:
            await placement_store.move_copies(tx, org, source.id, target.id, known)
        # Where the new UID is not told, or the target is not read, the copy is only known to have left.
        await sighting_store.remove_sightings(tx, org, source.id, list((gone - UidSet(known)).ranges()))
        await sighting_store.recount_folder(tx, org, source.id)
        await sighting_store.recount_folder(tx, org, target.id)


async def _make_archive(tools: Tools, mail: MailRules, session: Session) -> FolderRow:
    """The account has no Archive: make one, as mail programs do."""
    opened = session.folder
    await create_folder(session, ARCHIVE_NAME)
    folders = await list_anew(tools, mail, session)
    if opened is not None:
        await session.select(opened, Access.READ_WRITE)
    archive = archive_of(folders) or next((row for row in folders if row.name == ARCHIVE_NAME), None)
    if archive is None:
        raise Permanent("The mail server has no Archive folder and did not let us make one.")
    return archive


async def _refused(tools: Tools, mail: MailRules, keys: Sequence[str], error: str) -> None:
    async with tools.db.transaction() as tx:
        org, now = mail.organization_id, tools.clock()
        await placement_store.push_failed(tx, org, mail.account_id, keys, error, now + RETRY_AFTER)


async def _agree(tools: Tools, mail: MailRules, keys: Sequence[str]) -> None:
    """Read both sides again, with any wish made meanwhile; what still differs is tried again after the next pull."""
    org, account_id = mail.organization_id, mail.account_id
    async with tools.db.transaction() as tx:
        now = tools.clock()
        rows = await placement_store.placements_of(tx, org, account_id, keys)
        views = await placement_store.mailbox_views(tx, org, account_id, keys)
        after = [settled(as_seen(row, views[key]), mail.account) for key, row in rows.items()]
        await placement_store.save_placements(tx, org, account_id, after)
        left = [row.message_key for row in after if row.needs_push]
        await placement_store.push_failed(tx, org, account_id, left, "", now + RETRY_AFTER)
        await tools.jobs.defer(tx, jobs.PULL_NEW, {"organization_id": org, "account_id": account_id})
        await folder_store.note_pull(tx, org, account_id, PullCounts("outgoing", len(after) - len(left)), now)
