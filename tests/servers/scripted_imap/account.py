"""A mailbox owner: how to log in, and the folders. Tests change folders through it as another mail program would."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.servers.scripted_imap.folder import Folder, Modseq
from tests.servers.scripted_imap.folder_sets import STANDARD, FolderSet
from tests.servers.scripted_imap.gmail import GmailMail, GmailMailbox
from tests.servers.scripted_imap.names import matches


@dataclass(eq=False)
class Account:
    """One user. `tokens` are the OAuth access tokens it takes now; `sessions` counts logged-in connections."""

    name: str
    password: str
    separator: str = "/"
    tokens: set[str] = field(default_factory=set)
    folders: dict[str, Folder] = field(default_factory=dict)
    sessions: int = 0
    gmail: GmailMailbox | None = None

    def folder(self, name: str) -> Folder:
        """The folder of this name; INBOX in any case (RFC 3501 section 5.1)."""
        return self.folders["INBOX" if name.upper() == "INBOX" else name]

    def find(self, name: str) -> Folder | None:
        """The folder of this name, or None."""
        return self.folders.get("INBOX" if name.upper() == "INBOX" else name)

    def make_folder(self, name: str, special_use: str = "", *, selectable: bool = True) -> Folder:
        """A new folder; in Gmail this is a new label."""
        modseq = self.gmail.modseq if self.gmail else Modseq()
        uidvalidity = 1_700_000_000 + len(self.folders) + (1000 if name in self._names_once_used() else 0)
        folder = Folder(name, uidvalidity, special_use, selectable, modseq=modseq, owner=self.name)
        self.folders[name] = folder
        if self.gmail:
            self.gmail.take(folder)
        return folder

    def delete_folder(self, name: str) -> None:
        """Remove a folder with all that is in it. Sessions that have it open are cut off at their next command."""
        folder = self.folders.pop(name)
        folder.deleted = True
        self._gone_names.append(name)
        for watcher in list(folder.watchers):
            watcher.lost()
        if self.gmail:
            self.gmail.drop(folder)

    def rename_folder(self, old: str, new: str) -> Folder:
        """Rename a folder and those below it; UIDs and UIDVALIDITY stay, as in Dovecot and Cyrus."""
        below = old + self.separator
        for name in [name for name in self.folders if name == old or name.startswith(below)]:
            folder = self.folders.pop(name)
            folder.name = new + name[len(old) :]
            self.folders[folder.name] = folder
            if self.gmail:
                self.gmail.renamed(folder, name)
        return self.folders[new]

    def by_use(self, special_use: str) -> Folder | None:
        """The first folder with a special use."""
        return next((folder for folder in self.folders.values() if folder.special_use == special_use), None)

    def listed(self, pattern: str) -> list[Folder]:
        """The folders a LIST pattern names, by name."""
        named = [folder for folder in self.folders.values() if matches(pattern, folder.name, self.separator)]
        return sorted(named, key=lambda folder: (folder.name != "INBOX", folder.name))

    def has_children(self, folder: Folder) -> bool:
        return any(name.startswith(folder.name + self.separator) for name in self.folders)

    def file_sent(self, raw: bytes) -> int | None:
        """File a copy of sent mail as a provider does by itself; its UID, or None without a Sent folder."""
        sent = self.by_use("\\Sent")
        return None if sent is None else sent.deliver(raw, ["\\Seen"])

    def gmail_mail(self, folder: Folder, uid: int) -> GmailMail | None:
        """The Gmail message behind a UID, when this is a Gmail account."""
        return self.gmail.mail_at(folder, uid) if self.gmail else None

    def __post_init__(self) -> None:
        self._gone_names: list[str] = []

    def _names_once_used(self) -> Iterable[str]:
        return self._gone_names


def new_account(name: str, password: str, folders: FolderSet = STANDARD, separator: str = "/") -> Account:
    """An account of an ordinary server."""
    account = Account(name, password, separator)
    for folder_name, use in folders:
        account.make_folder(folder_name, use)
    return account


def new_gmail_account(name: str, password: str, folders: FolderSet) -> Account:
    """An account as Gmail shows it: labels as folders over one store of messages."""
    account = Account(name, password, "/", gmail=GmailMailbox(name))
    for folder_name, use in folders:
        account.make_folder(folder_name, use, selectable=not folder_name.endswith("ail]"))
    return account
