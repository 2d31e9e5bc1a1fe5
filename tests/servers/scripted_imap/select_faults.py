"""Faults of what a folder says of itself: UIDVALIDITY, UIDNEXT, HIGHESTMODSEQ, EXISTS, VANISHED, and names in LIST.

Most touch only the lines of "SELECT", "EXAMINE" or "STATUS"; `modseq_rises`, `modseq_falls`, `rebuild_folders` change
the store.
"""

import re
from collections.abc import AsyncIterator, Iterable

from tests.servers.scripted_imap.faults import Fault
from tests.servers.scripted_imap.lines import FetchLine, Line, Lines, Tagged, untagged
from tests.servers.scripted_imap.session import Scene
from tests.servers.scripted_imap.sets import compact


def uidvalidity(value: int | None) -> Fault:
    """Say this UIDVALIDITY (0, lower, higher); None leaves it out."""
    return _said("UIDVALIDITY", value)


def highest_modseq(value: int | None) -> Fault:
    """Say this HIGHESTMODSEQ; None says NOMODSEQ (RFC 7162 section 3.1.2.2)."""
    return _said("HIGHESTMODSEQ", value)


def uidnext(value: int | None) -> Fault:
    """Say this UIDNEXT; None leaves it out, as old servers do."""
    return _said("UIDNEXT", value)


def exists(count: int) -> Fault:
    """Say that so many messages exist."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            yield re.sub(rb"^\* \d+ EXISTS", b"* %d EXISTS" % count, line) if isinstance(line, bytes) else line

    return Fault("exists", reshape)


def modseq_rises() -> Fault:
    """HIGHESTMODSEQ goes up although nothing has changed, as it does in Gmail when another folder changes."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        assert scene.session.account is not None
        for folder in scene.session.account.folders.values():
            folder.modseq.rise()
        async for line in lines:
            yield line

    return Fault("modseq rises", reshape)


def modseq_falls(by: int = 1) -> Fault:
    """HIGHESTMODSEQ goes down for good with the same UIDVALIDITY (seen with Dovecot after an index repair)."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        assert scene.session.account is not None
        folder = scene.session.account.folder(scene.session.folder_name(scene.command.word(0)))
        folder.modseq.value = max(1, folder.modseq.value - by)
        for message in folder.messages():
            message.modseq = min(message.modseq, folder.modseq.value)
        async for line in lines:
            yield line

    return Fault("modseq falls", reshape)


def rebuild_folders(step: int = 1) -> Fault:
    """Before the answer all folders get a new UIDVALIDITY (`step` higher, or lower) and new UIDs.

    On "LOGIN" or "AUTHENTICATE" for every login, on "SELECT" for a change between two SELECTs.
    """

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        for account in scene.session.server.accounts.values():
            for folder in account.folders.values():
                folder.rebuild(folder.uidvalidity + step)
        async for line in lines:
            yield line

    return Fault("rebuild folders", reshape)


def vanished(uids: Iterable[int], *, earlier: bool = False) -> Fault:
    """A VANISHED line before the tagged OK, whatever the client enabled; on an EXAMINE or NOOP, say."""
    text = f"VANISHED {'(EARLIER) ' if earlier else ''}{compact(sorted(uids))}"

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            if isinstance(line, Tagged):
                yield untagged(text)
            yield line

    return Fault("vanished", reshape)


def forgotten_vanished() -> Fault:
    """No VANISHED and no EXPUNGE line comes, although messages are gone."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            told = isinstance(line, bytes) and (b"VANISHED" in line or line.rstrip().endswith(b"EXPUNGE"))
            if not told:
                yield line

    return Fault("forgotten vanished", reshape)


def forgotten_changes() -> Fault:
    """No FETCH line comes in the answer, although flags have changed."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            if not isinstance(line, FetchLine):
                yield line

    return Fault("forgotten changes", reshape)


def renamed_in_list(old: str, new: str) -> Fault:
    """On "LIST": a folder's name in other letters ("inbox", "SENT")."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            is_list = isinstance(line, bytes) and line.startswith((b"* LIST", b"* XLIST"))
            yield line.replace(old.encode(), new.encode()) if is_list and isinstance(line, bytes) else line

    return Fault("renamed in list", reshape)


def _said(word: str, value: int | None) -> Fault:
    code = re.compile(rb"^\* OK \[" + word.encode() + rb" \d+\][^\r]*\r\n")
    item = re.compile(rb" ?" + word.encode() + rb" \d+")

    def change(line: bytes) -> bytes:
        if code.match(line):
            if value is None:
                return b"* OK [NOMODSEQ] No mod-sequences\r\n" if word == "HIGHESTMODSEQ" else b""
            return untagged(f"OK [{word} {value}] said")
        if line.startswith(b"* STATUS "):
            return item.sub(b"" if value is None else f" {word} {value}".encode(), line).replace(b"( ", b"(")
        return line

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            yield change(line) if isinstance(line, bytes) else line

    return Fault(f"{word} {value}", reshape)
