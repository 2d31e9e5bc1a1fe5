"""An IMAP server for tests: correct by default, wrong on command, and able to play Gmail.

    async with scripted_imap() as server:
        box = server.account("anna@example.org", password="x")
        uid = box.folder("INBOX").deliver(raw)
        server.faults.add(connection_faults.bye_inside_literal(), on="UID FETCH")
        ...  # a client on server.host, server.port (STARTTLS) or server.tls_port, trusting server.ca_file
        assert server.log.containing(b"\\Seen") == []

`scripted_imap(GMAIL)` plays Gmail, `BARE` an RFC 3501 server, `FULL` (default) one with
every extension our client uses.
"""

from tests.servers.scripted_imap import answer_faults, connection_faults, fetch_faults, folder_sets, select_faults
from tests.servers.scripted_imap.account import Account
from tests.servers.scripted_imap.capabilities import BARE, CONDSTORE_ONLY, FULL, GMAIL, Flavour
from tests.servers.scripted_imap.faults import FOREVER, Fault, Faults, Matching, Placed
from tests.servers.scripted_imap.folder import Folder
from tests.servers.scripted_imap.server import ScriptedImap, scripted_imap

__all__ = [
    "BARE",
    "CONDSTORE_ONLY",
    "FOREVER",
    "FULL",
    "GMAIL",
    "Account",
    "Fault",
    "Faults",
    "Flavour",
    "Folder",
    "Matching",
    "Placed",
    "ScriptedImap",
    "answer_faults",
    "connection_faults",
    "fetch_faults",
    "folder_sets",
    "scripted_imap",
    "select_faults",
]
