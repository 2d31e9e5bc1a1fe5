"""Whatever bytes a server sends: an answer or an error of ours, in time, and no memory without end."""

import asyncio
import zlib
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postroom.ground.errors import PostroomError, Temporary
from postroom.wire.imap import connection
from postroom.wire.imap.changes import changes_since
from postroom.wire.imap.fetch import raw_messages, summaries
from postroom.wire.imap.folders import create_folder, list_folders
from postroom.wire.imap.idle import wait
from postroom.wire.imap.move import move
from postroom.wire.imap.search import all_uids
from postroom.wire.imap.session import Session, open_session
from postroom.wire.imap.status import folder_state
from postroom.wire.imap.types import Access, FolderCursor, ImapSettings, UidSet
from tests.wire.imap.scripted import Say, answering, inbox, stub

OFFERED = b"CAPABILITY IMAP4rev1 IDLE ESEARCH QRESYNC CONDSTORE ENABLE MOVE UIDPLUS NAMESPACE LITERAL+ X-GM-EXT-1"
GREETING = b"* PREAUTH [%s] hello\r\n" % OFFERED


async def use(session: Session) -> None:
    """Every verb that reads, one after the other."""
    await list_folders(session)
    await changes_since(session, inbox(), None)
    await changes_since(session, inbox(), FolderCursor(1, 5, 3, 5))
    await all_uids(session)
    async for _ in summaries(session, UidSet([1, 2, 3])):
        pass
    async for _ in raw_messages(session, UidSet([1, 2, 3]), 10_000, 10_000):
        pass
    await wait(session, 0.01)
    await folder_state(session, inbox())
    await move(session, UidSet([1]), inbox())
    await create_folder(session, "x")


async def survives(imap: ImapSettings) -> None:
    """Use a server; only errors of ours come out, and nothing blows up in the event loop."""
    blown: list[object] = []

    def note(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        if isinstance(context.get("protocol"), connection.Connection):
            blown.append(context)

    asyncio.get_running_loop().set_exception_handler(note)
    with suppress(PostroomError):
        async with asyncio.timeout(60), await open_session(imap) as session:
            await use(session)
    assert blown == []


WORDS = st.sampled_from([
    b"* ", b"OK", b"NO", b"BAD", b"BYE", b" ", b"\r\n", b"(", b")", b'"', b"\\", b"{3}\r\n", b"{999999}\r\n", b"[",
    b"]", b"FETCH", b"UID", b"FLAGS", b"BODY[]", b"BODY[HEADER.FIELDS (FROM)]", b"1", b"0", b"4294967296", b"*", b"1:3",
    b"SEARCH", b"ESEARCH", b"ALL", b"LIST", b"STATUS", b"EXISTS", b"EXPUNGE", b"VANISHED (EARLIER)", b"NIL", b"+ ",
    b"INTERNALDATE", b'"01-Jan-2024 00:00:00 +0000"', b"RFC822.SIZE", b"MODSEQ (", b"X-GM-LABELS (", b"NAMESPACE",
    b"[UIDVALIDITY 1]", b"[UIDNEXT 9]", b"[HIGHESTMODSEQ 4]", b"[COPYUID 1 1:3 5:7]", b"[CAPABILITY", b"INBOX", b"%t",
])  # fmt: skip
NOISE = st.lists(WORDS | st.binary(max_size=12), max_size=25).map(b"".join)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(NOISE, min_size=1, max_size=6), st.booleans())
async def test_no_conversation_does_more_than_fail(noises: list[bytes], ends: bool) -> None:
    turn = 0

    async def play(line: bytes, say: Say) -> None:
        nonlocal turn
        noise = noises[turn % len(noises)].replace(b"%t", line.partition(b" ")[0])
        turn += 1
        await say(noise + (b"\r\n" + line.partition(b" ")[0] + b" OK done\r\n" if ends else b""))

    async with stub(play, GREETING) as imap:
        await survives(replace(imap, silence_timeout_seconds=0.05, connect_timeout_seconds=0.5))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300), st.integers(0, 12))
async def test_random_bytes_at_any_moment(noise: bytes, moment: int) -> None:
    turn = 0

    async def play(line: bytes, say: Say) -> None:
        nonlocal turn
        turn += 1
        await say((noise if turn > moment else b"") + line.partition(b" ")[0] + b" OK done\r\n")

    async with stub(play, GREETING) as imap:
        await survives(replace(imap, silence_timeout_seconds=0.05, connect_timeout_seconds=0.5))


