"""SELECT and EXAMINE with CONDSTORE and QRESYNC (RFC 7162), CLOSE and UNSELECT."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.servers.scripted_imap.command import Argument, Command
from tests.servers.scripted_imap.fetching import flags_line, vanished_earlier
from tests.servers.scripted_imap.folder import Folder
from tests.servers.scripted_imap.lines import Line, Lines, no, ok, untagged
from tests.servers.scripted_imap.sets import contains

if TYPE_CHECKING:
    from tests.servers.scripted_imap.session import Session

FLAGS = "\\Answered \\Flagged \\Deleted \\Seen \\Draft"


async def select(session: "Session", command: Command) -> Lines:
    assert session.account is not None
    closed = session.view is not None and "QRESYNC" in session.enabled
    session.leave_folder()
    name = session.folder_name(command.word(0))
    folder = session.account.find(name)
    if folder is None:
        yield no(session.server.flavour.unknown_folder.format(name=name))
        return
    if not folder.selectable:
        yield no("[NONEXISTENT] Mailbox is not selectable")
        return
    options = command.group(1) if len(command.arguments) > 1 else []
    if session.can("CONDSTORE") and (b"CONDSTORE" in options or b"QRESYNC" in options):
        session.enabled.add("CONDSTORE")
    read_only = command.verb == "EXAMINE"
    if closed:
        yield untagged("OK [CLOSED] Previous mailbox closed.")
    session.open_folder(folder, read_only)
    for line in _facts(session, folder, read_only):
        yield line
    if b"QRESYNC" in options and "QRESYNC" in session.enabled:
        at = options.index(b"QRESYNC")
        for line in _missed(session, folder, options[at + 1]):
            yield line
    yield ok(f"[{'READ-ONLY' if read_only else 'READ-WRITE'}] {command.verb.title()} completed.")


async def close(session: "Session", command: Command) -> Lines:
    """CLOSE removes what is marked \\Deleted without saying so; UNSELECT does not."""
    view = session.view
    if view is not None and command.verb == "CLOSE" and not view.read_only:
        gone = [message.uid for message in view.folder.messages() if "\\Deleted" in message.flags]
        session.server.remove(session, view.folder, gone)
    session.leave_folder()
    yield ok()


def _facts(session: "Session", folder: Folder, read_only: bool) -> Iterator[Line]:
    yield untagged(f"FLAGS ({FLAGS})")
    permanent = "" if read_only else FLAGS + " \\*"
    yield untagged(f"OK [PERMANENTFLAGS ({permanent})] Flags permitted.")
    yield untagged(f"{len(folder.uids)} EXISTS")
    yield untagged("0 RECENT")
    yield untagged(f"OK [UIDVALIDITY {folder.uidvalidity}] UIDs valid")
    yield untagged(f"OK [UIDNEXT {folder.uidnext}] Predicted next UID")
    if session.can("CONDSTORE"):
        yield untagged(f"OK [HIGHESTMODSEQ {folder.modseq.value}] Highest")
    if session.can("OBJECTID"):
        yield untagged(f"OK [MAILBOXID (F{folder.mailbox_id})] Ok")


def _missed(session: "Session", folder: Folder, argument: Argument) -> Iterator[Line]:
    """What QRESYNC owes: the vanished and the changed since, if the client's UIDVALIDITY still holds."""
    assert isinstance(argument, list) and session.view is not None
    words = [word for word in argument if isinstance(word, bytes)]
    uidvalidity, since = int(words[0]), int(words[1])
    known = words[2] if len(words) > 2 else None
    if uidvalidity != folder.uidvalidity:
        return
    yield from vanished_earlier(folder, since, known)
    for uid in folder.changed_since(since):
        if known is None or contains(known, uid):
            yield flags_line(session.view, uid)
