"""Folders that are renamed, odd, double or not told: failure modes 44 to 47, as far as the protocol shows them."""

import pytest

from postroom.ground.errors import Permanent, PostroomError, Temporary
from postroom.wire.imap.errors import FolderMissing
from postroom.wire.imap.folders import create_folder, list_folders
from postroom.wire.imap.gmail import add_labels
from postroom.wire.imap.move import move
from postroom.wire.imap.session import open_session
from postroom.wire.imap.status import folder_state
from postroom.wire.imap.types import Access, FolderRole, UidSet
from tests.servers.scripted_imap import (
    BARE,
    FOREVER,
    FULL,
    GMAIL,
    Flavour,
    ScriptedImap,
    answer_faults,
    connection_faults,
    folder_sets,
    scripted_imap,
    select_faults,
)
from tests.wire.imap_faults.ground import ANNA, folder, headers, letter, logged_in, settings

NO_SPECIAL_USE = ("SPECIAL-USE", "LIST-EXTENDED", "CREATE-SPECIAL-USE")


async def roles(server: ScriptedImap) -> dict[FolderRole, str]:
    """Which folder has which role."""
    async with logged_in(server) as session:
        listed = await list_folders(session)
    named = [one for one in listed if one.role is not FolderRole.OTHER]
    assert len({one.role for one in named}) == len(named)
    return {one.role: one.name for one in named}


SETS = [
    (FULL, folder_sets.STANDARD, "Sent", "Archive"),
    (FULL, folder_sets.LOWER_CASE_USE, "Sent", "Archive"),
    (FULL, folder_sets.TWO_SENT, "Sent", "Archive"),
    (FULL, folder_sets.GERMAN, "Gesendete Objekte", None),
    (BARE, folder_sets.BELOW_INBOX, "INBOX.Sent", None),
    (GMAIL, folder_sets.GMAIL, "[Gmail]/Sent Mail", None),
    (GMAIL, folder_sets.GMAIL_GERMAN, "[Google Mail]/Gesendet", None),
]


@pytest.mark.parametrize(
    ("flavour", "folders", "sent", "archive"), SETS, ids=lambda value: getattr(value, "name", None)
)
async def test_each_role_goes_to_one_folder(
    flavour: Flavour, folders: folder_sets.FolderSet, sent: str, archive: str | None
) -> None:
    async with scripted_imap(flavour) as server:
        server.account(ANNA, folders=folders)
        found = await roles(server)
    assert found[FolderRole.INBOX] == "INBOX"
    assert found[FolderRole.SENT] == sent
    assert found.get(FolderRole.ARCHIVE) == archive


@pytest.mark.parametrize("utf8", [True, False], ids=["UTF-8", "modified UTF-7"])
async def test_every_odd_name_can_be_opened_and_filled(utf8: bool) -> None:
    async with scripted_imap() as server:
        account = server.account(ANNA, folders=folder_sets.AWKWARD)
        if not utf8:
            server.withhold("UTF8=ACCEPT")
        for one in account.folders.values():
            one.deliver(letter(f"In {len(one.name)}"))
        async with logged_in(server) as session:
            listed = await list_folders(session)
            assert {one.name for one in listed} == {name for name, _ in folder_sets.AWKWARD}
            for one in listed:
                assert (await session.select(one, Access.READ_ONLY)).exists == 1
                assert (await folder_state(session, one)).exists == 1
            made = await create_folder(session, "Größe & \"Maß\"")  # fmt: skip
            assert made.name == 'Größe & "Maß"'
            await session.select(await folder(session), Access.READ_WRITE)
            await move(session, UidSet([1]), made)
        assert len(account.folder('Größe & "Maß"').uids) == 1


async def test_inbox_in_other_letters_is_inbox(server: ScriptedImap) -> None:
    server.faults.add(select_faults.renamed_in_list("INBOX", "Inbox"), on="LIST")
    async with logged_in(server) as session:
        (inbox,) = [one for one in await list_folders(session) if one.role is FolderRole.INBOX]
        assert (await session.select(inbox, Access.READ_ONLY)).exists == 3


async def test_a_folder_that_is_listed_and_cannot_be_opened_says_so(server: ScriptedImap) -> None:
    server.account(ANNA).folder("Archive").selectable = False
    async with logged_in(server) as session:
        archive = await folder(session, "Archive")
        assert not archive.selectable
        with pytest.raises(FolderMissing):
            await session.select(archive, Access.READ_ONLY)
        assert (await session.select(await folder(session), Access.READ_ONLY)).exists == 3


