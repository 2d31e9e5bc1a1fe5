"""Each fault does what its name says, to the command it was meant for and to no other."""

from collections.abc import Iterator

import pytest

from tests.servers.in_thread import in_thread
from tests.servers.scripted_imap import (
    FOREVER,
    Fault,
    Matching,
    ScriptedImap,
    answer_faults,
    connection_faults,
    fetch_faults,
    scripted_imap,
    select_faults,
)
from tests.servers_selftest.mail import letter
from tests.servers_selftest.raw_client import Heard, raw_client

ANNA = "anna@example.org"


@pytest.fixture
def server() -> Iterator[ScriptedImap]:
    with in_thread(scripted_imap()) as running:
        inbox = running.account(ANNA).folder("INBOX")
        for number in range(1, 4):
            inbox.deliver(letter(f"Number {number}"))
        yield running


def fetched(server: ScriptedImap, fault: Fault, items: str = "(FLAGS BODY.PEEK[])") -> Heard:
    """The answer to one UID FETCH of everything, spoiled by `fault`."""
    server.faults.add(fault, on="UID FETCH")
    with raw_client(server.port, ANNA, "INBOX") as client:
        return client.do(f"UID FETCH 1:* {items}")


ENDINGS = [
    (connection_faults.bye(), "closed", b"* BYE Autologout"),
    (connection_faults.bye_after(1), "closed", b"* BYE Autologout"),
    (connection_faults.bye_inside_literal(), "closed", b"* BYE Autologout"),
    (connection_faults.hangup(), "closed", b""),
    (connection_faults.hangup_after(2), "closed", b"* 2 FETCH"),
    (connection_faults.hangup_inside_literal(), "closed", b"* 1 FETCH"),
    (connection_faults.reset(), "reset", b""),
    (connection_faults.silence(), "silent", b""),
    (connection_faults.silence_after(1), "silent", b"* 1 FETCH"),
    (connection_faults.silence_inside_literal(), "silent", b"* 1 FETCH"),
    (connection_faults.drop_before_ok(), "closed", b"* 3 FETCH"),
    (connection_faults.drop_before_any_answer(), "closed", b""),
    (answer_faults.refuse(), "tagged", b"NO [UNAVAILABLE]"),
    (answer_faults.refuse("Command unknown", "BAD"), "tagged", b"BAD Command unknown"),
    (answer_faults.fail_after(1), "tagged", b"NO [SERVERBUG]"),
    (answer_faults.done_but_refused(), "tagged", b"* 3 FETCH"),
    (answer_faults.saying("OK [ALERT] Disk nearly full"), "tagged", b"* OK [ALERT] Disk nearly full"),
    (answer_faults.garbage(), "tagged", b"\x00\xff\xfe\x80garbage"),
    (answer_faults.deep_nesting(1000), "tagged", b"(" * 1000),
    (answer_faults.endless_line(1), "tagged", b"x" * 1_000_000),
    (answer_faults.giant_literal(), "tagged", b"{1099511627776}"),
    (answer_faults.many_lines(100), "tagged", b"* OK still here"),
]


@pytest.mark.parametrize(("fault", "end", "heard"), ENDINGS, ids=[fault.name for fault, _, _ in ENDINGS])
def test_the_answer_ends_as_the_fault_says(server: ScriptedImap, fault: Fault, end: str, heard: bytes) -> None:
    answer = fetched(server, fault)
    assert (answer.end, heard in answer.text) == (end, True), answer


def test_half_a_literal_is_less_than_was_announced(server: ScriptedImap) -> None:
    text = fetched(server, connection_faults.hangup_inside_literal()).text
    size = len(letter("Number 1"))
    assert b"{%d}" % size in text
    assert len(text.partition(b"}\r\n")[2]) == size // 2


