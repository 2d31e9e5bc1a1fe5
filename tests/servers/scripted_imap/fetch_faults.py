"""Faults of FETCH: lines that lack something, lie, come twice, come unasked, or concern other messages."""

from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import replace

from tests.servers.scripted_imap.faults import Fault
from tests.servers.scripted_imap.lines import FetchLine, Line, Lines, Literal, Tagged, no
from tests.servers.scripted_imap.session import Scene

EVERY: Collection[int] = range(1, 1 << 32)


def without_items(*names: str, uids: Collection[int] = EVERY) -> Fault:
    """The named items ("FLAGS", "BODY", "INTERNALDATE", "UID") are missing from the lines of these messages."""
    missing = [name.encode() for name in names]
    return _changed(f"without {', '.join(names)}", uids, lambda line: line.without(*missing))


def without_messages(uids: Collection[int]) -> Fault:
    """These messages are passed over in silence, and the answer is OK."""
    return _spread(f"without messages {uids}", uids, lambda line: [])


def short(lines: int) -> Fault:
    """Only so many lines come, and the answer is OK."""

    async def reshape(scene: Scene, answer: Lines) -> AsyncIterator[Line]:
        said = 0
        async for line in answer:
            said += isinstance(line, FetchLine)
            if not isinstance(line, FetchLine) or said <= lines:
                yield line

    return Fault("short", reshape)


def fails_at(uid: int, text: str = "[SERVERBUG] Internal error occurred") -> Fault:
    """The server cannot read this one message: what comes before it is sent, then a tagged NO."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            if isinstance(line, FetchLine) and line.uid == uid:
                yield no(text)
                return
            yield line

    return Fault("fails at", reshape)


def other_uids(offset: int = 1000) -> Fault:
    """The lines carry other UIDs than those that were asked for."""

    def shift(line: FetchLine) -> FetchLine:
        uid = line.uid + offset
        return replace(line.with_item(b"UID", b"%d" % uid), uid=uid)

    return _changed("other uids", EVERY, shift)


def duplicated(uids: Collection[int] = EVERY) -> Fault:
    """The lines of these messages come twice."""
    return _spread("duplicated", uids, lambda line: [line, line])


def backwards() -> Fault:
    """The lines come in falling order."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        held: list[Line] = []
        async for line in lines:
            if isinstance(line, FetchLine):
                held.append(line)
                continue
            if isinstance(line, Tagged):
                for earlier in reversed(held):
                    yield earlier
            yield line

    return Fault("backwards", reshape)


def split_lines() -> Fault:
    """Each item comes in a line of its own, with the UID; RFC 3501 section 7.4.2 allows it."""

    def split(line: FetchLine) -> list[FetchLine]:
        uid = (b"UID", b"%d" % line.uid)
        return [replace(line, items=(uid, item)) for item in line.items if item[0] != b"UID"]

    return _spread("split lines", EVERY, split)


def empty_bodies(uids: Collection[int] = EVERY) -> Fault:
    """Every BODY[…] is an empty string, as servers send that have lost the file."""
    return _bodies("empty bodies", uids, lambda literal: b'""')


def nil_bodies(uids: Collection[int] = EVERY) -> Fault:
    """Every BODY[…] is NIL."""
    return _bodies("nil bodies", uids, lambda literal: b"NIL")


def longer_than_announced(extra: bytes = b" and some more", uids: Collection[int] = EVERY) -> Fault:
    """Literals have more bytes than they announce."""
    return _bodies(
        "longer than announced", uids, lambda literal: Literal(literal.content + extra, len(literal.content))
    )


def shorter_than_announced(missing: int = 10, uids: Collection[int] = EVERY) -> Fault:
    """Literals have fewer bytes than they announce, so that the client reads on into the next line."""
    return _bodies(
        "shorter than announced", uids, lambda literal: Literal(literal.content[:-missing], len(literal.content))
    )


def bare_line_feeds(uids: Collection[int] = EVERY) -> Fault:
    """Bodies with LF alone as line end."""
    return _bodies("bare line feeds", uids, lambda literal: Literal(literal.content.replace(b"\r\n", b"\n")))


def wrong_size(factor: float = 1.1, uids: Collection[int] = EVERY) -> Fault:
    """RFC822.SIZE is not the size, as Exchange gives it for converted mail."""

    def resize(line: FetchLine) -> FetchLine:
        size = next((value for name, value in line.items if name == b"RFC822.SIZE"), None)
        return line.with_item(b"RFC822.SIZE", b"%d" % int(int(size) * factor)) if isinstance(size, bytes) else line

    return _changed("wrong size", uids, resize)


def unasked_fetch(uid: int, flags: str = "\\Seen", number: int = 1) -> Fault:
    """Before the answer comes a FETCH line of another message, which RFC 3501 section 7.4.2 allows at any time."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        yield FetchLine(number, uid, ((b"UID", b"%d" % uid), (b"FLAGS", b"(%b)" % flags.encode())))
        async for line in lines:
            yield line

    return Fault("unasked fetch", reshape)


def expunge_while_fetching(uid: int, after_lines: int = 1) -> Fault:
    """After so many lines another mail program removes `uid`; its line does not come, the answer is OK."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        said, view = 0, scene.session.view
        async for line in lines:
            yield line
            said += 1
            if said == after_lines and view is not None:
                view.folder.expunge(uid)

    return Fault("expunge while fetching", reshape)


def meanwhile(act: Callable[[], object], after_lines: int = 0) -> Fault:
    """Something happens in the mailbox after so many lines of the answer: `lambda: inbox.deliver(raw)`. Any verb."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        said = 0
        if after_lines == 0:
            act()
        async for line in lines:
            yield line
            said += 1
            if said == after_lines:
                act()

    return Fault("meanwhile", reshape)


def _changed(name: str, uids: Collection[int], change: Callable[[FetchLine], FetchLine]) -> Fault:
    return _spread(name, uids, lambda line: [change(line)])


def _bodies(name: str, uids: Collection[int], change: Callable[[Literal], bytes | Literal]) -> Fault:
    def apply(line: FetchLine) -> FetchLine:
        items = ((key, change(value) if isinstance(value, Literal) else value) for key, value in line.items)
        return replace(line, items=tuple(items))

    return _changed(name, uids, apply)


def _spread(name: str, uids: Collection[int], change: Callable[[FetchLine], list[FetchLine]]) -> Fault:
    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            if not isinstance(line, FetchLine) or line.uid not in uids:
                yield line
                continue
            for changed in change(line):
                yield changed

    return Fault(name, reshape)
