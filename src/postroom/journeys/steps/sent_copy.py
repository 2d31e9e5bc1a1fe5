"""Copies of sent emails into the Sent folder: looked for first, stored only where they are not."""

from datetime import timedelta

from postroom.ground.errors import PostroomError
from postroom.journeys.steps.sent_folder import lies_in, sent_folder
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.emails import sent_copy_store
from postroom.rooms.emails.delivery import CopyState
from postroom.rooms.emails.sent_copy_store import CopyToFile
from postroom.wire.imap.append import append
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Folder, NewCopy

_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440, 1440, 1440))
"""After the last the copy is given up: the email was sent and stands on its lead all the same."""

_AS_MAIL_PROGRAMS_DO = frozenset({"\\Seen"})


async def file_copies(tools: Tools, mailbox: Session, account: ConnectedAccount, copies: list[CopyToFile]) -> None:
    """File each; what cannot be filed now is put off with those after it. A full mailbox stops nothing else."""
    folder: Folder | None = None
    for place, copy in enumerate(copies):
        try:
            folder = folder or await sent_folder(tools, mailbox, account.organization_id, account.id)
            state = await _file(tools, mailbox, folder, copy)
        except PostroomError:
            # Whether the server is full, slow or gone: the mailbox is asked again later, and searched again first,
            # because a store that broke off may have happened.
            await _put_off(tools, copies[place:])
            return
        async with tools.db.transaction() as tx:
            await sent_copy_store.note_copy(tx, copy.organization_id, copy.email_id, state)


async def _file(tools: Tools, mailbox: Session, folder: Folder, copy: CopyToFile) -> CopyState:
    if await lies_in(mailbox, folder, copy.message_id, copy.email_id):
        return CopyState.FILED if copy.copy_attempts else CopyState.PROVIDER
    raw = await tools.blobs.read(copy.raw_ref)
    await append(mailbox, folder, NewCopy(raw, _AS_MAIL_PROGRAMS_DO, copy.date_sent))
    return CopyState.FILED


async def _put_off(tools: Tools, copies: list[CopyToFile]) -> None:
    async with tools.db.transaction() as tx:
        for copy in copies:
            if copy.copy_attempts >= len(_WAITS):
                await sent_copy_store.note_copy(tx, copy.organization_id, copy.email_id, CopyState.NONE)
            else:
                due_at = tools.clock() + _WAITS[copy.copy_attempts]
                await sent_copy_store.put_off_copies(tx, copy.organization_id, [copy.email_id], due_at)