GOOD = {
    b"LIST": b'* LIST (\\HasNoChildren \\Sent) "/" {4}\r\nSent\r\n* LIST () "." INBOX\r\n',
    b"EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 6] x\r\n* OK [HIGHESTMODSEQ 9] x\r\n"
    b"* VANISHED (EARLIER) 2:4\r\n* 1 FETCH (UID 1 FLAGS (\\Seen $x) MODSEQ (8))\r\n",
    b"UID SEARCH": b'* ESEARCH (TAG "%t") UID ALL 1:3,5\r\n%t OK done\r\n',
    b"UID FETCH": b'* 1 FETCH (UID 1 FLAGS () INTERNALDATE "01-Jan-2024 00:00:00 +0000" RFC822.SIZE 8 '
    b'X-GM-LABELS ("a b" {2}\r\ncd) X-GM-MSGID 1 X-GM-THRID 2 BODY[HEADER.FIELDS (DATE FROM)] {8}\r\nFrom: a\n)\r\n'
    b'* 2 FETCH (BODY[] "q\\"uo" UID 2 FLAGS (\\Seen) RFC822.SIZE 4)\r\n',
    b"IDLE": b"+ idling\r\n* 4 EXISTS\r\n",
    b"STATUS": b'* STATUS "INBOX" (MESSAGES 3 UIDNEXT 6 UIDVALIDITY 1 HIGHESTMODSEQ 9)\r\n',
    b"UID MOVE": b"* OK [COPYUID 1 1 7] x\r\n* 1 EXPUNGE\r\n",
    b"NAMESPACE": b'* NAMESPACE (("INBOX." ".")) NIL ((NIL "/"))\r\n',
    b"ENABLE": b"* ENABLED QRESYNC CONDSTORE\r\n",
}


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(GOOD)), st.integers(0, 250), st.integers(0, 6), NOISE | st.binary(max_size=3))
async def test_a_good_conversation_with_a_spoiled_piece(verb: bytes, at: int, removed: int, put: bytes) -> None:
    good = GOOD[verb]
    at %= len(good)
    spoiled = {**GOOD, verb: good[:at] + put.replace(b"%t", b"P7") + good[at + removed :]}
    async with stub(answering(spoiled), GREETING) as imap:
        await survives(replace(imap, silence_timeout_seconds=0.05, connect_timeout_seconds=0.5))


async def test_the_good_conversation_is_good() -> None:
    async with stub(answering(GOOD), GREETING) as imap, await open_session(imap) as session:
        with pytest.raises(PostroomError, match="does not list it"):  # its LIST never shows a new one
            await use(session)


async def test_an_answer_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MAX_UNTAKEN", 50_000)

    async def play(line: bytes, say: Say) -> None:
        with suppress(ConnectionError):
            for _ in range(300):
                await say(b"* OK still here\r\n" * 1000)

    async with stub(play, GREETING) as imap:
        with pytest.raises(Temporary, match="without answering"):
            async with await open_session(imap):
                pass


BOMB = zlib.compressobj(9, zlib.DEFLATED, -15)
SWOLLEN = BOMB.compress(b"x" * 200_000_000) + BOMB.flush()


async def test_a_few_compressed_bytes_do_not_fill_the_memory() -> None:
    """200 KB that swell to 200 MB: refused by the limit of a line, long before."""
    play = answering({b"COMPRESS": b"%t OK begin\r\n" + SWOLLEN})
    async with stub(play, b"* PREAUTH [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] hello\r\n") as imap:
        session = await open_session(imap)
        with suppress(PostroomError):
            await session.connection.start_compress().reply
        with pytest.raises(Temporary):
            await list_folders(session)


async def test_a_search_of_a_million_messages_is_taken_in() -> None:
    numbers = b" ".join(b"%d" % uid for uid in range(1, 1_000_001))
    answers = {b"UID SEARCH": b"* SEARCH " + numbers + b"\r\n", b"EXAMINE": b"* 1000000 EXISTS\r\n"}
    greeting = b"* PREAUTH [CAPABILITY IMAP4rev1] hello\r\n"
    async with stub(answering(answers), greeting) as imap, await open_session(imap) as session:
        await session.select(inbox(), Access.READ_ONLY)
        assert await all_uids(session) == UidSet.between(1, 1_000_000)


async def test_more_messages_than_there_are_is_not_believed() -> None:
    """Quickly said, and it would take years to read them."""
    answers = {b"UID SEARCH": b"* ESEARCH UID ALL 1:4294967295\r\n", b"EXAMINE": b"* 3 EXISTS\r\n"}
    async with stub(answering(answers), GREETING) as imap, await open_session(imap) as session:
        with pytest.raises(Temporary, match="in a folder of 3"):
            await changes_since(session, inbox(), None)


async def test_a_byte_now_and_then_for_ever_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LONGEST_COMMAND_SECONDS", 0.3)

    async def play(line: bytes, say: Say) -> None:
        with suppress(ConnectionError):
            for _ in range(100):
                await say(b"* OK still here\r\n")
                await asyncio.sleep(0.02)

    async with stub(play, GREETING) as imap:
        with pytest.raises(Temporary, match="not answered"):
            async with await open_session(replace(imap, silence_timeout_seconds=0.1)):
                pass
