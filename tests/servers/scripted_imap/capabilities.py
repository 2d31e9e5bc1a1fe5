"""What a server says it can do, and with it the manners of well-known servers, as data."""

from dataclasses import dataclass

from tests.servers.scripted_imap import folder_sets
from tests.servers.scripted_imap.folder_sets import FolderSet


@dataclass(frozen=True, slots=True)
class Flavour:
    """A kind of server: its capabilities before and after login, its texts, and the folders of a new account."""

    name: str
    before_login: tuple[str, ...]
    after_login: tuple[str, ...]
    folders: FolderSet = folder_sets.STANDARD
    separator: str = "/"
    greeting: str = "Scripted IMAP ready."
    wrong_password: str = "[AUTHENTICATIONFAILED] Authentication failed."
    too_many_connections: str = "[LIMIT] Maximum number of connections from user+IP exceeded"
    unknown_folder: str = "[NONEXISTENT] Mailbox doesn't exist: {name}"
    is_gmail: bool = False


_LOGIN = ("SASL-IR", "AUTH=PLAIN", "AUTH=LOGIN", "AUTH=XOAUTH2", "AUTH=OAUTHBEARER")

# Everything our client knows how to use.
FULL = Flavour(
    "full",
    before_login=("IMAP4rev1", "LITERAL+", "ID", "ENABLE", "IDLE", *_LOGIN),
    after_login=(
        "IMAP4rev1", "LITERAL+", "ID", "ENABLE", "IDLE", "NAMESPACE", "CHILDREN", "UNSELECT", "UIDPLUS", "MOVE",
        "CONDSTORE", "QRESYNC", "ESEARCH", "LIST-EXTENDED", "LIST-STATUS", "SPECIAL-USE", "CREATE-SPECIAL-USE",
        "UTF8=ACCEPT", "COMPRESS=DEFLATE", "OBJECTID", "STATUS=SIZE",
    ),
)  # fmt: skip

# RFC 3501 and nothing else: every fallback is needed.
BARE = Flavour(
    "bare",
    before_login=("IMAP4rev1", "AUTH=PLAIN"),
    after_login=("IMAP4rev1",),
    folders=folder_sets.BELOW_INBOX,
    separator=".",
    wrong_password="LOGIN failed.",
    too_many_connections="Too many connections.",
    unknown_folder="No such mailbox",
)

# Changes can be asked for, vanished messages cannot: Gmail's and Courier's kind of middle ground without labels.
CONDSTORE_ONLY = Flavour(
    "condstore-only",
    before_login=("IMAP4rev1", "SASL-IR", "AUTH=PLAIN"),
    after_login=("IMAP4rev1", "CONDSTORE", "ENABLE", "IDLE", "UIDPLUS", "SPECIAL-USE", "UNSELECT", "ESEARCH"),
)

# imap.gmail.com as it answered in 2025 and 2026.
GMAIL = Flavour(
    "gmail",
    before_login=(
        "IMAP4rev1", "UNSELECT", "IDLE", "NAMESPACE", "QUOTA", "ID", "XLIST", "CHILDREN", "X-GM-EXT-1", "XYZZY",
        "SASL-IR", "AUTH=XOAUTH2", "AUTH=PLAIN", "AUTH=PLAIN-CLIENTTOKEN", "AUTH=OAUTHBEARER",
    ),
    after_login=(
        "IMAP4rev1", "UNSELECT", "IDLE", "NAMESPACE", "QUOTA", "ID", "XLIST", "CHILDREN", "X-GM-EXT-1", "UIDPLUS",
        "COMPRESS=DEFLATE", "ENABLE", "MOVE", "CONDSTORE", "ESEARCH", "UTF8=ACCEPT", "LIST-EXTENDED", "LIST-STATUS",
        "LITERAL-", "SPECIAL-USE", "APPENDLIMIT=35651584",
    ),
    folders=folder_sets.GMAIL,
    greeting="Gimap ready for requests from 127.0.0.1 scripted",
    wrong_password="[AUTHENTICATIONFAILED] Invalid credentials (Failure)",
    too_many_connections="[ALERT] Too many simultaneous connections. (Failure)",
    unknown_folder="[NONEXISTENT] Unknown Mailbox: {name} (Failure)",
    is_gmail=True,
)  # fmt: skip
