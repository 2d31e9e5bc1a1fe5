"""Folders that are renamed, removed, made again, oddly named, or not listed at all."""

from collections.abc import AsyncIterator

import pytest

from postroom.ground.errors import PostroomError
from postroom.rooms.mailbox.sightings import Verdict
from tests.faults.box import BOB, Box, SetClock, connected
from tests.journeys.office import Office, letter
from tests.servers.scripted_imap import FOREVER, FULL, GMAIL, Fault, answer_faults, folder_sets, scripted_imap


async def test_a_renamed_folder_is_read_under_its_new_name_at_the_next_pull(any_box: Box) -> None:
    """44: its mail is on the server as before, on the lead as before, and what comes into it arrives."""
    box = any_box
    box.account.make_folder("Projects")
    box.deliver("Plan", folder="Projects")
    box.fill(1)
    await box.pull()
    box.account.rename_folder("Projects", "Finished")
    box.deliver("Plan 2", folder="Finished")
    await box.pull()
    await box.pull()
    assert sorted(await box.subjects()) == ["Offer 0", "Plan", "Plan 2"]
    assert await box.verdicts("Finished") == {Verdict.KEPT: 2}
    assert await box.one("select is_gone from folders where name = 'Projects'")
    assert await box.adds_up()


async def test_a_folder_removed_and_made_again_is_read_again(any_box: Box) -> None:
    """44: its mail stays on the lead; the new folder of the same name starts from its own beginning."""
    box = any_box
    box.account.make_folder("Projects")
    box.deliver("Plan", folder="Projects")
    await box.pull()
    box.account.delete_folder("Projects")
    box.deliver("New")
    await box.pull()
    assert sorted(await box.subjects()) == ["New", "Plan"]
    box.account.make_folder("Projects")
    box.deliver("Plan B", folder="Projects")
    await box.forget_list()
    await box.pull()
    assert sorted(await box.subjects()) == ["New", "Plan", "Plan B"]
    assert await box.verdicts("Projects") == {Verdict.KEPT: 1}
    assert await box.adds_up()


async def test_a_folder_gone_in_the_middle_of_its_history_does_not_stop_the_others(box: Box) -> None:
    """44: neither new mail nor the past of the other folders waits for it."""
    for name in ("Aaa", "Zzz"):
        box.account.make_folder(name)
        box.deliver(f"In {name}", folder=name)
    await box.pull_new()
    box.account.delete_folder("Aaa")
    await box.pull_history()
    assert await box.subjects() == ["In Zzz"]
    await box.rows("delete from procrastinate_jobs returning 1")
    await box.pull_history()
    assert await box.rows("select 1 from procrastinate_jobs where task_name = 'pull_history'") == []


async def test_a_folder_that_cannot_be_opened_says_so_and_opens_later(box: Box) -> None:
    """44: listed and refused: the others are read, the account stands well, the folder's line tells why."""
    shared = box.account.make_folder("Shared")
    box.deliver("In there", folder="Shared")
    shared.selectable = False
    box.server.faults.add(answer_faults.saying('LIST () "/" Shared'), on="LIST", times=FOREVER)
    box.fill(1)
    await box.pull()
    assert await box.subjects() == ["Offer 0"]
    assert await box.rows("select name from folders where error <> ''") == [("Shared",)]
    assert await box.one("select receive_status from connected_accounts") == "ok"
    shared.selectable = True
    box.server.faults.clear()
    await box.forget_list()
    await box.pull()
    assert sorted(await box.subjects()) == ["In there", "Offer 0"]
    assert await box.rows("select name from folders where error <> ''") == []


async def test_a_folder_that_becomes_selectable_is_read(box: Box) -> None:
    """44: \\Noselect today, a folder with mail tomorrow."""
    later = box.account.make_folder("Later", selectable=False)
    await box.pull()
    later.selectable = True
    box.deliver("In it", folder="Later")
    await box.forget_list()
    await box.pull()
    assert await box.subjects() == ["In it"]
    later.selectable = False
    await box.forget_list()
    box.deliver("New")
    await box.pull()
    assert sorted(await box.subjects()) == ["In it", "New"]


