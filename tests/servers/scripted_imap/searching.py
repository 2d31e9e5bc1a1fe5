"""SEARCH and UID SEARCH (RFC 3501 section 6.4.4), ESEARCH results (RFC 4731), MODSEQ, and Gmail's X-GM keys."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeAlias

from tests.servers.scripted_imap.command import Argument, Command, Unparsable
from tests.servers.scripted_imap.folder import Folder
from tests.servers.scripted_imap.lines import Line, Lines, ok, untagged
from tests.servers.scripted_imap.message import Message
from tests.servers.scripted_imap.sections import Part, halves
from tests.servers.scripted_imap.sets import chosen_numbers, chosen_uids, compact
from tests.servers.scripted_imap.structure import readable
from tests.servers.scripted_imap.view import View

if TYPE_CHECKING:
    from tests.servers.scripted_imap.session import Session

Test: TypeAlias = Callable[[Message], bool]
_FLAG_KEYS = {
    b"ANSWERED": "\\Answered", b"DELETED": "\\Deleted", b"DRAFT": "\\Draft", b"FLAGGED": "\\Flagged", b"SEEN": "\\Seen",
}  # fmt: skip
_HEADER_KEYS = (b"FROM", b"TO", b"CC", b"BCC", b"SUBJECT")


async def search(session: "Session", command: Command) -> Lines:
    view = session.view
    assert view is not None
    arguments = list(command.arguments)
    returns = _returns(arguments)
    if arguments and arguments[0] == b"CHARSET":
        del arguments[:2]
    keys = _Keys(session, arguments, by_uid=command.by_uid)
    test = keys.all_of()
    uids = _hits(view, keys, test)
    hits = uids if command.by_uid else [view.number_of(uid) or 0 for uid in uids]
    highest = _highest(view.folder, hits) if keys.asks_modseq and command.by_uid else None
    yield _result(command, hits, returns, highest)
    yield ok("Search completed.")


def _hits(view: View, keys: "_Keys", test: Test) -> Sequence[int]:
    """The UIDs found. Where only sets are asked for, no message is looked at."""
    if not keys.looks_inside:
        return keys.named(view.uids)
    found = ((uid, view.folder.message(uid)) for uid in keys.named(view.uids))
    return [uid for uid, message in found if message is not None and test(message)]


def _returns(arguments: list[Argument]) -> list[str] | None:
    if not arguments or not isinstance(arguments[0], bytes) or arguments[0].upper() != b"RETURN":
        return None
    words = arguments[1]
    del arguments[:2]
    names = [word.decode().upper() for word in words if isinstance(word, bytes)] if isinstance(words, list) else []
    return names or ["ALL"]


def _result(command: Command, hits: Sequence[int], returns: list[str] | None, highest: int | None) -> Line:
    if returns is None:
        modseq = f" (MODSEQ {highest})" if highest is not None and hits else ""
        return untagged("SEARCH" + "".join(f" {hit}" for hit in hits) + modseq)
    parts = [f'ESEARCH (TAG "{command.tag}")' + (" UID" if command.by_uid else "")]
    if "MIN" in returns and hits:
        parts.append(f"MIN {hits[0]}")
    if "MAX" in returns and hits:
        parts.append(f"MAX {hits[-1]}")
    if "ALL" in returns and hits:
        parts.append(f"ALL {compact(hits)}")
    if "COUNT" in returns:
        parts.append(f"COUNT {len(hits)}")
    if highest is not None and hits:
        parts.append(f"MODSEQ {highest}")
    return untagged(" ".join(parts))


def _highest(folder: Folder, uids: Sequence[int]) -> int:
    found = [message.modseq for uid in uids if (message := folder.message(uid)) is not None]
    return max(found, default=0)


class _Keys:
    """Search keys made into one test. Sets of UIDs alone need no look at the messages, so a million cost nothing."""

    def __init__(self, session: "Session", words: list[Argument], *, by_uid: bool) -> None:
        self._session = session
        self._words = iter(words)
        self._by_uid = by_uid
        self._sets: list[set[int]] = []  # of the outermost keys: all must hold
        self._depth = 0
        self.looks_inside = False
        self.asks_modseq = False
        self._test: Test = lambda message: True

    def all_of(self) -> Test:
        tests = list(self._tests(self._words))
        self._test = lambda message: all(test(message) for test in tests)
        return self._test

    def named(self, uids: Sequence[int]) -> Sequence[int]:
        """Those of `uids` that are in all the sets which must hold."""
        return sorted(set.intersection(*self._sets)) if self._sets else uids

    def _tests(self, words: Iterator[Argument]) -> Iterator[Test]:
        for word in words:
            yield self._one(word, words)

    def _one(self, word: Argument, words: Iterator[Argument]) -> Test:
        if isinstance(word, list):
            return self._group(word)
        key = word.upper()
        if key == b"ALL":
            return lambda message: True
        if key == b"UID" or key[:1].isdigit() or key[:1] == b"*":
            return self._set(_next(words) if key == b"UID" else key, by_uid=key == b"UID")
        self.looks_inside = True
        if key in (b"NOT", b"OR"):
            return self._combined(key, words)
        if key == b"MODSEQ":
            return self._modseq(words)
        if key.startswith(b"X-GM-"):
            return self._gmail(key, _next(words))
        return _content_test(key, words)

    def _group(self, words: list[Argument]) -> Test:
        self._depth += 1
        self.looks_inside = True
        inner = list(self._tests(iter(words)))
        self._depth -= 1
        return lambda message: all(test(message) for test in inner)

    def _combined(self, key: bytes, words: Iterator[Argument]) -> Test:
        self._depth += 1
        first = self._one(_next_any(words), words)
        second = self._one(_next_any(words), words) if key == b"OR" else first
        self._depth -= 1
        if key == b"NOT":
            return lambda message: not first(message)
        return lambda message: first(message) or second(message)

    def _set(self, wire: bytes, *, by_uid: bool) -> Test:
        view = self._session.view
        assert view is not None
        choose = chosen_uids if by_uid else chosen_numbers
        chosen = {uid for _, uid in choose(wire, view.uids)}
        if self._depth == 0:
            self._sets.append(chosen)
        return lambda message: message.uid in chosen

    def _modseq(self, words: Iterator[Argument]) -> Test:
        value = _next(words)
        if not value.isdigit():
            _next(words)
            value = _next(words)
        self.asks_modseq, lowest = True, int(value)
        return lambda message: message.modseq >= lowest

    def _gmail(self, key: bytes, value: bytes) -> Test:
        session = self._session
        assert session.account is not None and session.view is not None
        folder, account, text = session.view.folder, session.account, value.decode("utf-8", "replace")

        def test(message: Message) -> bool:
            mail = account.gmail_mail(folder, message.uid)
            if mail is None:
                return False
            match key:
                case b"X-GM-MSGID":
                    return str(mail.message_id) == text
                case b"X-GM-THRID":
                    return str(mail.thread_id) == text
                case b"X-GM-LABELS":
                    return text in mail.labels
            return _gmail_query(text, message)

        return test


def _gmail_query(text: str, message: Message) -> bool:
    """The little of Gmail's own search that clients use: `rfc822msgid:`, `from:`, `to:`, and plain words."""
    header = Part(*halves(message.raw), ())
    for word in text.split():
        key, _, value = word.partition(":")
        field = {"rfc822msgid": b"Message-ID", "from": b"From", "to": b"To", "subject": b"Subject"}.get(key)
        if field is not None:
            if value.lower() not in readable(header.field(field) or b"").lower():
                return False
        elif word.lower().encode() not in message.raw.lower():
            return False
    return True


