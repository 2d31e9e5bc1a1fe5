"""The mailbox made to agree: Done moves a message to the archive, reopen brings it back, read is flagged.

    what is to be pushed   T
    move, label, flag      N
    agreed                 T   with the copies where they now lie

A crash between N and T is harmless: the next pull sees the message where it now is and agrees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from postroom.ground.errors import NeedsUser, Permanent, PostroomError, Temporary
from postroom.journeys import jobs
from postroom.journeys.steps.list_folders import imap_folder, known_folders, list_anew
from postroom.journeys.steps.mail_rules import MailRules, read_mail_rules
from postroom.journeys.steps.move_mail import Way, move_mail
from postroom.journeys.steps.open_mailbox import open_mailbox
from postroom.journeys.steps.reconcile import as_seen, settled
from postroom.journeys.tools import Tools
from postroom.rooms.mailbox import folder_store, placement_store, sighting_store
from postroom.rooms.mailbox.folder_store import PullCounts
from postroom.rooms.mailbox.folders import FolderRow, archive_of
from postroom.rooms.mailbox.placement_store import PlacementRow
from postroom.wire.imap import flags, gmail
from postroom.wire.imap.folders import create_folder
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, UidSet

AT_ONCE = 500
RETRY_AFTER = timedelta(minutes=5)
SEEN = frozenset({"\\Seen"})
ARCHIVE_NAME = "Archive"

Copies = Mapping[str, Sequence[tuple[int, str, int]]]


@dataclass(frozen=True, slots=True)
class _Push:
    """What one folder's messages are to become. UIDs by what is done with them; their message keys.

    `tried`: messages whose push was begun before and did not come to its end.
    """

    folder_id: int
    to_archive: UidSet
    to_inbox: UidSet
    read: UidSet
    unread: UidSet
    keys: Mapping[int, str]
    tried: frozenset[str]


async def settle_placements(tools: Tools, organization_id: str, account_id: str) -> None:
    """Push everything that waits for this account."""
    mail = await read_mail_rules(tools, organization_id, account_id)
    if not mail.account.syncs:
        return
    async with tools.db.transaction() as tx:
        now = tools.clock()
        rows = await placement_store.placements_to_push(tx, organization_id, account_id, now, AT_ONCE)
        keys = [row.message_key for row in rows]
        tried = await placement_store.begin_push(tx, organization_id, account_id, keys)
        copies = await placement_store.copies_of(tx, organization_id, account_id, keys)
    if not rows:
        return
    async with open_mailbox(tools, organization_id, account_id) as session:
        problem = await _push_all(tools, mail, session, _pushes(rows, copies, tried))
    await _agree(tools, mail, {row.message_key: row for row in rows}, problem)


async def _push_all(tools: Tools, mail: MailRules, session: Session, pushes: Sequence[_Push]) -> str:
    """Push folder after folder; answers what went wrong with one of them, '' if nothing."""
    folders = {folder.id: folder for folder in await known_folders(tools, mail, session)}
    problem = ""
    for push in pushes:
        try:
            await _push_in(tools, mail, session, folders, push)
        except (Permanent, Temporary, NeedsUser) as error:
            if session.connection.error is not None or _asks_for_patience(error):
                raise
            # Refused for these messages (read-only, locked, mailbox full): the account reads on as before.
            problem = str(error)
    return problem


def _asks_for_patience(error: PostroomError) -> bool:
    return isinstance(error, Temporary) and error.retry_after_seconds is not None


def _pushes(rows: Sequence[PlacementRow], copies: Copies, tried: frozenset[str]) -> list[_Push]:
    """By folder what is to be done there."""
    plan: dict[int, dict[str, list[int]]] = {}
    keys = {(folder, uid): key for key, places in copies.items() for folder, _, uid in places}
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
        _Push(
            folder_id,
            to_archive=UidSet(todo["archive"]),
            to_inbox=UidSet(todo["inbox"]),
            read=UidSet(todo["read"]),
            unread=UidSet(todo["unread"]),
            keys={uid: key for (folder, uid), key in keys.items() if folder == folder_id},
            tried=tried,
        )
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
        await move_mail(tools, mail, session, _way(push, folder, target, push.to_archive))
    if push.to_inbox:
        inbox = next(row for row in folders.values() if row.role == "inbox")
        if "X-GM-EXT-1" in session.capabilities and folder.role == "all":
            await gmail.add_labels(session, push.to_inbox, (gmail.INBOX_LABEL,))
        else:
            await move_mail(tools, mail, session, _way(push, folder, inbox, push.to_inbox))


def _way(push: _Push, source: FolderRow, target: FolderRow, uids: UidSet) -> Way:
    return Way(source, target, {uid: push.keys[uid] for uid in uids}, push.tried)


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


async def _agree(tools: Tools, mail: MailRules, pushed: Mapping[str, PlacementRow], problem: str) -> None:
    """Read both sides again, with any wish made meanwhile. That one is pushed at once; what the mailbox did not take is
    tried again after the next pull."""
    org, account_id, keys = mail.organization_id, mail.account_id, list(pushed)
    account = {"organization_id": org, "account_id": account_id}
    async with tools.db.transaction() as tx:
        now = tools.clock()
        rows = await placement_store.placements_of(tx, org, account_id, keys)
        views = await placement_store.mailbox_views(tx, org, account_id, keys)
        after = [settled(_taken(as_seen(row, views[key]), pushed[key]), mail.account) for key, row in rows.items()]
        await placement_store.save_placements(tx, org, account_id, after)
        waiting = [row for row in after if row.needs_push]
        left = [row.message_key for row in waiting if _wish(row) == _wish(pushed[row.message_key])]
        await placement_store.push_failed(tx, org, account_id, left, problem, now + RETRY_AFTER)
        if len(left) < len(waiting):
            await tools.jobs.defer(tx, jobs.SETTLE_PLACEMENT, account)
        await tools.jobs.defer(tx, jobs.PULL_NEW, account)
        await folder_store.note_pull(tx, org, account_id, PullCounts("outgoing", len(after) - len(left)), now)


def _taken(row: PlacementRow, pushed: PlacementRow) -> PlacementRow:
    """What the mailbox took is agreed on. Where the wish was taken back meanwhile (Undo), our own push would otherwise
    look like somebody's wish in the mailbox."""
    return msgspec.structs.replace(
        row,
        agreed_inbox=pushed.crm_inbox if row.mailbox_inbox == pushed.crm_inbox else row.agreed_inbox,
        agreed_seen=pushed.crm_seen if row.mailbox_seen == pushed.crm_seen else row.agreed_seen,
    )


def _wish(row: PlacementRow) -> tuple[bool, bool]:
    return row.crm_inbox, row.crm_seen