async def test_odd_names_are_read_and_shown_as_people_wrote_them(office: Office) -> None:
    """44, 47: slash, quote, asterisk, umlaut, Japanese, backslash; in modified UTF-7 and in UTF-8."""
    await office.lead("Bolt", BOB)
    async with scripted_imap(FULL) as server:
        for number, utf8 in enumerate((True, False)):
            (server.offer if utf8 else server.withhold)("UTF8=ACCEPT")
            address = f"user{number}@acme.example"
            server.account(address, folders=folder_sets.AWKWARD)
            box = await connected(office, server, address)
            names = [name for name, _ in folder_sets.AWKWARD[len(folder_sets.STANDARD) :]]
            for name in names:
                box.deliver(f"{number} in {name}", folder=name)
            await box.pull()
            assert {f"{number} in {name}" for name in names} <= set(await box.subjects())
            listed = await box.rows("select name from folders where account_id = %s", box.account_id)
            assert set(names) <= {name for (name,) in listed}
            assert await box.adds_up()


async def test_a_folder_whose_name_changes_its_case_keeps_its_mail(box: Box) -> None:
    """44: another name to the server, the same mail: read again, nothing doubled."""
    box.account.make_folder("projects")
    box.deliver("Plan", folder="projects")
    await box.pull()
    box.account.rename_folder("projects", "Projects")
    await box.forget_list()
    await box.pull()
    assert await box.subjects() == ["Plan"]
    assert await box.adds_up()


@pytest.mark.parametrize(
    "fault",
    [answer_faults.empty_list(), answer_faults.refuse("[SERVERBUG] Internal error"), answer_faults.fail_after(2)],
    ids=["nothing", "refused", "cut short"],
)
async def test_a_list_that_fails_keeps_the_folders_and_the_mail_coming(box: Box, fault: Fault) -> None:
    """45: the folders we know are read all the same, and none is called gone."""
    box.fill(1)
    await box.pull()
    box.server.faults.add(fault, on="LIST", times=FOREVER)
    await box.forget_list()
    box.deliver("New")
    box.deliver("Filed", folder="Archive")
    await box.pull()
    assert sorted(await box.subjects()) == ["Filed", "New", "Offer 0"]
    assert await box.one("select count(*) from folders where is_gone") == 0
    assert await box.one("select receive_status from connected_accounts") == "ok"


async def test_a_list_without_inbox_is_not_a_mailbox_without_inbox(box: Box) -> None:
    """45: INBOX is always there (RFC 9051 section 5.1), whatever a LIST leaves out; from the first pull on."""
    inbox = b'* LIST (\\HasNoChildren) "/" "Archive"\r\n{tag} OK LIST completed.\r\n'
    box.server.faults.add(answer_faults.replaced_by(inbox), on="LIST", times=FOREVER)
    box.fill(2)
    await box.pull()
    assert len(await box.waiting()) == 2
    await box.forget_list()
    box.deliver("New")
    await box.pull()
    assert len(await box.waiting()) == 3


@pytest.mark.parametrize(
    ("folders", "sent"),
    [
        (folder_sets.TWO_SENT, ("Sent", "Sent Messages")),
        (folder_sets.GERMAN, ("Gesendete Objekte",)),
        (folder_sets.ONLY_INBOX, ()),
        (folder_sets.LOWER_CASE_USE, ("Sent",)),
    ],
    ids=["two", "German", "none", "lower case"],
)
async def test_what_was_sent_is_found_in_every_kind_of_sent_folder(
    office: Office, folders: folder_sets.FolderSet, sent: tuple[str, ...]
) -> None:
    """46: two Sent folders are both read; one of them has the role; no Sent and no Archive is no obstacle."""
    await office.lead("Bolt", BOB)
    async with scripted_imap(FULL) as server:
        server.account("anna@acme.example", folders=folders)
        box = await connected(office, server)
        for name in sent:
            box.folder(name).deliver(letter("anna@acme.example", BOB, f"From {name}"))
        box.fill(1)
        await box.pull()
        assert sorted(await box.subjects()) == sorted([*(f"From {name}" for name in sent), "Offer 0"])
        directions = await box.rows("select direction from emails where subject like 'From %%'")
        assert directions == [("outgoing",)] * len(sent)
        assert await box.one("select count(*) from folders where role = 'sent'") == min(len(sent), 1)