@pytest.mark.parametrize("flavour", [FULL, BARE, GMAIL], ids=lambda flavour: flavour.name)
async def test_a_folder_deleted_or_renamed_meanwhile_is_missing_and_the_session_lives(flavour: Flavour) -> None:
    async with scripted_imap(flavour) as server:
        account = server.account(ANNA)
        account.make_folder("Projects").deliver(letter("Plan"))
        async with logged_in(server) as session:
            projects = await folder(session, "Projects")
            account.rename_folder("Projects", "Old projects")
            with pytest.raises(FolderMissing):
                await session.select(projects, Access.READ_ONLY)
            renamed = await folder(session, "Old projects")
            assert (await session.select(renamed, Access.READ_ONLY)).exists == 1
            account.make_folder("Projects")
            again = await session.select(projects, Access.READ_ONLY)
            assert again.exists == 0


async def test_the_open_folder_is_deleted_under_the_reader(server: ScriptedImap) -> None:
    server.account(ANNA).make_folder("Projects").deliver(letter("Plan"))
    async with logged_in(server) as session:
        await session.select(await folder(session, "Projects"), Access.READ_ONLY)
        server.account(ANNA).delete_folder("Projects")
        with pytest.raises((Temporary, Permanent)):
            await headers(session, UidSet([1]))


async def test_a_list_that_fails_is_an_error_and_not_an_account_without_folders(server: ScriptedImap) -> None:
    for fault in (
        answer_faults.refuse("[SERVERBUG] Internal error"),
        answer_faults.fail_after(2),
        answer_faults.refuse("Unknown", "BAD"),
        connection_faults.hangup_after(3),
    ):
        server.faults.add(fault, on="LIST")
        async with logged_in(server) as session:
            with pytest.raises(PostroomError):
                await list_folders(session)


async def test_a_list_that_is_empty_is_told_as_empty(server: ScriptedImap) -> None:
    server.faults.add(answer_faults.empty_list(), on="LIST")
    async with logged_in(server) as session:
        assert await list_folders(session) == []
        assert len(await list_folders(session)) == 6


async def test_courier_style_folders_are_made_below_inbox() -> None:
    async with scripted_imap(BARE) as server:
        server.offer("NAMESPACE")
        server.account(ANNA)
        async with logged_in(server) as session:
            made = await create_folder(session, "Archive")
    assert made.name == "INBOX.Archive"


async def test_a_folder_that_cannot_be_made_is_an_error(server: ScriptedImap) -> None:
    server.faults.add(answer_faults.refuse("[CANNOT] Invalid mailbox name"), on="CREATE", times=FOREVER)
    async with logged_in(server) as session:
        with pytest.raises(Permanent):
            await create_folder(session, "Archive 2026")


async def test_gmail_labels_and_ids_are_read_and_the_inbox_label_archives(gmail: ScriptedImap) -> None:
    account = gmail.account(ANNA)
    starred = account.make_folder("Stars * & Büro")
    async with logged_in(gmail) as session:
        await session.select(await folder(session), Access.READ_WRITE)
        found, missing = await headers(session, UidSet.between(1, 3))
        assert not missing
        assert all(one.gmail is not None for one in found.values())
        await add_labels(session, UidSet([2]), ("Stars * & Büro",))
        await session.run(b"UID STORE 1:2 -X-GM-LABELS.SILENT (\\Inbox)", "archive, as Gmail's own page does")
        assert list(account.folder("INBOX").uids) == [3]
        everything = next(one for one in await list_folders(session) if one.role is FolderRole.ALL)
        await session.select(everything, Access.READ_ONLY)
        seen, _ = await headers(session, UidSet.between(1, 3))
        labels = {uid: one.gmail.labels for uid, one in seen.items() if one.gmail}
        await session.select(await folder(session, "Stars * & Büro"), Access.READ_ONLY)
        (in_label,) = (await headers(session, UidSet([1])))[0].values()
    assert labels == {1: (), 2: ("Stars * & Büro",), 3: ("\\Inbox",)}
    assert len(starred.uids) == 1
    ids = {one.gmail.message_id for one in [in_label, seen[2], found[2]] if one.gmail}
    assert len(ids) == 1


async def test_a_renamed_gmail_label_is_another_folder_with_the_same_messages(gmail: ScriptedImap) -> None:
    account = gmail.account(ANNA)
    account.make_folder("Customers").deliver(letter("Order"))
    async with await open_session(settings(gmail)) as session:
        old = await folder(session, "Customers")
        before = await session.select(old, Access.READ_ONLY)
        account.rename_folder("Customers", "Kunden*")
        with pytest.raises(FolderMissing):
            await session.select(old, Access.READ_ONLY)
        after = await session.select(await folder(session, "Kunden*"), Access.READ_ONLY)
    assert (after.exists, after.uid_validity) == (before.exists, before.uid_validity)