FETCHES = [
    (fetch_faults.without_items("FLAGS"), b"FLAGS", 0),
    (fetch_faults.without_items("BODY", uids=[2]), b"BODY[]", 2),
    (fetch_faults.without_items("UID"), b"UID", 0),
    (fetch_faults.without_messages([1, 3]), b" FETCH (", 1),
    (fetch_faults.short(1), b" FETCH (", 1),
    (fetch_faults.duplicated([2]), b" FETCH (", 4),
    (fetch_faults.split_lines(), b" FETCH (", 6),
    (fetch_faults.other_uids(1000), b"UID 100", 3),
    (fetch_faults.empty_bodies([1]), b'BODY[] ""', 1),
    (fetch_faults.nil_bodies(), b"BODY[] NIL", 3),
    (fetch_faults.longer_than_announced(b"OVER"), b"OVER", 3),
    (fetch_faults.unasked_fetch(77), b"UID 77", 1),
    (fetch_faults.expunge_while_fetching(3), b"UID 3", 0),
]


@pytest.mark.parametrize(("fault", "what", "times"), FETCHES, ids=[fault.name for fault, _, _ in FETCHES])
def test_a_fetch_comes_out_wrong(server: ScriptedImap, fault: Fault, what: bytes, times: int) -> None:
    answer = fetched(server, fault)
    assert answer.end == "tagged"
    assert answer.text.count(what) == times, answer.text


def test_lines_come_backwards_and_sizes_lie(server: ScriptedImap) -> None:
    text = fetched(server, fetch_faults.backwards()).text
    assert text.index(b"* 3 FETCH") < text.index(b"* 1 FETCH")
    assert b"RFC822.SIZE 1000" not in fetched(server, fetch_faults.wrong_size(2), "(RFC822.SIZE)").text
    assert (
        b"RFC822.SIZE %d" % (2 * len(letter("Number 1")))
        in fetched(server, fetch_faults.wrong_size(2), "(RFC822.SIZE)").text
    )


SELECTS = [
    (select_faults.uidvalidity(5), b"[UIDVALIDITY 5]", True),
    (select_faults.uidvalidity(0), b"[UIDVALIDITY 0]", True),
    (select_faults.uidvalidity(None), b"UIDVALIDITY", False),
    (select_faults.highest_modseq(1), b"[HIGHESTMODSEQ 1]", True),
    (select_faults.highest_modseq(None), b"[NOMODSEQ]", True),
    (select_faults.uidnext(None), b"UIDNEXT", False),
    (select_faults.exists(9), b"* 9 EXISTS", True),
    (select_faults.modseq_rises(), b"[HIGHESTMODSEQ 5]", True),
    (select_faults.modseq_falls(2), b"[HIGHESTMODSEQ 2]", True),
    (select_faults.rebuild_folders(-1), b"[UIDVALIDITY 1699999999]", True),
    (select_faults.vanished([1, 2, 9]), b"* VANISHED 1:2,9", True),
    (answer_faults.without_answer_lines(), b"EXISTS", False),
]


@pytest.mark.parametrize(("fault", "what", "there"), SELECTS, ids=[fault.name for fault, _, _ in SELECTS])
def test_a_folder_says_something_else_of_itself(server: ScriptedImap, fault: Fault, what: bytes, there: bool) -> None:
    server.faults.add(fault, on="SELECT")
    with raw_client(server.port, ANNA) as client:
        assert (what in client.do("SELECT INBOX").text) is there
        assert b"OK" in client.do("SELECT INBOX").text


def test_a_fault_strikes_the_nth_matching_command_and_is_counted(server: ScriptedImap) -> None:
    placed = server.faults.add(answer_faults.refuse(), on=Matching("FETCH", b"BODY"), nth=2, times=2)
    with raw_client(server.port, ANNA, "INBOX") as client:
        answers = [client.do(f"UID FETCH 1 ({item})").text for item in ("BODY", "FLAGS", "BODY", "BODY", "BODY")]
    assert [b"NO [UNAVAILABLE]" in answer for answer in answers] == [False, False, True, True, False]
    assert placed.struck == 2


