"""What changed since a cursor: the same answers whether the server tells everything or nothing."""

from postroom.wire.imap.changes import changes_since
from postroom.wire.imap.session import Session, open_session
from postroom.wire.imap.types import Changes, Folder, FolderCursor, FolderRole, FolderState, UidSet
from tests.wire.imap.conftest import Mailbox, folder_of, mail
from tests.wire.imap.scripted import answering, inbox, stub


async def seen(session: Session, folder: Folder) -> tuple[FolderCursor, UidSet]:
    """Read a folder for the first time; the cursor after it."""
    changes = await changes_since(session, folder, None)
    assert changes.cursor_void
    assert changes.present == changes.new
    return cursor_after(changes.state, changes.new), changes.new


def cursor_after(state: FolderState, known: UidSet) -> FolderCursor:
    return FolderCursor(state.uid_validity, known.highest, state.highest_modseq, len(known))


def gone(changes: Changes, known: UidSet) -> UidSet:
    """What vanished, as a caller works it out."""
    if changes.vanished is not None and changes.present is None:
        return changes.vanished & known
    return known - changes.present if changes.present is not None else UidSet()


async def test_the_first_look_finds_everything(mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.deliver(mail(number))
    async with mailbox.session() as session:
        folder = await folder_of(session, FolderRole.INBOX)
        changes = await changes_since(session, folder, None)
        assert len(changes.new) == 3
        assert changes.state.exists == 3
        assert changes.state.read_only
        assert changes.state.uid_validity


async def test_an_empty_folder_is_no_mail_and_no_error(mailbox: Mailbox) -> None:
    async with mailbox.session() as session:
        changes = await changes_since(session, await folder_of(session, FolderRole.INBOX), None)
        assert changes.new == UidSet()
        assert changes.state.exists == 0


async def test_nothing_new_is_nothing(mailbox: Mailbox) -> None:
    mailbox.deliver(mail(1))
    async with mailbox.session() as session:
        folder = await folder_of(session, FolderRole.INBOX)
        cursor, known = await seen(session, folder)
        changes = await changes_since(session, folder, cursor)
        assert not changes.cursor_void
        assert changes.new == UidSet()
        assert gone(changes, known) == UidSet()


async def test_new_mail_is_new_once(mailbox: Mailbox) -> None:
    mailbox.deliver(mail(1))
    async with mailbox.session() as session:
        folder = await folder_of(session, FolderRole.INBOX)
        cursor, known = await seen(session, folder)
        mailbox.deliver(mail(2))
        changes = await changes_since(session, folder, cursor)
        assert len(changes.new) == 1
        assert changes.new.lowest > known.highest
        later = await changes_since(session, folder, cursor_after(changes.state, known | changes.new))
        assert later.new == UidSet()


async def test_changed_flags_are_told(mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.deliver(mail(number))
    async with mailbox.session() as session:
        folder = await folder_of(session, FolderRole.INBOX)
        cursor, known = await seen(session, folder)
        uid = list(known)[1]
        mailbox.elsewhere("INBOX", ("STORE", str(uid), "+FLAGS", "(\\Flagged)"))
        changes = await changes_since(session, folder, cursor)
        told = {change.uid: change.flags for change in changes.flags}
        assert "\\Flagged" in told[uid]
        assert set(told) <= set(known)
        if session.offers("CONDSTORE"):
            assert set(told) == {uid}


async def test_what_another_program_removed_is_noticed(mailbox: Mailbox) -> None:
    for number in range(4):
        mailbox.deliver(mail(number))
    async with mailbox.session() as session:
        folder = await folder_of(session, FolderRole.INBOX)
        cursor, known = await seen(session, folder)
        removed = list(known)[1]
        mailbox.elsewhere("INBOX", ("STORE", str(removed), "+FLAGS", "(\\Deleted)"), ("EXPUNGE",))
        changes = await changes_since(session, folder, cursor)
        assert gone(changes, known) == UidSet([removed])
        assert changes.new == UidSet()


async def test_one_gone_and_one_new_are_both_noticed_though_the_count_is_the_same(mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.deliver(mail(number))
    async with mailbox.session() as session:
        folder = await folder_of(session, FolderRole.INBOX)
        cursor, known = await seen(session, folder)
        mailbox.elsewhere("INBOX", ("STORE", str(known.highest), "+FLAGS", "(\\Deleted)"), ("EXPUNGE",))
        mailbox.deliver(mail(9))
        changes = await changes_since(session, folder, cursor)
        assert gone(changes, known) == UidSet([known.highest])
        assert len(changes.new) == 1


async def test_without_a_count_all_uids_are_asked_for_where_the_server_does_not_tell(mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.deliver(mail(number))
    async with mailbox.session() as session:
        folder = await folder_of(session, FolderRole.INBOX)
        cursor, known = await seen(session, folder)
        uncounted = FolderCursor(cursor.uid_validity, cursor.highest_uid, cursor.highest_modseq)
        mailbox.elsewhere("INBOX", ("STORE", str(known.lowest), "+FLAGS", "(\\Deleted)"), ("EXPUNGE",))
        changes = await changes_since(session, folder, uncounted)
        assert gone(changes, known) == UidSet([known.lowest])


async def test_a_folder_that_was_made_again_voids_the_cursor(mailbox: Mailbox) -> None:
    """The same name with another UIDVALIDITY: no UID we hold means anything."""
    for number in range(3):
        mailbox.deliver(mail(number))
    async with mailbox.session() as session:
        folder = await folder_of(session, FolderRole.INBOX)
        cursor, _ = await seen(session, folder)
        assert cursor.uid_validity is not None
        for validity in (cursor.uid_validity - 1, cursor.uid_validity + 1, None):
            other = FolderCursor(validity, cursor.highest_uid, cursor.highest_modseq, cursor.known_count)
            changes = await changes_since(session, folder, other)
            assert changes.cursor_void
            assert len(changes.new) == 3


async def test_numbers_of_messages_that_went_back_void_the_cursor(mailbox: Mailbox) -> None:
    """UIDs only grow: a UIDNEXT below what was seen is another folder under the same UIDVALIDITY (espocrm #3654)."""
    mailbox.deliver(mail(1))
    async with mailbox.session() as session:
        folder = await folder_of(session, FolderRole.INBOX)
        cursor, _ = await seen(session, folder)
        ahead = FolderCursor(cursor.uid_validity, cursor.highest_uid + 100, cursor.highest_modseq, 1)
        changes = await changes_since(session, folder, ahead)
        if changes.state.uid_next is not None:  # Courier does not say it
            assert changes.cursor_void
            assert len(changes.new) == 1


async def test_a_modification_number_that_went_back_reads_all_flags_again(mailbox: Mailbox) -> None:
    mailbox.deliver(mail(1), flags="(\\Seen)")
    mailbox.deliver(mail(2))
    async with mailbox.session() as session:
        folder = await folder_of(session, FolderRole.INBOX)
        cursor, known = await seen(session, folder)
        ahead = FolderCursor(cursor.uid_validity, cursor.highest_uid, (cursor.highest_modseq or 0) + 1000, 2)
        changes = await changes_since(session, folder, ahead)
        assert not changes.cursor_void
        assert {change.uid for change in changes.flags} == set(known)
        assert changes.present == known


async def test_flags_of_the_folder_open_before_are_not_taken_for_this_ones() -> None:
    """Until CLOSED, what comes is about the other folder (RFC 7162 section 3.2.11)."""
    answers = {
        b"EXAMINE": b"* 1 FETCH (UID 1 FLAGS (\\Deleted))\r\n* VANISHED (EARLIER) 1\r\n* OK [CLOSED] x\r\n"
        b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 2] x\r\n* OK [HIGHESTMODSEQ 5] x\r\n",
        b"ENABLE": b"* ENABLED QRESYNC\r\n",
    }
    greeting = b"* PREAUTH [CAPABILITY IMAP4rev1 ENABLE QRESYNC CONDSTORE] hello\r\n"
    async with stub(answering(answers), greeting) as imap, await open_session(imap) as session:
        changes = await changes_since(session, inbox(), FolderCursor(1, 1, 5, 1))
    assert (changes.flags, changes.vanished, changes.cursor_void) == ((), UidSet(), False)
