"""Folders: LIST, LSUB, STATUS, CREATE, DELETE, RENAME, SUBSCRIBE (RFC 3501 section 6.3, RFC 5258, 5819, 6154)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.servers.scripted_imap.command import Argument, Command
from tests.servers.scripted_imap.folder import Folder
from tests.servers.scripted_imap.lines import Line, Lines, no, ok, untagged

if TYPE_CHECKING:
    from tests.servers.scripted_imap.session import Session


async def list_folders(session: "Session", command: Command) -> Lines:
    """LIST, also with selection options, several patterns and RETURN options."""
    arguments = list(command.arguments)
    options = _words(arguments.pop(0)) if isinstance(arguments[0], list) else []
    reference, patterns = session.folder_name(arguments[0]), arguments[1]  # type: ignore[arg-type]
    returns = arguments[3] if len(arguments) > 3 and isinstance(arguments[3], list) else []
    status = next((returns[at + 1] for at, word in enumerate(returns[:-1]) if word == b"STATUS"), None)
    if patterns == b"":
        yield untagged(b'LIST (\\Noselect) "' + session.server.flavour.separator.encode() + b'" ""')
        yield ok()
        return
    for folder in _named(session, reference, patterns if isinstance(patterns, list) else [patterns]):
        if b"SUBSCRIBED" in options and not folder.subscribed:
            continue
        if b"SPECIAL-USE" in options and not folder.special_use:
            continue
        yield _list_line(session, "LIST", folder)
        if status is not None and folder.selectable:
            yield _status_line(session, folder, _words(status))
    yield ok()


async def list_subscribed(session: "Session", command: Command) -> Lines:
    for folder in _named(session, session.folder_name(command.word(0)), [command.word(1)]):
        if folder.subscribed:
            yield _list_line(session, "LSUB", folder)
    yield ok()


async def status(session: "Session", command: Command) -> Lines:
    folder = _find(session, command.word(0))
    if folder is None or not folder.selectable:
        yield _unknown(session, command.word(0))
        return
    words = _words(command.group(1))
    if "HIGHESTMODSEQ" in [word.decode().upper() for word in words] and session.can("CONDSTORE"):
        session.enabled.add("CONDSTORE")
    yield _status_line(session, folder, words)
    yield ok()


async def create(session: "Session", command: Command) -> Lines:
    """CREATE, with the USE option of RFC 6154 section 3."""
    assert session.account is not None
    name = session.folder_name(command.word(0)).rstrip(session.server.flavour.separator)
    if session.account.find(name) is not None:
        yield no("[ALREADYEXISTS] Mailbox already exists")
        return
    prefix = "INBOX" + session.server.flavour.separator
    below_inbox = any(folder.startswith(prefix) for folder, _ in session.server.flavour.folders)
    if below_inbox and not name.startswith(prefix):
        # Courier and old Cyrus: the personal namespace is INBOX. and nothing can be made beside it.
        yield no("[CANNOT] Invalid mailbox name.")
        return
    use = ""
    if len(command.arguments) > 1 and session.can("CREATE-SPECIAL-USE"):
        options = command.group(1)
        use = _words(options[1])[0].decode() if len(options) > 1 else ""
    session.account.make_folder(name, use)
    yield ok()


async def delete(session: "Session", command: Command) -> Lines:
    assert session.account is not None
    folder = _find(session, command.word(0))
    if folder is None or folder.name == "INBOX":
        yield _unknown(session, command.word(0))
        return
    session.account.delete_folder(folder.name)
    yield ok()


async def rename(session: "Session", command: Command) -> Lines:
    assert session.account is not None
    folder, new = _find(session, command.word(0)), session.folder_name(command.word(1))
    if folder is None:
        yield _unknown(session, command.word(0))
    elif session.account.find(new) is not None:
        yield no("[ALREADYEXISTS] Target mailbox already exists")
    else:
        session.account.rename_folder(folder.name, new)
        yield ok()


async def subscribe(session: "Session", command: Command) -> Lines:
    folder = _find(session, command.word(0))
    if folder is not None:
        folder.subscribed = command.verb == "SUBSCRIBE"
    yield ok()


def _find(session: "Session", wire: bytes) -> Folder | None:
    assert session.account is not None
    return session.account.find(session.folder_name(wire))


def _unknown(session: "Session", wire: bytes) -> Line:
    return no(session.server.flavour.unknown_folder.format(name=session.folder_name(wire)))


def _named(session: "Session", reference: str, patterns: list[Argument]) -> Iterator[Folder]:
    assert session.account is not None
    seen: set[str] = set()
    for pattern in patterns:
        assert isinstance(pattern, bytes)
        for folder in session.account.listed(reference + session.folder_name(pattern)):
            if folder.name not in seen:
                seen.add(folder.name)
                yield folder


def _list_line(session: "Session", verb: str, folder: Folder) -> bytes:
    assert session.account is not None
    attributes = [] if folder.selectable else ["\\Noselect"]
    attributes.append("\\HasChildren" if session.account.has_children(folder) else "\\HasNoChildren")
    if folder.special_use and session.can("SPECIAL-USE") and verb == "LIST":
        attributes.append(folder.special_use)
    head = f'{verb} ({" ".join(attributes)}) "{session.server.flavour.separator}" '
    return untagged(head.encode() + session.wire_name(folder.name))


def _status_line(session: "Session", folder: Folder, words: list[bytes]) -> bytes:
    parts = []
    for word in words:
        name = word.decode().upper()
        parts.append(f"{name} {_status_value(folder, name)}")
    return untagged(b"STATUS " + session.wire_name(folder.name) + f" ({' '.join(parts)})".encode())


def _status_value(folder: Folder, name: str) -> str:
    match name:
        case "MESSAGES":
            return str(len(folder.uids))
        case "UIDNEXT":
            return str(folder.uidnext)
        case "UIDVALIDITY":
            return str(folder.uidvalidity)
        case "UNSEEN":
            return str(sum(1 for message in folder.messages() if "\\Seen" not in message.flags))
        case "HIGHESTMODSEQ":
            return str(folder.modseq.value)
        case "SIZE":
            return str(sum(len(message.raw) for message in folder.messages()))
        case "MAILBOXID":
            return f"(F{folder.mailbox_id})"
    return "0"


def _words(argument: Argument) -> list[bytes]:
    if isinstance(argument, bytes):
        return [argument]
    return [word for word in argument if isinstance(word, bytes)]
