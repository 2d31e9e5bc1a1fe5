"""One FETCH response as values. The usual shapes by one pattern, every other by the full grammar."""

import re
from functools import lru_cache
from typing import NamedTuple

from postroom.wire.imap.names import decoded
from postroom.wire.imap.responses import Response
from postroom.wire.imap.syntax import Value, number, values
from postroom.wire.imap.types import Flags, GmailItems, ObjectIds

# Items in any order, as servers please; every repetition is possessive, so that no input makes it go back.
_USUAL = re.compile(
    rb"""\*[ ]\d{1,10}[ ]FETCH[ ]\((?:(?:
      UID[ ](?P<uid>\d{1,10})
    | FLAGS[ ]\((?P<flags>[^()"{\r]*+)\)
    | INTERNALDATE[ ]"(?P<date>[^"\\]*+)"
    | RFC822\.SIZE[ ](?P<size>\d{1,18})
    | BODY\[(?P<section>[^\]]*+)\][ ]\{\d++\}\r\n
    | MODSEQ[ ]\((?P<modseq>\d{1,18})\)
    | X-GM-MSGID[ ](?P<message>\d{1,20})
    | X-GM-THRID[ ](?P<thread>\d{1,20})
    | EMAILID[ ]\((?P<email_id>[^()"{\s]*+)\)
    | THREADID[ ](?:NIL|\((?P<thread_id>[^()"{\s]*+)\))
    | X-GM-LABELS[ ]\((?P<labels>(?:[^()"\r\n]|"(?:[^"\\\r\n]|\\.)*+")*+)\)
    )[ ]?)*+\)\Z""",
    re.VERBOSE,
)
_ANY = re.compile(rb"\* \d{1,10} FETCH \(", re.IGNORECASE)
_GROUPS = ("uid", "flags", "date", "size", "section", "modseq", "labels", "message", "email_id")


class Fetched(NamedTuple):
    """What one FETCH response says; None where it says nothing. `body` is None also where NIL was said."""

    uid: int | None
    flags: Flags | None
    date: bytes | None
    size: int | None
    modseq: int | None
    gmail: GmailItems | None
    labels: tuple[str, ...] | None
    body: bytes | None
    object_ids: ObjectIds | None = None

    def completed_by(self, later: "Fetched") -> "Fetched":
        """Both together: a server may answer one message in two responses."""
        said = {name: value for name, value in later._asdict().items() if value is not None}
        return self._replace(**said)


def read_fetch(response: Response) -> Fetched | None:
    """The response as values; None if it is not a FETCH. Raises Unspeakable if it cannot be read."""
    text, literals = response
    found = _USUAL.match(text)
    if found is None:
        return _read_unusual(response)
    uid, flags, date, size, section, modseq, label_words, message, email_id = found.group(*_GROUPS)
    if len(literals) != (section is not None):
        return _read_unusual(response)
    labels = None if label_words is None else _label_names(label_words)
    return Fetched(
        None if uid is None else int(uid),
        None if flags is None else flag_set(flags),
        date,
        None if size is None else int(size),
        None if modseq is None else int(modseq),
        None if message is None else _gmail(int(message), number(found["thread"]), labels),
        labels,
        None if section is None else literals[0],
        None if email_id is None else _object_ids(email_id, found["thread_id"]),
    )


def _gmail(message: int | None, thread: int | None, labels: tuple[str, ...] | None) -> GmailItems | None:
    return None if message is None or thread is None else GmailItems(message, thread, labels or ())


def _object_ids(email_id: Value, thread_id: Value) -> ObjectIds | None:
    if not isinstance(email_id, bytes):
        return None
    thread = thread_id.decode("ascii", "replace") if isinstance(thread_id, bytes) else None
    return ObjectIds(email_id.decode("ascii", "replace"), thread)


@lru_cache(maxsize=4096)
def flag_set(words: bytes) -> Flags:
    """Flags with blanks between them. Cached: most messages of a folder have one of a few sets."""
    return frozenset(words.decode("utf-8", "replace").split())


@lru_cache(maxsize=4096)
def _label_names(words: bytes) -> tuple[str, ...]:
    return _labels(values(Response(words)))


def _labels(parts: list[Value]) -> tuple[str, ...]:
    return tuple(decoded(part) for part in parts if isinstance(part, bytes))


def _read_unusual(response: Response) -> Fetched | None:
    start = _ANY.match(response.text)
    if start is None:
        return None
    parts = values(response, start.end() - 1)
    pairs = parts[0] if parts and isinstance(parts[0], list) else []
    items = {
        name.upper(): value for name, value in zip(pairs[::2], pairs[1::2], strict=False) if isinstance(name, bytes)
    }
    return _of_items(items)


def _of_items(items: dict[bytes, Value]) -> Fetched:
    flags, date, labels = items.get(b"FLAGS"), items.get(b"INTERNALDATE"), items.get(b"X-GM-LABELS")
    modseq = items.get(b"MODSEQ")
    email_id, thread_id = items.get(b"EMAILID"), items.get(b"THREADID")
    label_names = _labels(labels) if isinstance(labels, list) else None
    body = next((value for name, value in items.items() if name.startswith(b"BODY[")), None)
    return Fetched(
        uid=number(items.get(b"UID")),
        flags=_flags(flags) if isinstance(flags, list) else None,
        date=date if isinstance(date, bytes) else None,
        size=number(items.get(b"RFC822.SIZE")),
        modseq=number(modseq[0]) if isinstance(modseq, list) and modseq else None,
        gmail=_gmail(number(items.get(b"X-GM-MSGID")), number(items.get(b"X-GM-THRID")), label_names),
        labels=label_names,
        body=body if isinstance(body, bytes) else None,
        object_ids=_object_ids(_first(email_id), _first(thread_id)),
    )


def _first(value: Value) -> Value:
    return value[0] if isinstance(value, list) and value else None


def _flags(parts: list[Value]) -> Flags:
    return frozenset(part.decode("utf-8", "replace") for part in parts if isinstance(part, bytes))
