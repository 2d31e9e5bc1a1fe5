"""FETCH answers that are short, double, unasked or about others: what is there is taken, what lacks is named."""

import asyncio

import pytest

from postroom.ground.errors import NeedsUser, Temporary
from postroom.wire.imap.fetch import summaries
from postroom.wire.imap.flags import read_flags
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, UidSet
from tests.servers.scripted_imap import (
    FOREVER,
    Fault,
    Matching,
    ScriptedImap,
    answer_faults,
    connection_faults,
    fetch_faults,
)
from tests.wire.imap_faults.ground import ANNA, PATIENCE, bodies, folder, headers, letter, logged_in

THREE = UidSet.between(1, 3)


async def reading(session: Session) -> Session:
    """INBOX, open for reading."""
    await session.select(await folder(session), Access.READ_ONLY)
    return session


LACKING = [
    (fetch_faults.without_items("FLAGS", uids=[2]), [2]),
    (fetch_faults.without_items("BODY", uids=[2]), [2]),
    (fetch_faults.without_items("RFC822.SIZE", uids=[2]), [2]),
    (fetch_faults.without_items("UID", uids=[2]), [2]),
    (fetch_faults.without_messages([1, 3]), [1, 3]),
    (fetch_faults.short(1), [2, 3]),
    (fetch_faults.nil_bodies([3]), [3]),
    (fetch_faults.other_uids(1000), [1, 2, 3]),
    (fetch_faults.expunge_while_fetching(3), [3]),
    (answer_faults.without_answer_lines(), [1, 2, 3]),
]


@pytest.mark.parametrize(("fault", "lacking"), LACKING, ids=[fault.name for fault, _ in LACKING])
async def test_what_lacks_in_a_batch_of_headers_is_named_and_the_rest_is_there(
    server: ScriptedImap, fault: Fault, lacking: list[int]
) -> None:
    server.faults.add(fault, on="UID FETCH")
    async with logged_in(server) as session:
        found, missing = await headers(await reading(session), THREE)
        assert list(missing) == lacking
        assert set(found) == set(THREE) - set(lacking)
        server.faults.clear()
        again, still_missing = await headers(session, missing)
    left = set(server.account(ANNA).folder("INBOX").uids)
    assert set(again) == set(lacking) & left
    assert set(still_missing) == set(lacking) - left


BODIES_LACKING = [
    (fetch_faults.without_items("BODY", uids=[2]), [2]),
    (fetch_faults.without_items("UID", uids=[2]), [2]),
    (fetch_faults.without_messages([1, 3]), [1, 3]),
    (fetch_faults.short(1), [2, 3]),
    (fetch_faults.nil_bodies([3]), [3]),
    (fetch_faults.other_uids(1000), [1, 2, 3]),
    (fetch_faults.expunge_while_fetching(3), [3]),
]


@pytest.mark.parametrize(("fault", "lacking"), BODIES_LACKING, ids=[fault.name for fault, _ in BODIES_LACKING])
async def test_a_message_that_does_not_come_is_answered_with_nothing_and_the_rest_is_whole(
    server: ScriptedImap, fault: Fault, lacking: list[int]
) -> None:
    server.faults.add(fault, on="UID FETCH", times=FOREVER)
    async with logged_in(server) as session:
        found = await bodies(await reading(session), THREE)
    assert set(found) == set(THREE)
    assert [uid for uid, message in sorted(found.items()) if message.raw is None] == lacking
    whole = {uid: message.raw for uid, message in found.items() if message.raw is not None}
    assert whole == {uid: letter(f"Number {uid}") for uid in set(THREE) - set(lacking)}


HARMLESS = [
    fetch_faults.duplicated(),
    fetch_faults.backwards(),
    fetch_faults.split_lines(),
    fetch_faults.unasked_fetch(77),
    fetch_faults.unasked_fetch(2, flags="\\Flagged", number=2),
    fetch_faults.without_items("INTERNALDATE"),
    fetch_faults.wrong_size(1.5),
    answer_faults.saying("OK [ALERT] Disk nearly full"),
    answer_faults.saying("4 EXISTS", "0 RECENT", "FLAGS (\\Seen)", "OK Still here"),
    answer_faults.saying("BAD something internal happened", "NO and again"),
    answer_faults.saying("XUNKNOWN (a (b c) \"d\") {not a literal}"),
]  # fmt: skip


@pytest.mark.parametrize("fault", HARMLESS, ids=[fault.name for fault in HARMLESS])
async def test_odd_answers_change_nothing_in_what_is_read(server: ScriptedImap, fault: Fault) -> None:
    server.faults.add(fault, on="UID FETCH", times=FOREVER)
    async with logged_in(server) as session:
        found, missing = await headers(await reading(session), THREE)
        whole = await bodies(session, THREE)
    assert (sorted(found), list(missing)) == ([1, 2, 3], [])
    assert all(f"Subject: Number {uid}".encode() in summary.header for uid, summary in found.items())
    assert {uid: message.raw for uid, message in whole.items()} == {uid: letter(f"Number {uid}") for uid in THREE}


async def test_flags_that_come_in_a_line_of_their_own_belong_to_their_message(server: ScriptedImap) -> None:
    server.account(ANNA).folder("INBOX").set_flags([2], ["\\Flagged"])
    server.faults.add(fetch_faults.split_lines(), on="UID FETCH", times=FOREVER)
    async with logged_in(server) as session:
        found, _ = await headers(await reading(session), THREE)
        whole = await bodies(session, THREE)
        read = await read_flags(session, THREE)
    assert [found[uid].flags for uid in THREE] == [frozenset(), {"\\Flagged"}, frozenset()]
    assert {change.uid: change.flags for change in read}[2] == {"\\Flagged"}
    assert whole[2].flags == {"\\Flagged"}
    assert whole[2].internal_date == found[2].internal_date is not None


