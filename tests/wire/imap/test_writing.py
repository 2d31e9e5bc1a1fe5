"""Append, flags, moves, labels of folders: what is done to a mailbox, with and without the extensions for it."""

from datetime import UTC, datetime

import pytest

from postroom.ground.errors import PostroomError
from postroom.wire.imap.append import append
from postroom.wire.imap.errors import FolderMissing
from postroom.wire.imap.fetch import raw_messages, summaries
from postroom.wire.imap.flags import read_flags, store
from postroom.wire.imap.folders import create_folder, list_folders
from postroom.wire.imap.move import move
from postroom.wire.imap.search import all_uids, uids_with_header, uids_with_message_id
from postroom.wire.imap.session import Session
from postroom.wire.imap.status import folder_state
from postroom.wire.imap.types import Access, Folder, FolderRole, NewCopy, UidSet
from tests.wire.imap.conftest import Mailbox, folder_of, mail


async def uids_in(session: Session, folder: Folder) -> UidSet:
    await session.select(folder, Access.READ_ONLY)
    return await all_uids(session)


async def test_a_stored_message_is_there_with_flags_date_and_every_byte(mailbox: Mailbox) -> None:
    when = datetime(2020, 5, 17, 22, 30, 5, tzinfo=UTC)
    raw = mail(1, size=150_000)
    async with mailbox.session() as session:
        sent = await folder_of(session, FolderRole.INBOX)
        uid = await append(session, sent, NewCopy(raw, frozenset({"\\Seen"}), when))
        uids = await uids_in(session, sent)
        assert len(uids) == 1
        assert uid == (uids.highest if session.offers("UIDPLUS") or uid else None)
        async for one in raw_messages(session, uids, 1 << 20, 1 << 20):
            assert one.raw == raw
        async for batch in summaries(session, uids):
            assert batch.summaries[0].internal_date == when
            assert "\\Seen" in batch.summaries[0].flags


async def test_a_message_with_eight_bit_headers_is_stored(mailbox: Mailbox) -> None:
    """With UTF8=ACCEPT (Courier) and without; Cyrus refuses or mends it."""
    raw = "From: a@example.org\r\nSubject: Grüße\r\nMessage-ID: <u8@example.org>\r\n\r\nx\r\n".encode()
    async with mailbox.session() as session:
        inbox = await folder_of(session, FolderRole.INBOX)
        await append(session, inbox, NewCopy(raw, frozenset()))
        assert len(await uids_in(session, inbox)) == 1


async def test_storing_in_a_folder_that_does_not_exist_says_so(mailbox: Mailbox) -> None:
    async with mailbox.session() as session:
        nowhere = Folder("Nowhere", b"Nowhere", "/", FolderRole.OTHER, True)
        with pytest.raises(PostroomError) as caught:
            await append(session, nowhere, NewCopy(mail(1), frozenset()))
        assert isinstance(caught.value, FolderMissing) or "Nowhere" in str(caught.value)
        assert await list_folders(session)  # the session lives on


