"""The account's Sent folder: which one it is, and whether a message lies in it."""

from postroom.journeys.steps.list_folders import imap_folder, known_folders, list_anew
from postroom.journeys.steps.mail_rules import MailRules, read_mail_rules
from postroom.journeys.tools import Tools
from postroom.rooms.mailbox.folders import FolderRow
from postroom.wire.imap.folders import create_folder
from postroom.wire.imap.search import uids_with_header, uids_with_message_id
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, Folder

SENT_NAME = "Sent"
OUR_HEADER = "X-Postroom-Id"


async def sent_folder(tools: Tools, session: Session, organization_id: str, account_id: str) -> Folder:
    """The folder with role Sent; made where the mailbox has none."""
    mail = await read_mail_rules(tools, organization_id, account_id)
    found = _sent_among(await known_folders(tools, mail, session))
    return found or _sent_among(await list_anew(tools, mail, session)) or await _made(tools, session, mail)


async def lies_in(session: Session, folder: Folder, message_id: str, email_id: str) -> bool:
    """Whether the folder has the message, by its Message-ID or, where a relay gave it another, by our own header."""
    await session.select(folder, Access.READ_ONLY)
    if await uids_with_message_id(session, message_id):
        return True
    return bool(await uids_with_header(session, OUR_HEADER, email_id))


async def _made(tools: Tools, session: Session, mail: MailRules) -> Folder:
    folder = await create_folder(session, SENT_NAME)
    await list_anew(tools, mail, session)
    return folder


def _sent_among(folders: list[FolderRow]) -> Folder | None:
    for folder in folders:
        if folder.role == "sent" and folder.selectable and not folder.is_gone:
            return imap_folder(folder)
    return None
