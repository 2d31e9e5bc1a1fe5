"""Gmail's labels (X-GM-EXT-1): a message lies once in All Mail, and labels say where it shows."""

from postroom.wire.imap.names import encoded
from postroom.wire.imap.session import Session
from postroom.wire.imap.syntax import quoted
from postroom.wire.imap.types import UidSet

INBOX_LABEL = "\\Inbox"
_BATCH = 1000


async def add_labels(session: Session, uids: UidSet, labels: tuple[str, ...]) -> None:
    """Put labels on messages of the open folder."""
    words = b" ".join(_spoken(label) for label in labels)
    for chunk in uids.newest_first(_BATCH):
        line = b"UID STORE %s +X-GM-LABELS.SILENT (%s)" % (str(chunk).encode(), words)
        await session.run(line, "change labels")


def _spoken(label: str) -> bytes:
    """System labels (`\\Inbox`) stand bare, the user's own in quotes."""
    name = encoded(label)
    bare = label.startswith("\\") and label[1:].isalpha()
    return name if bare else quoted(name)
