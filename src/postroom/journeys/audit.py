"""The proof: every folder of an account compared with its server, UID by UID, and what is kept with the emails."""

from postroom.ground.errors import Permanent
from postroom.journeys.steps.list_folders import imap_folder, known_folders, readable
from postroom.journeys.steps.mail_rules import MailRules, read_mail_rules
from postroom.journeys.steps.open_mailbox import open_mailbox
from postroom.journeys.tools import Tools
from postroom.rooms.mailbox import sighting_store
from postroom.rooms.mailbox.audit import Difference, FolderAudit, reason_for
from postroom.rooms.mailbox.folders import FolderRow
from postroom.wire.imap.search import all_uids
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, UidSet

_HIGHEST_UID = 2**32 - 1


async def audit_account(tools: Tools, organization_id: str, account_id: str) -> list[FolderAudit]:
    """Compare now. Changes nothing."""
    mail = await read_mail_rules(tools, organization_id, account_id)
    audits = []
    async with open_mailbox(tools, organization_id, account_id) as session:
        for folder in readable(await known_folders(tools, mail, session)):
            try:
                audits.append(await _audit_folder(tools, mail, session, folder))
            except Permanent as error:
                audits.append(FolderAudit(folder.name, 0, folder.seen_total, 0, 0, {}, note=str(error)))
    return audits


async def _audit_folder(tools: Tools, mail: MailRules, session: Session, folder: FolderRow) -> FolderAudit:
    state = await session.select(imap_folder(folder), Access.READ_ONLY)
    on_server = await all_uids(session)
    org = mail.organization_id
    async with tools.db.transaction() as tx:
        ranges = await sighting_store.sighted_uids(tx, org, folder.id, 0, _HIGHEST_UID)
        ledger = await sighting_store.ledger_of_folder(tx, org, folder.id)
        hollow = await sighting_store.kept_without_email(tx, org, folder.id)
    sighted = UidSet.parse(",".join(f"{a}:{b}" for a, b in ranges).encode()) if ranges else UidSet()
    differences: dict[Difference, list[int]] = {}
    note = ""
    if folder.was_opened and state.uid_validity != folder.uid_validity:
        note = "The server has renumbered this folder (UIDVALIDITY) since it was read; the next pull sees all anew."
    else:
        for uid in on_server - sighted:
            reason = reason_for(uid, lowest_uid=folder.lowest_uid, highest_uid=folder.highest_uid)
            differences.setdefault(reason, []).append(uid)
        if gone := list(sighted - on_server):
            differences[Difference.GONE] = gone
    if hollow:
        differences[Difference.FALSE_KEPT] = hollow
    return FolderAudit(folder.name, len(on_server), ledger.seen, ledger.kept, ledger.failed, differences, note)
