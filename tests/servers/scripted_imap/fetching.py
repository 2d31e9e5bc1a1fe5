"""FETCH and UID FETCH (RFC 3501 section 6.4.5, RFC 7162 CHANGEDSINCE and VANISHED, RFC 8474, Gmail's X-GM items)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from tests.servers.scripted_imap.command import Argument, Command, Unparsable
from tests.servers.scripted_imap.folder import Folder
from tests.servers.scripted_imap.gmail import GmailMail
from tests.servers.scripted_imap.lines import FetchLine, Line, Lines, Literal, ok, untagged
from tests.servers.scripted_imap.message import Message
from tests.servers.scripted_imap.names import nstring, quoted, to_modified_utf7
from tests.servers.scripted_imap.sections import halves, section
from tests.servers.scripted_imap.sets import chosen_numbers, chosen_uids, compact, contains
from tests.servers.scripted_imap.structure import envelope_of, structure_of
from tests.servers.scripted_imap.view import View

if TYPE_CHECKING:
    from tests.servers.scripted_imap.session import Session

_MACROS = {
    b"FAST": [b"FLAGS", b"INTERNALDATE", b"RFC822.SIZE"],
    b"ALL": [b"FLAGS", b"INTERNALDATE", b"RFC822.SIZE", b"ENVELOPE"],
    b"FULL": [b"FLAGS", b"INTERNALDATE", b"RFC822.SIZE", b"ENVELOPE", b"BODY"],
}
_SECTION = re.compile(rb"BODY(\.PEEK)?\[(.*)\](?:<(\d+)(?:\.(\d+))?>)?", re.IGNORECASE | re.DOTALL)
_READS = (b"RFC822", b"RFC822.TEXT")


async def fetch(session: "Session", command: Command) -> Lines:
    view = session.view
    assert view is not None
    items = _wanted(command)
    modifiers = _upper(command.group(2)) if len(command.arguments) > 2 else []
    since = int(modifiers[modifiers.index(b"CHANGEDSINCE") + 1]) if b"CHANGEDSINCE" in modifiers else None
    if since is not None or b"MODSEQ" in items:
        session.enabled.add("CONDSTORE")
    if since is not None and b"MODSEQ" not in items:
        items.append(b"MODSEQ")
    if since is not None and b"VANISHED" in modifiers:
        for line in vanished_earlier(view.folder, since, command.word(0)):
            yield line
    for number, uid in _chosen(command, view, since):
        message = view.folder.message(uid)
        if message is not None:
            yield _line(session, message, number, items)
    yield ok("Fetch completed.")


def flags_line(view: View, uid: int) -> FetchLine:
    """An unasked `FETCH (UID FLAGS MODSEQ)`, as QRESYNC sends them."""
    message = view.folder.message(uid)
    assert message is not None
    items = ((b"UID", b"%d" % uid), (b"FLAGS", _flags(message)), (b"MODSEQ", b"(%d)" % message.modseq))
    return FetchLine(view.number_of(uid) or 0, uid, items)


def vanished_earlier(folder: Folder, since: int, known: bytes | None) -> Iterator[Line]:
    """`VANISHED (EARLIER)` for what went after mod-sequence `since` and is in the set the client asks about."""
    gone = sorted({old.uid for old in folder.expunged if old.modseq > since})
    last = folder.uids[-1] if folder.uids else 0
    told = [uid for uid in gone if known is None or contains(known, uid, last)]
    if told:
        yield untagged(f"VANISHED (EARLIER) {compact(told)}")


def wire_date(when: datetime) -> bytes:
    """`"17-Jul-1996 02:44:25 -0700"`, the day with a leading space (RFC 3501 date-time)."""
    return f'"{when.day:2d}-{when.strftime("%b-%Y %H:%M:%S %z")}"'.encode()


def _wanted(command: Command) -> list[bytes]:
    items: list[bytes] = []
    for word in command.group(1):
        if not isinstance(word, bytes):
            raise Unparsable("a list inside the list of items")
        items += _MACROS.get(word.upper(), [word.upper() if b"[" not in word else word])
    if command.by_uid and b"UID" not in items:
        items.insert(0, b"UID")
    return items


def _chosen(command: Command, view: View, since: int | None) -> Iterator[tuple[int, int]]:
    choose = chosen_uids if command.by_uid else chosen_numbers
    if since is None:
        yield from choose(command.word(0), view.uids)
        return
    # Few have changed of many: go by the changes, and ask the set.
    named = {uid: number for number, uid in choose(command.word(0), view.uids)} if len(view.uids) < 5000 else None
    for uid in view.folder.changed_since(since):
        number = view.number_of(uid) if named is None else named.get(uid)
        if number is not None:
            yield number, uid


def _line(session: "Session", message: Message, number: int, items: list[bytes]) -> FetchLine:
    view = session.view
    assert view is not None and session.account is not None
    mail = session.account.gmail_mail(view.folder, message.uid)
    if not view.read_only and any(_marks_read(item) for item in items) and "\\Seen" not in message.flags:
        session.server.mark_read(session, view.folder, message)
        items = items if b"FLAGS" in items else [*items, b"FLAGS"]
    if b"FLAGS" in items:
        view.forget_flags(message.uid)
    values: list[tuple[bytes, bytes | Literal]] = []
    for item in items:
        name, value = _value(session, message, mail, item)
        values.append((name, value))
    return FetchLine(number, message.uid, tuple(values))


def _marks_read(item: bytes) -> bool:
    match = _SECTION.fullmatch(item)
    return item in _READS or (match is not None and not match[1])


def _value(session: "Session", message: Message, mail: GmailMail | None, item: bytes) -> tuple[bytes, bytes | Literal]:
    match item:
        case b"UID":
            return item, b"%d" % message.uid
        case b"FLAGS":
            return item, _flags(message)
        case b"INTERNALDATE":
            return item, wire_date(message.internal_date)
        case b"RFC822.SIZE":
            return item, b"%d" % len(message.raw)
        case b"MODSEQ":
            return item, b"(%d)" % message.modseq
        case b"ENVELOPE":
            return item, envelope_of(message.raw)
        case b"BODY" | b"BODYSTRUCTURE":
            return item, structure_of(message.raw, extended=item == b"BODYSTRUCTURE")
        case b"RFC822":
            return item, Literal(message.raw)
        case b"RFC822.HEADER":
            return item, Literal(halves(message.raw)[0])
        case b"RFC822.TEXT":
            return item, Literal(halves(message.raw)[1])
        case b"EMAILID" if session.can("OBJECTID"):
            return item, b"(%b)" % message.email_id.encode()
        case b"THREADID" if session.can("OBJECTID"):
            return item, b"(%b)" % message.thread_id.encode() if message.thread_id else b"NIL"
    if item.startswith(b"X-GM-") and mail is not None and session.can("X-GM-EXT-1"):
        return item, _gmail_value(session, mail, item)
    return _section_value(message, item)


def _gmail_value(session: "Session", mail: GmailMail, item: bytes) -> bytes:
    assert session.account is not None and session.account.gmail is not None and session.view is not None
    match item:
        case b"X-GM-MSGID":
            return b"%d" % mail.message_id
        case b"X-GM-THRID":
            return b"%d" % mail.thread_id
        case b"X-GM-LABELS":
            labels = session.account.gmail.labels_seen_from(session.view.folder, mail)
            return b"(" + b" ".join(wire_label(label) for label in labels) + b")"
    raise Unparsable(f"unknown item {item.decode()}")


def wire_label(label: str) -> bytes:
    """A label as Gmail sends it: a system label as a quoted string with its backslash doubled, others as they need."""
    wire = to_modified_utf7(label)
    return wire if re.fullmatch(rb"[A-Za-z0-9/._&,+-]+", wire) else quoted(wire)


def _section_value(message: Message, item: bytes) -> tuple[bytes, bytes | Literal]:
    match = _SECTION.fullmatch(item)
    if match is None:
        raise Unparsable(f"unknown item {item.decode('ascii', 'replace')}")
    content = section(message.raw, match[2])
    name = b"BODY[" + match[2].upper() + b"]"
    if match[3] is not None:
        name += b"<%b>" % match[3]
        start = int(match[3])
        stop = start + int(match[4]) if match[4] else None
        content = None if content is None else content[start:stop]
    return name, nstring(None) if content is None else Literal(content)


def _flags(message: Message) -> bytes:
    return ("(" + " ".join(sorted(message.flags)) + ")").encode()


def _upper(words: list[Argument]) -> list[bytes]:
    return [word.upper() for word in words if isinstance(word, bytes)]