async def test_one_message_the_server_cannot_read_does_not_hide_its_neighbours(server: ScriptedImap) -> None:
    server.faults.add(fetch_faults.fails_at(2), on="UID FETCH", times=FOREVER)
    async with logged_in(server) as session:
        found, missing = await headers(await reading(session), THREE)
        whole = await bodies(session, THREE)
    assert (sorted(found), list(missing)) == ([1, 3], [2])
    assert {uid: message.raw is not None for uid, message in whole.items()} == {1: True, 2: False, 3: True}


async def test_a_throttled_fetch_is_not_taken_for_a_broken_message(server: ScriptedImap) -> None:
    server.faults.add(answer_faults.refuse(answer_faults.GMAIL_BANDWIDTH), on="UID FETCH", times=FOREVER)
    async with logged_in(server) as session:
        await reading(session)
        with pytest.raises((Temporary, NeedsUser)):
            await headers(session, THREE)
    assert server.log.count("FETCH") < 3


BREAKING = [
    fetch_faults.longer_than_announced(b"\r\nand more that was not announced"),
    fetch_faults.shorter_than_announced(7),
    connection_faults.bye_inside_literal(),
    connection_faults.hangup_inside_literal(),
    connection_faults.silence_inside_literal(),
    connection_faults.bye_after(1),
    connection_faults.hangup_after(1),
    connection_faults.reset_after(1),
    connection_faults.silence_after(1),
    connection_faults.drop_before_ok(),
    answer_faults.giant_literal(),
    answer_faults.endless_line(2),
    answer_faults.deep_nesting(50_000),
    answer_faults.garbage(),
]  # fmt: skip


@pytest.mark.parametrize("fault", BREAKING, ids=[fault.name for fault in BREAKING])
async def test_a_broken_answer_ends_the_session_and_a_new_one_reads_all(server: ScriptedImap, fault: Fault) -> None:
    server.faults.add(fault, on=Matching("UID FETCH", b"BODY.PEEK"))
    async with logged_in(server) as session:
        await reading(session)
        with pytest.raises(Temporary):
            async with asyncio.timeout(PATIENCE):
                found, missing = await headers(session, THREE)
                raise AssertionError(f"{sorted(found)} were read, {missing} were not")
    async with logged_in(server) as session:
        found, missing = await headers(await reading(session), THREE)
    assert (sorted(found), list(missing)) == ([1, 2, 3], [])


async def test_a_server_that_talks_without_end_is_left(server: ScriptedImap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postroom.wire.imap.connection.MAX_UNTAKEN", 10_000)  # two million lines would take seconds
    server.faults.add(answer_faults.many_lines(10_001), on="UID FETCH")
    async with logged_in(server) as session:
        await reading(session)
        with pytest.raises(Temporary, match="talks and talks"):
            await headers(session, THREE)


async def test_of_a_literal_no_more_is_taken_than_was_announced(server: ScriptedImap) -> None:
    server.faults.add(fetch_faults.longer_than_announced(b" and more"), on="UID FETCH", times=FOREVER)
    async with logged_in(server) as session:
        whole = await bodies(await reading(session), THREE)
    assert {uid: message.raw for uid, message in whole.items()} == {uid: letter(f"Number {uid}") for uid in THREE}


async def test_what_came_before_the_connection_broke_stays_good(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.bye("Session expired, please login again."), on="UID FETCH", nth=2)
    got: list[int] = []
    async with logged_in(server) as session:
        await reading(session)
        with pytest.raises(Temporary, match="Session expired"):
            async for batch in summaries(session, THREE, batch=1):
                got += [summary.uid for summary in batch.summaries]
    assert got == [3]
    async with logged_in(server) as session:
        found, _ = await headers(await reading(session), THREE - UidSet(got))
    assert sorted(found) == [1, 2]


async def test_the_body_of_a_message_breaks_off_and_the_others_stay_good(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.hangup_inside_literal(), on=Matching("UID FETCH", b"1:3"))
    async with logged_in(server) as session:
        await reading(session)
        with pytest.raises(Temporary):
            await bodies(session, THREE)


async def test_a_slow_drip_arrives_whole(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.slow_drip(4000), on="UID FETCH")
    async with logged_in(server) as session:
        whole = await bodies(await reading(session), THREE)
    assert {uid: message.raw for uid, message in whole.items()} == {uid: letter(f"Number {uid}") for uid in THREE}


async def test_silence_in_the_middle_of_a_message_is_noticed_in_time(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.silence_inside_literal(), on="UID FETCH")
    async with logged_in(server) as session:
        await reading(session)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(Temporary, match="has not answered"):
                await bodies(session, THREE)


async def test_empty_bodies_are_given_as_they_are(server: ScriptedImap) -> None:
    server.faults.add(fetch_faults.empty_bodies([2]), on="UID FETCH")
    async with logged_in(server) as session:
        whole = await bodies(await reading(session), THREE)
    assert whole[2].raw in (None, b"")
    assert whole[1].raw == letter("Number 1")


async def test_answers_in_lower_case_are_understood(server: ScriptedImap) -> None:
    for verb in ("LIST", "EXAMINE", "UID SEARCH"):
        server.faults.add(answer_faults.in_lower_case(), on=verb, times=FOREVER)
    server.account(ANNA).folder("INBOX").uidvalidity = 7
    async with logged_in(server) as session:
        state = await session.select(await folder(session, "inbox"), Access.READ_ONLY)
    assert (state.uid_validity, state.exists) == (7, 3)
