"""Which folders an account starts with: as data, each set one habit of real servers."""

FolderSet = tuple[tuple[str, str], ...]

# Names as Dovecot's and Cyrus' default installations have them, with special use (RFC 6154).
STANDARD: FolderSet = (
    ("INBOX", ""),
    ("Archive", "\\Archive"),
    ("Drafts", "\\Drafts"),
    ("Junk", "\\Junk"),
    ("Sent", "\\Sent"),
    ("Trash", "\\Trash"),
)

ONLY_INBOX: FolderSet = (("INBOX", ""),)

# Courier and old Cyrus: everything below INBOX, no special use.
BELOW_INBOX: FolderSet = (("INBOX", ""), ("INBOX.Sent", ""), ("INBOX.Trash", ""), ("INBOX.Drafts", ""))

# German provider without special use; the names are all there is to go by.
GERMAN: FolderSet = (("INBOX", ""), ("Gesendete Objekte", ""), ("Entwürfe", ""), ("Papierkorb", ""), ("Spam", ""))

# Another mail program made its own folder for sent mail beside the server's.
TWO_SENT: FolderSet = (*STANDARD, ("Sent Messages", "\\Sent"))

# Names that broke clients: slash beside the separator, quote, wildcard, non-ASCII, ampersand.
AWKWARD: FolderSet = (
    *STANDARD,
    ("Kunden.2026/27", ""),
    ('The "big" ones', ""),
    ("Stars * and % signs", ""),
    ("Büro & Küche", ""),
    ("日本語", ""),
    ("back\\slash", ""),
)

# Some servers give special use in lower case (RFC 6154 attributes are case-insensitive by RFC 3501's flag rules).
LOWER_CASE_USE: FolderSet = tuple((name, use.lower()) for name, use in STANDARD)

# Gmail, English interface.
GMAIL: FolderSet = (
    ("INBOX", ""),
    ("[Gmail]", ""),
    ("[Gmail]/All Mail", "\\All"),
    ("[Gmail]/Drafts", "\\Drafts"),
    ("[Gmail]/Important", "\\Important"),
    ("[Gmail]/Sent Mail", "\\Sent"),
    ("[Gmail]/Spam", "\\Junk"),
    ("[Gmail]/Starred", "\\Flagged"),
    ("[Gmail]/Trash", "\\Trash"),
)

# Gmail, German interface, where even All Mail is translated and "[Gmail]" is "[Google Mail]".
GMAIL_GERMAN: FolderSet = (
    ("INBOX", ""),
    ("[Google Mail]", ""),
    ("[Google Mail]/Alle Nachrichten", "\\All"),
    ("[Google Mail]/Entwürfe", "\\Drafts"),
    ("[Google Mail]/Wichtig", "\\Important"),
    ("[Google Mail]/Gesendet", "\\Sent"),
    ("[Google Mail]/Spam", "\\Junk"),
    ("[Google Mail]/Markiert", "\\Flagged"),
    ("[Google Mail]/Papierkorb", "\\Trash"),
)