def _content_test(key: bytes, words: Iterator[Argument]) -> Test:
    if key in _FLAG_KEYS:
        return lambda message: _FLAG_KEYS[key] in message.flags
    if key[:2] == b"UN" and key[2:] in _FLAG_KEYS:
        return lambda message: _FLAG_KEYS[key[2:]] not in message.flags
    if key in (b"KEYWORD", b"UNKEYWORD"):
        flag, wanted = _next(words).decode(), key == b"KEYWORD"
        return lambda message: (flag in message.flags) == wanted
    if key in (b"NEW", b"RECENT", b"OLD"):
        return lambda message: key == b"OLD"
    if key in (b"LARGER", b"SMALLER"):
        size = int(_next(words))
        return lambda message: len(message.raw) > size if key == b"LARGER" else len(message.raw) < size
    if key in (b"BODY", b"TEXT"):
        text = _next(words).lower()
        return lambda message: text in (message.raw if key == b"TEXT" else halves(message.raw)[1]).lower()
    if key == b"HEADER" or key in _HEADER_KEYS:
        field = _next(words) if key == b"HEADER" else key
        wanted_text = _next(words).decode("utf-8", "replace").lower()
        return lambda message: _has_field(message, field, wanted_text)
    if key in (b"EMAILID", b"THREADID"):
        identifier = _next(words).decode()
        return lambda message: identifier == (message.email_id if key == b"EMAILID" else message.thread_id)
    return _date_test(key, _next(words))


def _has_field(message: Message, field: bytes, text: str) -> bool:
    value = Part(*halves(message.raw), ()).field(field)
    return value is not None and text in readable(value).lower()


def _date_test(key: bytes, value: bytes) -> Test:
    day = datetime.strptime(value.decode(), "%d-%b-%Y").date()
    compare: Callable[[date], bool]
    match key.removeprefix(b"SENT"):
        case b"SINCE":
            compare = lambda found: found >= day  # noqa: E731
        case b"BEFORE":
            compare = lambda found: found < day  # noqa: E731
        case b"ON":
            compare = lambda found: found == day  # noqa: E731
        case _:
            raise Unparsable(f"unknown search key {key.decode('ascii', 'replace')}")
    if not key.startswith(b"SENT"):
        return lambda message: compare(message.internal_date.date())
    return lambda message: compare(_sent_on(message))


def _sent_on(message: Message) -> date:
    value = Part(*halves(message.raw), ()).field(b"Date")
    try:
        return parsedate_to_datetime((value or b"").decode("ascii", "replace")).date()
    except ValueError:
        return date.min.replace(year=datetime(1970, 1, 1, tzinfo=UTC).year)


def _next(words: Iterator[Argument]) -> bytes:
    word = _next_any(words)
    if not isinstance(word, bytes):
        raise Unparsable("a list where a word should be")
    return word


def _next_any(words: Iterator[Argument]) -> Argument:
    try:
        return next(words)
    except StopIteration as error:
        raise Unparsable("the search key lacks its value") from error
