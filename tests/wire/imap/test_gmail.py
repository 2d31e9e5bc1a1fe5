"""Gmail, played by the scripted server: labels, its own ids, and All Mail."""

from postroom.wire.imap.changes import changes_since
from postroom.wire.imap.fetch import raw_messages, summaries
from postroom.wire.imap.folders import list_folders
from postroom.wire.imap.gmail import INBOX_LABEL, add_labels
from postroom.wire.imap.search import all_uids
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, Folder, FolderCursor, FolderRole, UidSet
from tests.servers.scripted_imap import GMAIL, scripted_imap
from tests.wire.imap.conftest import mail
from tests.wire.imap.scripted import inbox, logged_in


async def all_mail(session: Session) -> Folder:
    return next(one for one in await list_folders(session) if one.role is FolderRole.ALL)


async def test_a_message_says_its_ids_and_labels() -> None:
    async with scripted_imap(GMAIL) as server:
        server.account("anna").folder("INBOX").deliver(mail(1))
        async with logged_in(server) as session:
            found = await changes_since(session, await all_mail(session), None)
            (batch,) = [batch async for batch in summaries(session, found.new)]
            (raw,) = [one async for one in raw_messages(session, found.new, 10_000, 10_000)]
    gmail = batch.summaries[0].gmail
    assert gmail is not None
    assert gmail.message_id > 1 << 32
    assert gmail.thread_id > 1 << 32
    assert INBOX_LABEL in gmail.labels
    assert raw.gmail == gmail


async def test_archiving_is_taking_the_inbox_label_away() -> None:
    async with scripted_imap(GMAIL) as server:
        server.account("anna").folder("INBOX").deliver(mail(1))
        async with logged_in(server) as session:
            everything = await all_mail(session)
            first = await changes_since(session, everything, None)
            await session.select(everything, Access.READ_WRITE)
            line = b"UID STORE %s -X-GM-LABELS.SILENT (\\Inbox)" % str(first.new).encode()
            await session.run(line, "archive, as Gmail's own page does")
            state = await session.select(inbox(), Access.READ_ONLY)
            assert state.exists == 0
            cursor = FolderCursor(first.state.uid_validity, first.new.highest, first.state.highest_modseq, 1)
            changes = await changes_since(session, everything, cursor)
            assert [change.labels for change in changes.flags] == [()]
            await session.select(everything, Access.READ_WRITE)
            await add_labels(session, first.new, (INBOX_LABEL, "Größe *", 'quo"ted'))
            await session.select(inbox(), Access.READ_ONLY)
            assert len(await all_uids(session)) == 1
            await session.select(everything, Access.READ_ONLY)
            (batch,) = [batch async for batch in summaries(session, first.new)]
    labels = batch.summaries[0].gmail.labels if batch.summaries[0].gmail else ()
    assert set(labels) == {INBOX_LABEL, "Größe *", 'quo"ted'}


async def test_an_empty_set_asks_for_nothing() -> None:
    async with scripted_imap(GMAIL) as server, logged_in(server) as session:
        await session.select(inbox(), Access.READ_WRITE)
        await add_labels(session, UidSet(), (INBOX_LABEL,))
        assert not server.log.containing(b"X-GM-LABELS")
