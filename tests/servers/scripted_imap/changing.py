"""What changes messages: STORE, EXPUNGE, COPY, MOVE (RFC 6851), APPEND, with UIDPLUS answers (RFC 4315)."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from tests.servers.scripted_imap.command import Command, Unparsable
from tests.servers.scripted_imap.fetching import wire_label
from tests.servers.scripted_imap.folder import Folder
from tests.servers.scripted_imap.gmail import label_of
from tests.servers.scripted_imap.lines import FetchLine, Line, Lines, no, ok, untagged
from tests.servers.scripted_imap.message import Message
from tests.servers.scripted_imap.names import from_modified_utf7
from tests.servers.scripted_imap.sets import chosen_numbers, chosen_uids, compact
from tests.servers.scripted_imap.view import View

if TYPE_CHECKING:
    from tests.servers.scripted_imap.session import Session


async def store(session: "Session", command: Command) -> Lines:
    """STORE of flags, with UNCHANGEDSINCE (RFC 7162 section 3.1.3), and of X-GM-LABELS."""
    view = _writable(session)
    if view is None:
        yield no("[READ-ONLY] Mailbox is read-only")
        return
    at, unchanged_since = 1, None
    if isinstance(command.arguments[1], list):
        unchanged_since, at = int(command.group(1)[1]), 2  # type: ignore[arg-type]
        session.enabled.add("CONDSTORE")
    what = command.word(at).decode().upper()
    how, silent = (what[0] if what[0] in "+-" else "="), what.endswith(".SILENT")
    values = [word.decode() for part in command.arguments[at + 1 :] for word in _flat(part)]
    failed = []
    for number, uid in _chosen(command, view):
        message = view.folder.message(uid)
        if message is None:
            continue
        if unchanged_since is not None and message.modseq > unchanged_since:
            failed.append(uid if command.by_uid else number)
            continue
        if "X-GM-LABELS" in what:
            yield _store_labels(session, message, how, values)
            continue
        session.server.set_flags(session, view.folder, uid, set(values), how)
        if silent:
            view.forget_flags(uid)
    for line in session.updates(expunges=command.by_uid):
        yield line
    yield ok(f"[MODIFIED {compact(failed)}] Conditional STORE failed." if failed else "Store completed.")


async def expunge(session: "Session", command: Command) -> Lines:
    view = _writable(session)
    if view is None:
        yield no("[READ-ONLY] Mailbox is read-only")
        return
    chosen = [uid for _, uid in chosen_uids(command.word(0), view.uids)] if command.by_uid else list(view.uids)
    messages = [view.folder.message(uid) for uid in chosen]
    gone = [message.uid for message in messages if message is not None and "\\Deleted" in message.flags]
    session.server.remove(session, view.folder, gone)
    for line in session.updates():
        yield line
    yield ok("Expunge completed.")


async def copy(session: "Session", command: Command) -> Lines:
    view, target = session.view, _target(session, command)
    assert view is not None
    if target is None:
        yield no(f"[TRYCREATE] Mailbox doesn't exist: {session.folder_name(command.word(1))}")
        return
    pairs = _copy_all(session, command, view, target)
    yield ok(f"{_copied(session, target, pairs)}Copy completed.")


async def move(session: "Session", command: Command) -> Lines:
    view, target = _writable(session), _target(session, command)
    if target is None:
        yield no(f"[TRYCREATE] Mailbox doesn't exist: {session.folder_name(command.word(1))}")
        return
    if view is None:
        yield no("[READ-ONLY] Mailbox is read-only")
        return
    pairs = _copy_all(session, command, view, target)
    if pairs and session.can("UIDPLUS"):
        yield untagged(f"OK {_copied(session, target, pairs)}Moved UIDs.")
    if target is not view.folder:
        session.server.remove(session, view.folder, [old for old, _ in pairs])
    for line in session.updates():
        yield line
    yield ok("Move completed.")


async def append(session: "Session", command: Command) -> Lines:
    assert session.account is not None
    name = session.folder_name(command.word(0))
    folder = session.account.find(name)
    if folder is None or not folder.selectable:
        yield no(f"[TRYCREATE] Mailbox doesn't exist: {name}")
        return
    middle = command.arguments[1:-1]
    flags = [word.decode() for part in middle if isinstance(part, list) for word in _flat(part)]
    dates = [part for part in middle if isinstance(part, bytes)]
    when = datetime.strptime(dates[0].decode().strip(), "%d-%b-%Y %H:%M:%S %z") if dates else None
    uid = folder.deliver(command.word(len(command.arguments) - 1), flags, when)
    for line in session.updates():
        yield line
    place = f"[APPENDUID {folder.uidvalidity} {uid}] " if session.can("UIDPLUS") else ""
    yield ok(f"{place}Append completed.")


def _copy_all(session: "Session", command: Command, view: View, target: Folder) -> list[tuple[int, int]]:
    pairs = []
    for _, uid in list(_chosen(command, view)):
        message = view.folder.message(uid)
        if message is not None:
            pairs.append((uid, _copy_one(session, view.folder, message, target)))
    return pairs


def _copy_one(session: "Session", source: Folder, message: Message, target: Folder) -> int:
    assert session.account is not None
    gmail, mail = session.account.gmail, session.account.gmail_mail(source, message.uid)
    if gmail is None or mail is None:
        return target.add(message.content, message.flags, message.internal_date)
    label = label_of(target)
    gmail.relabel(mail, add=[] if label == "\\All" else [label])
    return gmail.uid_of(target, mail) or 0


def _copied(session: "Session", target: Folder, pairs: list[tuple[int, int]]) -> str:
    if not pairs or not session.can("UIDPLUS"):
        return ""
    old, new = compact(old for old, _ in pairs), compact(new for _, new in pairs)
    return f"[COPYUID {target.uidvalidity} {old} {new}] "


def _store_labels(session: "Session", message: Message, how: str, values: list[str]) -> Line:
    assert session.account is not None and session.account.gmail is not None and session.view is not None
    gmail, folder = session.account.gmail, session.view.folder
    mail = gmail.mail_at(folder, message.uid)
    assert mail is not None
    labels = [from_modified_utf7(value.encode()) for value in values]
    if how == "=":
        gmail.relabel(mail, add=labels, remove=mail.labels - set(labels) - {label_of(folder)})
    else:
        gmail.relabel(mail, add=labels if how == "+" else (), remove=labels if how == "-" else ())
    session.view.forget_flags(message.uid)
    shown = b" ".join(wire_label(label) for label in gmail.labels_seen_from(folder, mail))
    number = session.view.number_of(message.uid) or 0
    return FetchLine(number, message.uid, ((b"X-GM-LABELS", b"(" + shown + b")"), (b"UID", b"%d" % message.uid)))


def _writable(session: "Session") -> View | None:
    return None if session.view is None or session.view.read_only else session.view


def _target(session: "Session", command: Command) -> Folder | None:
    assert session.account is not None
    folder = session.account.find(session.folder_name(command.word(1)))
    return folder if folder is not None and folder.selectable else None


def _chosen(command: Command, view: View) -> Iterator[tuple[int, int]]:
    return (chosen_uids if command.by_uid else chosen_numbers)(command.word(0), view.uids)


def _flat(part: object) -> list[bytes]:
    if isinstance(part, bytes):
        return [part]
    if isinstance(part, list):
        return [word for word in part if isinstance(word, bytes)]
    raise Unparsable("odd argument")