@pytest.fixture
async def gmail(office: Office, clock: SetClock) -> AsyncIterator[Box]:
    """A Gmail mailbox with a mail under two labels."""
    await office.lead("Bolt", BOB)
    async with scripted_imap(GMAIL) as server:
        box = await connected(office, server)
        box.account.make_folder("Customers")
        assert box.account.gmail is not None
        raw = letter(BOB, box.user.email, "Offer")
        box.account.gmail.deliver(raw, ["\\Inbox", "Customers", "\\Important"])
        await box.pull()
        yield box


async def test_a_gmail_mail_under_many_labels_is_one_email_and_stays_where_it_is(gmail: Box) -> None:
    """42: All Mail, INBOX and a label show one message; nothing is thrown between them."""
    assert await gmail.subjects() == ["Offer"]
    assert len(await gmail.waiting()) == 1
    gmail.server.log.clear()
    for _ in range(3):
        await gmail.settle()
        await gmail.pull()
    for verb in ("STORE", "MOVE", "COPY", "EXPUNGE"):
        assert gmail.server.log.count(verb) == 0
    assert await gmail.adds_up()


async def test_done_in_gmail_takes_the_inbox_label_off_and_no_other(gmail: Box, clock: SetClock) -> None:
    """42: archived as Gmail archives; reopened, the label is back; no copy is made."""
    assert gmail.account.gmail is not None
    (mail,) = gmail.account.gmail.mails.values()
    item = (await gmail.waiting())[0]
    await gmail.done()
    await gmail.settle()
    await gmail.pull()
    assert mail.labels == {"Customers", "\\Important"}
    from postroom.journeys import archive

    await archive.reopen(gmail.office.tools, gmail.office.asker(gmail.user), [item])
    await gmail.settle()
    await gmail.pull()
    assert mail.labels == {"\\Inbox", "Customers", "\\Important"}
    assert len(gmail.account.gmail.mails) == 1
    assert len(await gmail.waiting()) == 1
    assert await gmail.adds_up()


async def test_a_gmail_label_renamed_or_with_an_asterisk_changes_nothing(gmail: Box) -> None:
    """47: labels are no folders of ours; their mail stands in All Mail."""
    gmail.account.rename_folder("Customers", "Best * customers")
    gmail.account.make_folder("*")
    assert gmail.account.gmail is not None
    gmail.account.gmail.deliver(letter(BOB, gmail.user.email, "Starred"), ["*"])
    await gmail.forget_list()
    await gmail.pull()
    assert sorted(await gmail.subjects()) == ["Offer", "Starred"]
    assert len(await gmail.waiting()) == 1
    assert await gmail.adds_up()


async def test_gmail_archived_in_the_browser_is_done_here(gmail: Box) -> None:
    """42: the Inbox label taken off elsewhere is Archive; put on again it waits again."""
    assert gmail.account.gmail is not None
    (mail,) = gmail.account.gmail.mails.values()
    gmail.account.gmail.relabel(mail, remove=["\\Inbox"])
    await gmail.pull()
    assert await gmail.waiting() == []
    gmail.account.gmail.relabel(mail, add=["\\Inbox"])
    await gmail.pull()
    assert len(await gmail.waiting()) == 1
    assert await gmail.subjects() == ["Offer"]


async def test_an_error_of_the_whole_account_is_not_written_on_its_folders(box: Box, impatient: None) -> None:
    """44: a lost connection in the middle of the list is the account's trouble, and passes."""
    box.fill(1)
    await box.pull()
    box.server.faults.add(answer_faults.refuse("[UNAVAILABLE] Try again later"), on="EXAMINE")
    with pytest.raises(PostroomError):
        await box.pull_new()
    assert await box.rows("select name from folders where error <> ''") == []
