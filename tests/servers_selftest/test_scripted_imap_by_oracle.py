"""While it behaves, the scripted server is an IMAP server to IMAPClient; Dovecot answers the same script."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.servers import dovecot
from tests.servers.in_thread import in_thread
from tests.servers.scripted_imap import BARE, GMAIL, folder_sets, scripted_imap
from tests.servers_selftest.mail import MULTIPART, letter


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mailbox is reached without TLS."""

    port: int
    user: str
    password: str

    def log_in(self) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=60)
        client.login(self.user, self.password)
        return client


@pytest.fixture(scope="module")
def dovecot_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    if not dovecot.installed():
        pytest.skip("Dovecot is not installed")
    with dovecot.dovecot(tmp_path_factory.mktemp("dovecot")) as server:
        user = server.add_user("anna")
        yield Place(server.imap_port, user.name, user.password)


@pytest.fixture(params=["scripted", "dovecot"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "dovecot":
        yield request.getfixturevalue("dovecot_place")
        return
    with in_thread(scripted_imap()) as server:
        server.account("anna@example.org", "secret")
        yield Place(server.port, "anna@example.org", "secret")


def test_a_message_lives_through_append_flag_move_and_expunge(place: Place) -> None:
    client = place.log_in()
    client.create_folder("Shelf")
    client.select_folder("Shelf")
    answer = client.append("Shelf", letter(), flags=["\\Flagged"])
    assert b"APPENDUID" in answer
    (uid,) = client.search()
    found = client.fetch([uid], ["FLAGS", "RFC822.SIZE", "BODY.PEEK[]", "BODY.PEEK[HEADER.FIELDS (SUBJECT)]"])[uid]
    assert found[b"BODY[]"] == letter()
    assert found[b"RFC822.SIZE"] == len(letter())
    assert found[b"BODY[HEADER.FIELDS (SUBJECT)]"] == b"Subject: Hello\r\n\r\n"
    assert set(found[b"FLAGS"]) - {b"\\Recent"} == {b"\\Flagged"}
    client.add_flags([uid], ["\\Seen"])
    assert set(client.get_flags([uid])[uid]) - {b"\\Recent"} == {b"\\Flagged", b"\\Seen"}
    client.move([uid], "Archive")
    assert client.search() == []
    client.select_folder("Archive")
    (moved,) = client.search(["SUBJECT", "hello"])
    client.delete_messages([moved])
    client.expunge([moved])
    assert client.search() == []
    client.delete_folder("Shelf")
    client.logout()


def test_structure_and_parts_are_the_same_as_those_of_dovecot(place: Place) -> None:
    client = place.log_in()
    client.select_folder("Drafts")
    client.append("Drafts", MULTIPART)
    uid = client.search()[-1]
    items = ["BODYSTRUCTURE", "ENVELOPE", "BODY.PEEK[1]", "BODY.PEEK[2.MIME]", "BODY.PEEK[TEXT]<3.5>"]
    found = client.fetch([uid], items)[uid]
    structure = found[b"BODYSTRUCTURE"]
    assert [part[:2] for part in structure[0]] == [(b"text", b"plain"), (b"application", b"pdf")]
    assert structure[0][1][8] == (b"attachment", (b"filename", b"a.pdf"))
    assert structure[1] == b"mixed"
    assert found[b"ENVELOPE"].subject == b"Parts"
    assert found[b"BODY[1]"] == b"The text."
    assert found[b"BODY[2.MIME]"].startswith(b"Content-Type: application/pdf")
    assert found[b"BODY[TEXT]<3>"] == b"amble"
    client.logout()


def test_changes_and_vanished_messages_are_told_to_a_client_that_comes_back(place: Place) -> None:
    client = place.log_in()
    client.create_folder("Cursor")
    for number in range(4):
        client.append("Cursor", letter(f"Number {number}"))
    client.enable("QRESYNC")
    facts = client.select_folder("Cursor")
    uidvalidity, modseq = facts[b"UIDVALIDITY"], facts[b"HIGHESTMODSEQ"]
    other = place.log_in()
    other.select_folder("Cursor")
    other.add_flags([2], ["\\Seen"])
    other.delete_messages([3])
    other.expunge([3])
    other.logout()
    client.unselect_folder()
    untagged = _qresync_lines(client, f"QRESYNC ({uidvalidity} {modseq})")
    assert any(b"VANISHED (EARLIER) 3" in line for line in untagged)
    assert any(b"FETCH (UID 2 FLAGS (\\Seen" in line for line in untagged)
    assert not any(b"FETCH (UID 1 " in line for line in untagged)
    client.delete_folder("Cursor")
    client.logout()


def _qresync_lines(client: IMAPClient, option: str) -> list[bytes]:
    """SELECT with an option IMAPClient does not know, spoken through imaplib below it."""
    imap = client._imap
    tag = imap._new_tag()
    imap.send(tag + b" SELECT Cursor (" + option.encode() + b")\r\n")
    lines = []
    while True:
        line = imap.readline()
        if line.startswith(tag):
            assert b" OK " in line
            imap.state = "SELECTED"
            return lines
        lines.append(line)


def test_idle_tells_arrivals_and_removals_as_they_happen(place: Place) -> None:
    client = place.log_in()
    client.create_folder("Watched")
    client.append("Watched", letter("First"))
    client.select_folder("Watched")
    client.idle()
    other = place.log_in()
    other.append("Watched", letter("Second"))
    told = client.idle_check(timeout=60)
    assert (2, b"EXISTS") in told
    other.select_folder("Watched")
    other.delete_messages([1])
    other.expunge([1])
    told = []
    for _ in range(60):
        told += client.idle_check(timeout=1)
        if (1, b"EXPUNGE") in told:
            break
    assert (1, b"EXPUNGE") in told
    client.idle_done()
    client.delete_folder("Watched")
    other.logout()
    client.logout()


def test_folder_names_pass_in_any_script(place: Place) -> None:
    client = place.log_in()
    names = ["Büro & Küche", "日本語", 'The "big" ones', "Stars * and %"]
    for name in names:
        client.create_folder(name)
        client.append(name, letter())
        assert client.folder_status(name, ["MESSAGES"])[b"MESSAGES"] == 1
    listed = [name for _, _, name in client.list_folders()]
    assert set(names) <= set(listed)
    client.logout()


def test_reading_with_peek_leaves_unread_and_reading_without_marks_read(place: Place) -> None:
    client = place.log_in()
    client.select_folder("Junk")
    client.append("Junk", letter())
    uid = client.search()[-1]
    client.fetch([uid], ["BODY.PEEK[]"])
    assert b"\\Seen" not in client.get_flags([uid])[uid]
    client.fetch([uid], ["BODY[]"])
    assert b"\\Seen" in client.get_flags([uid])[uid]
    client.logout()


def test_a_bare_server_knows_no_extension_and_says_so() -> None:
    with in_thread(scripted_imap(BARE)) as server:
        server.account("anna@example.org", "secret").folder("INBOX").deliver(letter())
        client = Place(server.port, "anna@example.org", "secret").log_in()
        assert set(client.capabilities()) == {b"IMAP4REV1"}
        facts = client.select_folder("INBOX")
        assert b"HIGHESTMODSEQ" not in facts
        with pytest.raises(Exception, match="Unknown command"):
            client._imap.uid("MOVE", "1", "INBOX.Trash")
        assert "APPENDUID" not in str(client.append("INBOX.Sent", letter()))
        assert [name for _, _, name in client.list_folders()] == [name for name, _ in sorted(folder_sets.BELOW_INBOX)]
        client.logout()


def test_a_million_messages_take_no_room_and_their_tail_is_at_hand() -> None:
    with in_thread(scripted_imap()) as server:
        inbox = server.account("anna@example.org", "secret").folder("INBOX")
        inbox.fill(1_000_000)
        client = Place(server.port, "anna@example.org", "secret").log_in()
        assert client.select_folder("INBOX")[b"EXISTS"] == 1_000_000
        found = client.fetch([999_999, 1_000_000], ["FLAGS", "BODY.PEEK[HEADER.FIELDS (SUBJECT)]"])
        assert found[1_000_000][b"BODY[HEADER.FIELDS (SUBJECT)]"] == b"Subject: Synthetic 1000000\r\n\r\n"
        before = inbox.modseq.value
        inbox.set_flags(range(1, 50_001), ["\\Flagged"])
        _, changed = client._imap.uid("FETCH", "1:*", "(FLAGS)", f"(CHANGEDSINCE {before})")
        assert len(changed) == 50_000
        client.logout()


def test_tls_from_the_start_starttls_and_oauth_all_let_the_right_user_in() -> None:
    with in_thread(scripted_imap(GMAIL)) as server:
        account = server.account("anna@example.org", "secret")
        account.tokens.add("fresh-token")
        server.requires_tls = True
        context = _trusting(server.ca_file)
        implicit = IMAPClient("localhost", server.tls_port, ssl_context=context, timeout=60)
        implicit.oauth2_login("anna@example.org", "fresh-token")
        implicit.logout()
        upgraded = IMAPClient("localhost", server.port, ssl=False, timeout=60)
        assert upgraded.has_capability("LOGINDISABLED")
        upgraded.starttls(context)
        with pytest.raises(Exception, match="Invalid credentials"):
            upgraded.oauthbearer_login("anna@example.org", "stale-token")
        upgraded.oauthbearer_login("anna@example.org", "fresh-token")
        upgraded.logout()


def _trusting(ca_file: Path):  # type: ignore[no-untyped-def]
    import ssl

    return ssl.create_default_context(cafile=str(ca_file))


def test_search_combines_sets_flags_words_and_dates(place: Place) -> None:
    client = place.log_in()
    client.create_folder("Sought")
    client.select_folder("Sought")
    for number in range(1, 5):
        client.append("Sought", letter(f"Number {number}"), flags=["\\Seen"] if number % 2 else [])
    uids = client.search()
    assert client.search(["UID", f"{uids[1]}:{uids[2]}"]) == uids[1:3]
    assert client.search(["UID", f"{uids[-1] + 10}:*"]) == uids[-1:]
    assert client.search(["NOT", "UID", f"{uids[0]}:{uids[1]}"]) == uids[2:]
    assert client.search(["OR", "SUBJECT", "Number 1", "UID", str(uids[3])]) == [uids[0], uids[3]]
    assert client.search(["SEEN", "UID", f"{uids[0]}:{uids[1]}"]) == uids[:1]
    assert client.search(["UNSEEN", "SENTON", "1-Jun-2026"]) == [uids[1], uids[3]]
    assert client.search(["HEADER", "Message-ID", "number.3@"]) == uids[2:3]
    assert client.search(["LARGER", "100000"]) == []
    client.delete_folder("Sought")
    client.logout()