async def test_flags_are_set_and_cleared(mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.deliver(mail(number))
    async with mailbox.session() as session:
        inbox = await folder_of(session, FolderRole.INBOX)
        await session.select(inbox, Access.READ_WRITE)
        first, second, third = await all_uids(session)
        await store(session, UidSet([first, second]), add=frozenset({"\\Seen", "\\Flagged"}))
        await store(session, UidSet([second]), add=frozenset({"\\Answered"}), remove=frozenset({"\\Seen"}))
        flags = {
            change.uid: change.flags - {"\\Recent"}
            for change in await read_flags(session, UidSet([first, second, third]))
        }
        assert flags == {first: {"\\Seen", "\\Flagged"}, second: {"\\Flagged", "\\Answered"}, third: set()}


async def test_moved_mail_is_in_the_other_folder_and_only_there(mailbox: Mailbox) -> None:
    for number in range(4):
        mailbox.deliver(mail(number))
    async with mailbox.session() as session:
        target = await create_folder(session, "Put away")
        inbox = await folder_of(session, FolderRole.INBOX)
        await session.select(inbox, Access.READ_WRITE)
        uids = list(await all_uids(session))
        moved = await move(session, UidSet(uids[1:3]), target)
        assert moved.left_behind == UidSet()
        assert await all_uids(session) == UidSet([uids[0], uids[3]])
        there = await uids_in(session, target)
        assert len(there) == 2
        if moved.new_uids is not None:
            assert set(moved.new_uids) == set(uids[1:3])
            assert set(moved.new_uids.values()) == set(there)
        assert await uids_with_message_id(session, "<number-1@example.org>")


async def test_moving_never_removes_what_another_program_marked(mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.deliver(mail(number))
    async with mailbox.session() as session:
        target = await create_folder(session, "Put away")
        inbox = await folder_of(session, FolderRole.INBOX)
        await session.select(inbox, Access.READ_WRITE)
        mine, _, theirs = await all_uids(session)
        await store(session, UidSet([theirs]), add=frozenset({"\\Deleted"}))
        moved = await move(session, UidSet([mine]), target)
        left = await all_uids(session)
        assert theirs in left
        assert (mine in left) == (mine in moved.left_behind)
        assert (mine in moved.left_behind) == (not session.offers("MOVE") and not session.offers("UIDPLUS"))
        assert len(await uids_in(session, target)) == 1


async def test_moving_what_is_gone_moves_nothing(mailbox: Mailbox) -> None:
    mailbox.deliver(mail(1))
    async with mailbox.session() as session:
        target = await create_folder(session, "Put away")
        await session.select(await folder_of(session, FolderRole.INBOX), Access.READ_WRITE)
        await move(session, UidSet([(await all_uids(session)).highest + 10]), target)
        assert len(await all_uids(session)) == 1
        assert len(await uids_in(session, target)) == 0


async def test_mail_is_found_by_id_and_header(mailbox: Mailbox) -> None:
    for number in range(12):
        mailbox.deliver(mail(number))
    mailbox.deliver('Subject: Grüße\r\nX-Postroom-ID: abc "q" \\x\r\n\r\n.\r\n'.encode())
    async with mailbox.session() as session:
        uids = list(await uids_in(session, await folder_of(session, FolderRole.INBOX)))
        assert await uids_with_message_id(session, "<number-3@example.org>") == UidSet([uids[3]])
        assert await uids_with_header(session, "X-Postroom-ID", 'abc "q" \\x') == UidSet([uids[12]])
        assert await uids_with_message_id(session, "<nobody@example.org>") == UidSet()
        await uids_with_header(session, "From", "jürgen@exämple.org")  # needs a literal and a charset


@pytest.mark.parametrize("name", ["Ablage", "Grüße & Küsse", "日本語", 'quo"ted', "star*s", "back\\slash"])
async def test_folders_are_made_found_and_opened_whatever_their_name(mailbox: Mailbox, name: str) -> None:
    async with mailbox.session() as session:
        try:
            made = await create_folder(session, name)
        except PostroomError:
            assert name in ('quo"ted', "star*s", "back\\slash")  # servers may forbid these
            return
        again = await create_folder(session, name)
        assert again == made
        assert made.name.endswith(name)
        assert made in await list_folders(session)
        state = await session.select(made, Access.READ_WRITE)
        assert (state.exists, state.read_only) == (0, False)
        assert (await folder_state(session, made)).uid_validity == state.uid_validity


async def test_a_folder_that_is_gone_says_so(mailbox: Mailbox) -> None:
    async with mailbox.session() as session:
        nowhere = Folder("Nowhere", b"Nowhere", "/", FolderRole.OTHER, True)
        with pytest.raises(FolderMissing):
            await session.select(nowhere, Access.READ_ONLY)
        assert session.folder is None
        await session.select(await folder_of(session, FolderRole.INBOX), Access.READ_ONLY)


async def test_a_name_that_holds_a_command_is_never_sent(ada: Mailbox) -> None:
    async with ada.session() as session:
        evil = Folder("x", b'x"\r\nP9 DELETE INBOX\r\n', "/", FolderRole.OTHER, True)
        with pytest.raises(FolderMissing):
            await session.select(evil, Access.READ_ONLY)