def test_a_dead_idle_says_nothing_of_new_mail_and_hears_no_done(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.dead_idle(), on="IDLE")
    with raw_client(server.port, ANNA, "INBOX") as client:
        assert client.do("IDLE").text == b"+ idling\r\n"
        server.account(ANNA).folder("INBOX").deliver(letter("Unheard"))
        client.socket.sendall(b"DONE\r\n")
        assert client.hear(b"r").end == "silent"


def test_a_greeting_can_be_a_bye_and_a_login_can_be_one_too_many(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.bye("Too many connections"), on="CONNECT")
    with raw_client(server.port) as client:
        assert client.greeting().end == "closed"
    server.connections_per_user = 1
    with raw_client(server.port, ANNA), raw_client(server.port) as second:
        second.greeting()
        assert b"NO [LIMIT] Maximum number" in second.do(f"LOGIN {ANNA} secret").text


def test_an_append_is_stored_although_the_connection_dropped(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.drop_before_ok(), on="APPEND")
    with raw_client(server.port, ANNA) as client:
        raw = letter("Kept").decode()
        assert client.do(f"APPEND Sent {{{len(raw)}+}}\r\n{raw}").end == "closed"
    assert [message.raw for message in server.account(ANNA).folder("Sent").messages()] == [raw.encode()]


def test_a_literal_can_be_refused_before_it_is_sent(server: ScriptedImap) -> None:
    server.faults.add(answer_faults.refuse("[OVERQUOTA] Quota exceeded"), on="LITERAL")
    with raw_client(server.port, ANNA) as client:
        assert b"r2 NO [OVERQUOTA]" in client.do("APPEND Sent {400}").text
        assert b"r3 OK" in client.do("NOOP").text


def test_a_drip_is_slow(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.slow_drip(2000), on="UID FETCH")
    with raw_client(server.port, ANNA, "INBOX") as client:
        client.patience = 2
        answer = client.do("UID FETCH 1:* (BODY.PEEK[])")
        assert answer.end == "tagged"
    server.faults.add(connection_faults.slow_drip(20), on="UID FETCH")
    with raw_client(server.port, ANNA, "INBOX") as client:
        client.patience = 0.02
        assert client.do("UID FETCH 1 (BODY.PEEK[])").end == "silent"


def test_text_before_tls_comes_in_the_clear(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.text_before_tls(b"* CAPABILITY IMAP4rev1 INJECTED\r\n"), on="STARTTLS")
    with raw_client(server.port) as client:
        client.greeting()
        heard = client.do("STARTTLS").text + client.hear(b"* CAPABILITY").text
        assert heard.endswith(b"* CAPABILITY IMAP4rev1 INJECTED\r\n")


def test_something_happens_in_the_mailbox_while_the_answer_is_under_way(server: ScriptedImap) -> None:
    inbox = server.account(ANNA).folder("INBOX")
    server.faults.add(fetch_faults.meanwhile(lambda: inbox.deliver(letter("Late"))), on="STATUS")
    with raw_client(server.port, ANNA) as client:
        assert b"MESSAGES 4" in client.do("STATUS INBOX (MESSAGES)").text


def test_every_login_can_find_new_uids(server: ScriptedImap) -> None:
    server.faults.add(select_faults.rebuild_folders(), on="LOGIN", times=FOREVER)
    said = []
    for _ in range(2):
        with raw_client(server.port, ANNA) as client:
            said.append(client.do("SELECT INBOX").text)
    assert b"[UIDVALIDITY 1700000001]" in said[0]
    assert b"[UIDVALIDITY 1700000002]" in said[1]


def test_the_log_knows_every_command_with_user_and_folder(server: ScriptedImap) -> None:
    with raw_client(server.port, ANNA, "INBOX") as client:
        client.do("UID STORE 1 +FLAGS (\\Seen)")
        client.do("NOOP")
    assert server.log.verbs() == ["LOGIN", "SELECT", "UID STORE", "NOOP"]
    (store,) = server.log.containing(b"\\seen")
    assert (store.user, store.folder, store.connection) == (ANNA, "INBOX", 1)
    assert server.log.count("STORE") == 1
