"""Which folders there are and what each is for, by what servers say and by what people call them."""

import pytest

from postroom.ground.errors import Temporary
from postroom.wire.imap.folder_names import NAMES
from postroom.wire.imap.folders import create_folder, list_folders
from postroom.wire.imap.session import open_session
from postroom.wire.imap.types import Folder, FolderRole
from tests.servers.scripted_imap import BARE, FULL, GMAIL, Flavour, answer_faults, folder_sets, scripted_imap
from tests.servers.scripted_imap.folder_sets import FolderSet
from tests.wire.imap.conftest import Mailbox
from tests.wire.imap.scripted import answering, logged_in, stub


async def listed(flavour: Flavour, folders: FolderSet, *disregard: str) -> list[Folder]:
    async with scripted_imap(flavour) as server:
        server.account("anna", folders=folders)
        async with logged_in(server, disregard=frozenset(disregard)) as session:
            return await list_folders(session)


def roles(folders: list[Folder]) -> dict[FolderRole, str]:
    return {folder.role: folder.name for folder in folders if folder.role is not FolderRole.OTHER}


STANDARD = {
    FolderRole.INBOX: "INBOX",
    FolderRole.ARCHIVE: "Archive",
    FolderRole.DRAFTS: "Drafts",
    FolderRole.JUNK: "Junk",
    FolderRole.SENT: "Sent",
    FolderRole.TRASH: "Trash",
}


@pytest.mark.parametrize("disregard", [(), ("LIST-EXTENDED",), ("SPECIAL-USE",), ("SPECIAL-USE", "XLIST")])
@pytest.mark.parametrize("folders", [folder_sets.STANDARD, folder_sets.LOWER_CASE_USE])
async def test_roles_as_the_server_tells_them_or_by_name(folders: FolderSet, disregard: tuple[str, ...]) -> None:
    assert roles(await listed(FULL, folders, *disregard)) == STANDARD


async def test_roles_by_their_german_names_alone() -> None:
    assert roles(await listed(BARE, folder_sets.GERMAN)) == {
        FolderRole.INBOX: "INBOX",
        FolderRole.SENT: "Gesendete Objekte",
        FolderRole.DRAFTS: "Entwürfe",
        FolderRole.TRASH: "Papierkorb",
        FolderRole.JUNK: "Spam",
    }


@pytest.mark.parametrize("folders", [folder_sets.GMAIL, folder_sets.GMAIL_GERMAN])
async def test_gmail_in_any_language(folders: FolderSet) -> None:
    found = await listed(GMAIL, folders)
    names = {use: name for name, use in folders if use}
    assert roles(found) == {
        FolderRole.INBOX: "INBOX",
        FolderRole.ALL: names["\\All"],
        FolderRole.DRAFTS: names["\\Drafts"],
        FolderRole.SENT: names["\\Sent"],
        FolderRole.JUNK: names["\\Junk"],
        FolderRole.FLAGGED: names["\\Flagged"],
        FolderRole.TRASH: names["\\Trash"],
    }
    assert [one.name for one in found if not one.selectable] == [folders[1][0]]


async def test_of_two_folders_for_sent_mail_one_is_chosen() -> None:
    found = await listed(FULL, folder_sets.TWO_SENT)
    assert roles(found)[FolderRole.SENT] == "Sent"
    assert len([one for one in found if one.name.startswith("Sent")]) == 2


async def test_awkward_names_are_read_as_people_know_them() -> None:
    names = {one.name for one in await listed(FULL, folder_sets.AWKWARD)}
    assert names == {name for name, _ in folder_sets.AWKWARD}


async def test_every_known_name_stands_for_one_purpose() -> None:
    every = [name for names in NAMES.values() for name in names]
    assert len(every) == len(set(every))
    assert all(name == name.lower().strip() for name in every)


async def test_no_answer_to_list_is_no_folders_and_an_error_is_an_error(ada: Mailbox) -> None:
    async with scripted_imap(FULL) as server, logged_in(server) as session:
        server.faults.add(answer_faults.empty_list(), on="LIST")
        assert await list_folders(session) == []
        server.faults.add(answer_faults.refuse("[SERVERBUG] Internal error"), on="LIST")
        with pytest.raises(Temporary):
            await list_folders(session)


LINES = b"".join([
    b'* LIST (\\HasNoChildren) "/" inbox\r\n',  # INBOX in any case
    b'* LIST (\\HasNoChildren) "/" {9}\r\nlit "name\r\n',
    b'* LIST (\\NonExistent \\HasChildren) "/" gone\r\n',
    b'* LIST (\\Noselect) "/" "gone/Sent"\r\n',
    b'* LIST () NIL flat\r\n',
    b'* LIST () "\\\\" "a\\\\b"\r\n',
    b'* LIST () "/" "Entw&APw-rfe"\r\n',
    b'* LIST () "/" "Entw&APw-rfe"\r\n',  # twice
    b'* LIST () "/" {8}\r\na\r\nb c d\r\n',  # a name that would end a command
    b'* LIST broken\r\n',
    b'* LIST\r\n',
    b'* LSUB () "/" other\r\n',
])  # fmt: skip


async def test_odd_lines_of_a_list() -> None:
    async with stub(answering({b"LIST": LINES})) as settings, await open_session(settings) as session:
        found = {one.name: one for one in await list_folders(session)}
    assert list(found) == ["inbox", 'lit "name', "gone", "gone/Sent", "flat", "a\\b", "Entwürfe", "a\r\nb c d"]
    assert found["inbox"].role is FolderRole.INBOX
    assert found["Entwürfe"].role is FolderRole.DRAFTS
    assert found["gone/Sent"].role is FolderRole.OTHER
    assert found["flat"].delimiter is None
    assert found["a\\b"].delimiter == "\\"
    assert not any(found[name].selectable for name in ("gone", "gone/Sent", "a\r\nb c d"))


async def test_folders_without_end_are_refused() -> None:
    many = b"".join(b'* LIST () "/" f%d\r\n' % number for number in range(20_010))
    async with stub(answering({b"LIST": many})) as settings, await open_session(settings) as session:
        with pytest.raises(Temporary):
            await list_folders(session)


async def test_a_new_folder_goes_where_the_others_are() -> None:
    async with scripted_imap(BARE) as server:
        server.account("anna", folders=folder_sets.BELOW_INBOX)
        async with logged_in(server) as session:
            made = await create_folder(session, "Archive")
            assert await create_folder(session, "Archive") == made
            assert made in await list_folders(session)
