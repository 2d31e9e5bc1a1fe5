"""Store a message in a folder."""

import re

from postroom.wire.imap.errors import refused
from postroom.wire.imap.responses import Reply
from postroom.wire.imap.session import Session
from postroom.wire.imap.syntax import date_time
from postroom.wire.imap.types import Folder, NewCopy

_APPENDUID = re.compile(rb"APPENDUID (\d+) (\d+)\Z", re.IGNORECASE)
_SMALL = 4096  # LITERAL- allows no more without asking (RFC 7888 section 5)


async def append(session: Session, folder: Folder, copy: NewCopy) -> int | None:
    """Store `copy`; its UID where the server tells (APPENDUID), else None.

    Raises FolderMissing, NeedsUser (mailbox full), Permanent (too large), Temporary. After a Temporary the
    message may have been stored: look for it before storing it again.
    """
    line = b"APPEND " + session.name(folder)
    if copy.flags:
        line += b" (%s)" % " ".join(sorted(copy.flags)).encode("ascii")
    if copy.internal_date is not None:
        line += b" " + date_time(copy.internal_date)
    reply = await _send(session, line, copy.raw)
    if not reply.is_ok:
        raise refused(session.place, reply, f"store the message in {folder.name}")
    found = _APPENDUID.match(reply.code)
    return int(found[2]) if found else None


# RFC 6855 wraps a message with 8-bit headers as UTF8 (~{n}…). Courier, which offers it, refuses that and takes the
# plain literal, as does every other server tried.
async def _send(session: Session, line: bytes, raw: bytes) -> Reply:
    connection = session.connection
    with connection.wholly():
        if session.offers("LITERAL+") or (session.offers("LITERAL-") and len(raw) <= _SMALL):
            command = session.start(b"%s {%d+}" % (line, len(raw)))
        else:
            command = session.start(b"%s {%d}" % (line, len(raw)))
            if await connection.invitation(command) is None:
                return await command.reply  # refused before a byte was sent
        await connection.send_bytes(raw)
        connection.send_line(b"")
    return await command.reply
