"""Which folders the account has now: read from the server, remembered with what a person chose."""

from datetime import timedelta

from postroom.ground.errors import Temporary
from postroom.journeys.steps.mail_rules import MailRules
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.mailbox import folder_store
from postroom.rooms.mailbox.folder_store import ListedFolder
from postroom.rooms.mailbox.folders import FolderRow, in_reading_order, synced_by_default
from postroom.wire.imap.folders import list_folders
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Folder, FolderRole

LISTED_EVERY = timedelta(minutes=15)
INBOX = Folder("INBOX", b"INBOX", None, FolderRole.INBOX, True)
"""It is always there, also where a LIST leaves it out."""


async def known_folders(tools: Tools, mail: MailRules, session: Session) -> list[FolderRow]:
    """The account's folders in reading order; asked of the server when that was long ago.

    An empty answer is not believed: every mailbox has INBOX (RFC 9051 section 5.1), so the folders we know are kept.
    They are read all the same when the server refuses to list them.
    """
    async with tools.db.transaction() as tx:
        known = in_reading_order(await folder_store.folders_of(tx, mail.organization_id, mail.account_id))
    read_at = mail.account.folders_read_at
    if read_at is not None and timedelta() <= tools.clock() - read_at <= LISTED_EVERY:
        return known
    try:
        return await list_anew(tools, mail, session)
    except Temporary as error:
        if not known or session.connection.error is not None or error.retry_after_seconds is not None:
            raise
        return known


async def list_anew(tools: Tools, mail: MailRules, session: Session) -> list[FolderRow]:
    """Ask the server now."""
    org, account_id = mail.organization_id, mail.account_id
    listed = await list_folders(session)
    if listed and not any(folder.role is FolderRole.INBOX for folder in listed):
        listed = [INBOX, *listed]
    roles = [folder.role.value for folder in listed]
    rows = [
        ListedFolder(
            folder.name,
            folder.raw_name,
            folder.delimiter,
            folder.role.value,
            folder.selectable,
            synced_by_default(folder.role.value, roles),
        )
        for folder in listed
    ]
    async with tools.db.transaction() as tx:
        if any(folder.selectable for folder in listed):
            await folder_store.save_listing(tx, org, account_id, rows)
            await account_store.note_folders_read(tx, org, account_id, tools.clock())
        return in_reading_order(await folder_store.folders_of(tx, org, account_id))


def readable(folders: list[FolderRow]) -> list[FolderRow]:
    """The folders that are to be pulled."""
    return [folder for folder in folders if folder.is_synced and folder.selectable and not folder.is_gone]


def imap_folder(folder: FolderRow) -> Folder:
    """The folder as the wire wants it."""
    return Folder(folder.name, folder.raw_name, folder.delimiter, FolderRole(folder.role), folder.selectable)
