"""Gmail's mailbox: one store of messages; a folder shows those that carry its label, each under a UID of its own.

From Google's IMAP extension page and Gmail's IMAP settings as new accounts have them: All Mail shows everything outside
Spam and Trash; removing a message from a folder removes that label; X-GM-LABELS leaves out the label of the open
folder; a message put into Spam or Trash loses its place everywhere else; \\Seen and \\Flagged are flags of the message,
not of the copy.
"""

import email.policy
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser

from tests.servers.scripted_imap.folder import Folder, Modseq
from tests.servers.scripted_imap.message import Content, StoredContent

# The label of a special folder as X-GM-LABELS writes it.
SYSTEM_LABELS = {
    "\\Drafts": "\\Draft",
    "\\Important": "\\Important",
    "\\Sent": "\\Sent",
    "\\Flagged": "\\Starred",
    "\\Junk": "\\Spam",
    "\\Trash": "\\Trash",
}
ALONE = ("\\Spam", "\\Trash")


@dataclass(eq=False, slots=True)
class GmailMail:
    """One message of the account, wherever it is seen."""

    message_id: int
    thread_id: int
    content: Content
    internal_date: datetime
    labels: set[str] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)


class GmailMailbox:
    """The messages of one account and the folders that show them."""

    def __init__(self, owner: str) -> None:
        self.modseq = Modseq()
        self.owner = owner
        self.mails: dict[int, GmailMail] = {}
        self._folders: dict[str, Folder] = {}
        self._uids: dict[tuple[str, int], int] = {}
        self._mail_of: dict[tuple[str, int], GmailMail] = {}
        self._by_header: dict[str, GmailMail] = {}
        self._next_id = 1_790_000_000_000_000_000

    def take(self, folder: Folder) -> None:
        """From now on `folder` shows the messages of its label."""
        label = label_of(folder)
        self._folders[label] = folder
        folder.deliver_elsewhere = lambda raw, flags, when: self.deliver(raw, [label], flags, when)

    def drop(self, folder: Folder) -> None:
        """A deleted folder is a label taken off everything; the messages stay in All Mail."""
        label = label_of(folder)
        for mail in self.mails.values():
            mail.labels.discard(label)
        self._folders.pop(label, None)

    def renamed(self, folder: Folder, old: str) -> None:
        """A renamed folder is a renamed label: messages keep their UIDs in it."""
        self._folders[folder.name] = self._folders.pop(old)
        for mail in self.mails.values():
            if old in mail.labels:
                mail.labels.remove(old)
                mail.labels.add(folder.name)
                uid = self._uids.pop((old, mail.message_id))
                self._uids[folder.name, mail.message_id] = uid
                self._mail_of[folder.name, uid] = self._mail_of.pop((old, uid))
        folder.deliver_elsewhere = lambda raw, flags, when: self.deliver(raw, [folder.name], flags, when)

    def deliver(
        self, raw: bytes, labels: Iterable[str], flags: Iterable[str] = (), when: datetime | None = None
    ) -> int:
        """Store a message under labels; one with a known Message-ID joins the message that is there. Its first UID."""
        wanted = [label for label in labels if label != "\\All"]
        header = BytesHeaderParser(policy=email.policy.compat32).parsebytes(raw)
        message_id = str(header.get("Message-ID", "")).strip()
        mail = self._by_header.get(message_id) if message_id else None
        if mail is None:
            mail = self._store(raw, f"{header.get('References', '')} {header.get('In-Reply-To', '')}", when)
            if message_id:
                self._by_header[message_id] = mail
        mail.flags |= set(flags) - {"\\Deleted"}
        self.relabel(mail, add=wanted)
        shown = wanted[0] if wanted else "\\All"
        return self._uids.get((shown, mail.message_id), 0)

    def relabel(self, mail: GmailMail, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Add and remove labels; the folders show it at once."""
        alone = [label for label in add if label in ALONE]
        labels = set(alone[-1:]) if alone else (mail.labels | set(add)) - set(remove)
        if labels & {label for label in add if label not in ALONE}:
            labels -= set(ALONE)
        changed, mail.labels = labels != mail.labels, labels
        (mail.flags.add if "\\Starred" in labels else mail.flags.discard)("\\Flagged")
        self._show(mail)
        if changed:
            self._touch_copies(mail)

    def remove_from(self, folder: Folder, uid: int) -> None:
        """EXPUNGE: the label goes; out of Spam and Trash the message goes for good; All Mail keeps everything."""
        mail, label = self.mail_at(folder, uid), label_of(folder)
        if mail is None or label == "\\All":
            return
        if label in ALONE:
            mail.labels.clear()
            self._hide(label, mail)
            self.mails.pop(mail.message_id, None)
            self._by_header = {key: value for key, value in self._by_header.items() if value is not mail}
            return
        self.relabel(mail, remove=[label])

    def reflag(self, mail: GmailMail, flags: set[str]) -> None:
        """Flags of the message changed: every copy shows it. \\Flagged is the label Starred."""
        mail.flags = set(flags)
        if "\\Flagged" in flags:
            mail.labels.add("\\Starred")
        else:
            mail.labels.discard("\\Starred")
        self._show(mail)
        self._touch_copies(mail)

    def mail_at(self, folder: Folder, uid: int) -> GmailMail | None:
        return self._mail_of.get((label_of(folder), uid))

    def uid_of(self, folder: Folder, mail: GmailMail) -> int | None:
        return self._uids.get((label_of(folder), mail.message_id))

    def labels_seen_from(self, folder: Folder, mail: GmailMail) -> list[str]:
        """What X-GM-LABELS says of the message in this folder."""
        return sorted(mail.labels - {label_of(folder)})

    def _store(self, raw: bytes, ancestors: str, when: datetime | None) -> GmailMail:
        self._next_id += 1013
        known = [self._by_header[part] for part in ancestors.split() if part in self._by_header]
        thread_id = known[-1].thread_id if known else self._next_id
        date = when or datetime.now(UTC).replace(microsecond=0)
        mail = GmailMail(self._next_id, thread_id, StoredContent(raw), date)
        self.mails[mail.message_id] = mail
        return mail

    def _show(self, mail: GmailMail) -> None:
        wanted = {label for label in mail.labels if label in self._folders}
        if not mail.labels & set(ALONE):
            wanted.add("\\All")
        for label in self._folders:
            held = (label, mail.message_id) in self._uids
            if label in wanted and not held:
                folder = self._folders[label]
                uid = folder.add(mail.content, mail.flags, mail.internal_date)
                self._uids[label, mail.message_id] = uid
                self._mail_of[label, uid] = mail
            elif held and label not in wanted:
                self._hide(label, mail)

    def _touch_copies(self, mail: GmailMail) -> None:
        for label, folder in self._folders.items():
            uid = self._uids.get((label, mail.message_id))
            message = folder.message(uid) if uid else None
            if message is not None:
                message.flags = (message.flags & {"\\Deleted"}) | mail.flags
                folder.touch(message)

    def _hide(self, label: str, mail: GmailMail) -> None:
        uid = self._uids.pop((label, mail.message_id), None)
        if uid is not None:
            self._mail_of.pop((label, uid), None)
            self._folders[label].expunge(uid)


def label_of(folder: Folder) -> str:
    """The label a folder shows; All Mail is `\\All`, which no message carries."""
    if folder.name == "INBOX":
        return "\\Inbox"
    if folder.special_use == "\\All":
        return "\\All"
    return SYSTEM_LABELS.get(folder.special_use, folder.name)
