"""The scripted server as Gmail: labels are folders, one message is seen in several, and archiving takes a label off."""

from collections.abc import Iterator

import pytest
from imapclient import IMAPClient

from tests.servers.in_thread import in_thread
from tests.servers.scripted_imap import GMAIL, ScriptedImap, folder_sets, scripted_imap
from tests.servers_selftest.mail import letter

ANNA = "anna@gmail.com"
ALL_MAIL = "[Gmail]/All Mail"


@pytest.fixture
def server() -> Iterator[ScriptedImap]:
    with in_thread(scripted_imap(GMAIL)) as running:
        running.account(ANNA)
        yield running


def log_in(server: ScriptedImap) -> IMAPClient:
    client = IMAPClient(server.host, server.port, ssl=False, timeout=60)
    client.login(ANNA, "secret")
    return client


def seen_in(client: IMAPClient, folder: str) -> dict[int, list[bytes]]:
    """Gmail's message id → labels, of all messages a folder shows."""
    client.select_folder(folder)
    found = client.fetch(client.search(), ["X-GM-MSGID", "X-GM-LABELS"]) if client.search() else {}
    return {int(line[b"X-GM-MSGID"]): list(line[b"X-GM-LABELS"]) for line in found.values()}


def test_one_message_is_seen_in_inbox_all_mail_and_under_its_label(server: ScriptedImap) -> None:
    account = server.account(ANNA)
    account.make_folder("Kunden/Müller")
    account.folder("INBOX").deliver(letter("Other"))
    account.folder("INBOX").deliver(letter())
    client = log_in(server)
    client.select_folder("INBOX")
    client.add_gmail_labels([2], ["Kunden/Müller"])
    (by_label,) = seen_in(client, "Kunden/Müller").items()
    inbox, everything = seen_in(client, "INBOX"), seen_in(client, ALL_MAIL)
    assert by_label == (by_label[0], [b"\\Inbox"])
    assert by_label[0] in inbox and by_label[0] in everything
    assert set(everything[by_label[0]]) == {b"\\Inbox", "Kunden/Müller".encode("utf-7").replace(b"+", b"&")}
    client.select_folder("Kunden/Müller")
    assert client.search() == [1]


def test_moving_to_all_mail_archives_and_deleting_from_inbox_does_too(server: ScriptedImap) -> None:
    inbox = server.account(ANNA).folder("INBOX")
    moved, removed = inbox.deliver(letter("Moved")), inbox.deliver(letter("Removed"))
    client = log_in(server)
    client.select_folder("INBOX")
    client.move([moved], ALL_MAIL)
    client.delete_messages([removed])
    assert client.search() == []
    assert list(seen_in(client, ALL_MAIL).values()) == [[], []]


def test_taking_the_inbox_label_off_in_all_mail_takes_it_out_of_inbox(server: ScriptedImap) -> None:
    server.account(ANNA).folder("INBOX").deliver(letter())
    client = log_in(server)
    client.select_folder(ALL_MAIL)
    client.remove_gmail_labels([1], ["\\Inbox"])
    assert seen_in(client, "INBOX") == {}
    client.select_folder(ALL_MAIL)
    client.add_gmail_labels([1], ["\\Inbox"])
    client.select_folder("INBOX")
    assert client.search() == [2]


def test_spam_and_trash_take_a_message_out_of_everything(server: ScriptedImap) -> None:
    server.account(ANNA).folder("INBOX").deliver(letter())
    client = log_in(server)
    client.select_folder("INBOX")
    client.copy([1], "[Gmail]/Trash")
    assert seen_in(client, "INBOX") == {} and seen_in(client, ALL_MAIL) == {}
    assert len(seen_in(client, "[Gmail]/Trash")) == 1
    client.select_folder("[Gmail]/Trash")
    client.delete_messages([1])
    assert seen_in(client, "[Gmail]/Trash") == {}


def test_sent_mail_is_filed_by_itself_and_an_append_of_it_makes_no_second(server: ScriptedImap) -> None:
    assert server.file_sent(letter("Sent"), ANNA) == 1
    client = log_in(server)
    client.append("[Gmail]/Sent Mail", letter("Sent"), flags=["\\Seen"])
    assert len(seen_in(client, "[Gmail]/Sent Mail")) == 1
    assert list(seen_in(client, ALL_MAIL).values()) == [[b"\\Sent"]]


def test_seen_belongs_to_the_message_and_answers_share_a_thread(server: ScriptedImap) -> None:
    inbox = server.account(ANNA).folder("INBOX")
    inbox.deliver(letter("Question"))
    inbox.deliver(b"References: <question@example.com>\r\n" + letter("Answer"))
    client = log_in(server)
    client.select_folder("INBOX")
    client.add_flags([1], ["\\Seen"])
    threads = {line[b"X-GM-THRID"] for line in client.fetch([1, 2], ["X-GM-THRID"]).values()}
    assert len(threads) == 1
    client.select_folder(ALL_MAIL)
    assert client.get_flags([1])[1] == (b"\\Seen",)
    assert client.gmail_search("rfc822msgid:<answer@example.com>") == [2]


def test_gmail_speaks_in_its_own_words() -> None:
    with in_thread(scripted_imap(GMAIL)) as server:
        server.account(ANNA, folders=folder_sets.GMAIL_GERMAN)
        client = IMAPClient(server.host, server.port, ssl=False, timeout=60)
        with pytest.raises(Exception, match="Invalid credentials"):
            client.login(ANNA, "wrong")
        client.login(ANNA, "secret")
        assert client.find_special_folder(b"\\Sent") == "[Google Mail]/Gesendet"
        with pytest.raises(Exception, match="Unknown Mailbox"):
            client.select_folder("Nowhere")


def test_a_renamed_label_keeps_its_messages_and_their_uids(server: ScriptedImap) -> None:
    account = server.account(ANNA)
    account.make_folder("Old").deliver(letter())
    account.rename_folder("Old", "New*")
    client = log_in(server)
    client.select_folder("New*")
    assert client.search() == [1]
    assert list(seen_in(client, ALL_MAIL).values()) == [[b"New*"]]
