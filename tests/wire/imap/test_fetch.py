"""Summaries and whole messages from real servers."""

import asyncio
from datetime import UTC, datetime, timedelta

from postroom.wire.imap.fetch import raw_messages, summaries
from postroom.wire.imap.flags import read_flags
from postroom.wire.imap.search import all_uids
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, FolderRole, RawMessage, SummaryBatch, UidSet
from tests.wire.imap.conftest import Mailbox, folder_of, mail

MB = 1 << 20


async def opened(session: Session, access: Access = Access.READ_ONLY) -> UidSet:
    await session.select(await folder_of(session, FolderRole.INBOX), access)
    return await all_uids(session)


async def read_summaries(session: Session, uids: UidSet, batch: int = 500) -> list[SummaryBatch]:
    return [found async for found in summaries(session, uids, batch)]


async def read_raw(session: Session, uids: UidSet, max_size: int = 20 * MB) -> list[RawMessage]:
    return [found async for found in raw_messages(session, uids, max_size, MB)]


async def test_summaries_come_newest_first_with_all_they_promise(mailbox: Mailbox) -> None:
    for number in range(7):
        mailbox.deliver(mail(number), flags="(\\Seen)" if number == 3 else "")
    async with mailbox.session() as session:
        uids = await opened(session)
        batches = await read_summaries(session, uids, batch=3)
    found = [summary for batch in batches for summary in batch.summaries]
    assert [summary.uid for summary in found] == list(uids.descending())
    assert [len(batch.asked) for batch in batches] == [3, 3, 1]
    assert all(batch.missing == UidSet() for batch in batches)
    middle = found[3]
    assert "\\Seen" in middle.flags
    assert b"Subject: Number 3\r\n" in middle.header
    assert b"Message-ID: <number-3@example.org>" in middle.header
    assert b"Hello" not in middle.header
    assert middle.size == len(mail(3))
    assert middle.internal_date is not None
    assert abs(middle.internal_date - datetime.now(UTC)) < timedelta(minutes=5)


async def test_whole_messages_come_byte_for_byte(mailbox: Mailbox) -> None:
    sent = [mail(1), mail(2, size=300_000), mail(3)]
    for raw in sent:
        mailbox.deliver(raw)
    async with mailbox.session() as session:
        found = await read_raw(session, await opened(session))
    assert sorted(one.raw or b"" for one in found) == sorted(sent)
    assert not any(one.header_only for one in found)


async def test_raw_eight_bit_headers_come_as_they_are(ada: Mailbox) -> None:
    """Cyrus and Courier mend such mail when it is stored; what Dovecot keeps must not be mended by us."""
    sent = b"Subject: \xff\xfe raw 8-bit\r\n\r\n\xe9\xe8\r\n"
    ada.deliver(sent)
    async with ada.session() as session:
        (found,) = await read_raw(session, await opened(session))
    assert found.raw == sent


async def test_of_a_message_too_large_only_the_header_is_read(mailbox: Mailbox) -> None:
    mailbox.deliver(mail(1))
    mailbox.deliver(mail(2, size=200_000))
    async with mailbox.session() as session:
        small, large = sorted(await read_raw(session, await opened(session), max_size=10_000), key=lambda m: m.uid)
    assert (small.raw, small.header_only) == (mail(1), False)
    assert large.header_only
    assert large.raw == mail(2).split(b"\r\n\r\n")[0] + b"\r\n\r\n"


async def test_reading_never_marks_as_read(mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.deliver(mail(number))
    async with mailbox.session() as session:
        uids = await opened(session, Access.READ_WRITE)
        await read_summaries(session, uids)
        await read_raw(session, uids)
        await read_raw(session, uids, max_size=10)
        assert all("\\Seen" not in change.flags for change in await read_flags(session, uids))


async def test_uids_that_are_gone_are_named_and_the_others_come(mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.deliver(mail(number))
    async with mailbox.session() as session:
        uids = await opened(session)
        asked = uids | UidSet([uids.highest + 5, uids.highest + 6])
        (batch,) = await read_summaries(session, asked)
        assert batch.missing == UidSet([uids.highest + 5, uids.highest + 6])
        assert len(batch.summaries) == 3
        found = await read_raw(session, asked)
        assert sorted(one.uid for one in found) == list(asked)
        assert {one.uid for one in found if one.raw is None} == set(batch.missing)


async def test_nothing_asked_is_nothing_answered(ada: Mailbox) -> None:
    async with ada.session() as session:
        await opened(session)
        assert await read_summaries(session, UidSet()) == []
        assert await read_raw(session, UidSet()) == []


async def test_a_slow_reader_makes_the_server_wait(ada: Mailbox) -> None:
    for number in range(60):
        ada.deliver(mail(number, size=200_000))
    most = 0
    async with ada.session() as session:
        uids = await opened(session)
        stream = raw_messages(session, uids, 20 * MB, max_bytes_in_flight=MB)
        count = 0
        async for _ in stream:
            count += 1
            if count < 5:
                await asyncio.sleep(0.05)
            most = max(most, stream.ag_frame.f_locals["flow"]._bytes)  # type: ignore[attr-defined]
    assert count == 60
    assert most < 2 * MB


async def test_a_reader_who_leaves_early_leaves_a_session_that_works(ada: Mailbox) -> None:
    for number in range(300):
        ada.deliver(mail(number))
    async with ada.session() as session:
        uids = await opened(session)
        async for _ in summaries(session, uids, batch=10):
            break
        stream = raw_messages(session, uids, MB, max_bytes_in_flight=1000)
        async for _ in stream:
            break
        await stream.aclose()  # type: ignore[attr-defined]
        assert await all_uids(session) == uids
        assert len(await read_raw(session, uids)) == 300


async def test_object_ids_where_the_server_has_them(mailbox: Mailbox) -> None:
    mailbox.deliver(mail(1))
    async with mailbox.session() as session:
        uids = await opened(session)
        (batch,) = await read_summaries(session, uids)
        has_ids = session.offers("OBJECTID")
        assert (batch.summaries[0].object_ids is not None) == has_ids
        assert (session.state is not None and session.state.mailbox_id is not None) == has_ids
