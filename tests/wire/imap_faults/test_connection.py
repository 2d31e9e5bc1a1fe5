"""The connection and the provider: failure modes 50 to 63, as far as the protocol shows them."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from postroom.ground.errors import Invalid, NeedsUser, PostroomError, Remedy, Temporary
from postroom.wire.imap.append import append
from postroom.wire.imap.changes import changes_since
from postroom.wire.imap.flags import store
from postroom.wire.imap.folders import create_folder, list_folders
from postroom.wire.imap.idle import noop, wait
from postroom.wire.imap.move import move
from postroom.wire.imap.search import uids_with_message_id
from postroom.wire.imap.session import Session, open_session
from postroom.wire.imap.status import folder_state
from postroom.wire.imap.types import Access, BearerToken, Encryption, NewCopy, Password, UidSet
from tests.servers.certificates import make_certificates
from tests.servers.scripted_imap import (
    BARE,
    FOREVER,
    GMAIL,
    Fault,
    ScriptedImap,
    answer_faults,
    connection_faults,
    scripted_imap,
)
from tests.wire.imap_faults.ground import ANNA, SILENCE, bodies, folder, headers, letter, logged_in, settings

THREE = UidSet.between(1, 3)
Deed = Callable[[Session], Awaitable[object]]

ENDINGS: list[Fault] = [
    connection_faults.bye(),
    connection_faults.hangup(),
    connection_faults.reset(),
    connection_faults.silence(),
    connection_faults.drop_before_ok(),
    connection_faults.silence_before_ok(),
    answer_faults.replaced_by(b"\x00\xff\xff\r\n\r\n\r\n", b"zz1 OK not yours\r\n"),
]


async def _with_inbox(session: Session, act: Callable[..., Awaitable[object]]) -> object:
    return await act(session, await folder(session))


async def _moved(session: Session) -> object:
    return await move(session, THREE, await folder(session, "Archive"))


async def _appended(session: Session) -> object:
    return await append(session, await folder(session, "Sent"), NewCopy(letter("Sent"), frozenset(["\\Seen"])))


DEEDS: dict[str, Deed] = {
    "LIST": list_folders,
    "STATUS": lambda session: _with_inbox(session, folder_state),
    "EXAMINE": lambda session: _with_inbox(session, lambda one, inbox: changes_since(one, inbox, None)),
    "UID SEARCH": lambda session: uids_with_message_id(session, "<number.1@example.com>"),
    "UID FETCH": lambda session: headers(session, THREE),
    "UID STORE": lambda session: store(session, THREE, add=frozenset(["\\Flagged"])),
    "UID MOVE": _moved,
    "APPEND": _appended,
    "CREATE": lambda session: create_folder(session, "New"),
    "NOOP": noop,
    "IDLE": lambda session: wait(session, 0.2),
}


@pytest.mark.parametrize("fault", ENDINGS, ids=[fault.name for fault in ENDINGS])
@pytest.mark.parametrize("verb", DEEDS)
async def test_a_connection_that_ends_during_any_command_is_a_passing_trouble(
    server: ScriptedImap, verb: str, fault: Fault
) -> None:
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_WRITE)
        placed = server.faults.add(fault, on=verb)
        async with asyncio.timeout(SILENCE + 3):
            with pytest.raises(Temporary):
                await DEEDS[verb](session)
            with pytest.raises(Temporary):
                await noop(session)
    assert placed.struck == 1
    assert server.connections_opened == 1


async def test_a_tagged_answer_that_is_neither_ok_no_nor_bad_is_no_endless_wait(server: ScriptedImap) -> None:
    server.faults.add(answer_faults.replaced_by(b"{tag} MAYBE later\r\n"), on="NOOP")
    async with logged_in(server) as session:
        async with asyncio.timeout(SILENCE + 1):
            with pytest.raises(Temporary):
                await noop(session)


@pytest.mark.parametrize("verb", ["LIST", "STATUS", "UID STORE", "APPEND", "CREATE", "NOOP"])
async def test_an_endless_line_ends_the_session(server: ScriptedImap, verb: str) -> None:
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_WRITE)
        server.faults.add(answer_faults.endless_line(1), on=verb)
        async with asyncio.timeout(SILENCE + 3):
            with pytest.raises(Temporary, match="longer than"):
                await DEEDS[verb](session)


LOGIN_ENDINGS = [
    ("CONNECT", connection_faults.bye("Too many connections")),
    ("CONNECT", connection_faults.hangup()),
    ("CONNECT", connection_faults.reset()),
    ("CONNECT", connection_faults.silence()),
    ("CONNECT", answer_faults.replaced_by(b"220 mail.example ESMTP ready\r\n")),
    ("CONNECT", answer_faults.endless_line(1)),
    ("AUTHENTICATE", connection_faults.bye()),
    ("AUTHENTICATE", connection_faults.reset()),
    ("AUTHENTICATE", connection_faults.silence()),
    ("AUTHENTICATE", connection_faults.drop_before_ok()),
    ("ENABLE", connection_faults.bye()),
    ("ENABLE", connection_faults.silence()),
    ("ID", connection_faults.hangup()),
]


@pytest.mark.parametrize(
    ("verb", "fault"), LOGIN_ENDINGS, ids=[f"{verb} {fault.name}" for verb, fault in LOGIN_ENDINGS]
)
async def test_a_connection_that_ends_around_the_login_is_a_passing_trouble_and_no_wrong_password(
    server: ScriptedImap, verb: str, fault: Fault
) -> None:
    server.faults.add(fault, on=verb)
    async with asyncio.timeout(4):
        with pytest.raises(Temporary):
            await open_session(settings(server))
    assert server.connections_opened == 1
    async with logged_in(server) as session:
        assert await list_folders(session)


async def test_an_idle_that_died_without_fin_is_noticed(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.dead_idle(), on="IDLE")
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_ONLY)
        started = asyncio.get_running_loop().time()
        with pytest.raises(Temporary, match="has not answered"):
            await wait(session, 0.2)
    assert asyncio.get_running_loop().time() - started < 0.2 + SILENCE + 1


async def test_bye_in_idle_is_told_at_once(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.bye_after(1, "Server shutting down"), on="IDLE")
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_ONLY)
        async with asyncio.timeout(2):
            with pytest.raises(Temporary, match="Server shutting down"):
                await wait(session, 30)


REFUSED_LOGINS = [
    (answer_faults.GMAIL_WRONG_PASSWORD, Remedy.PASSWORD),
    (answer_faults.GMAIL_APP_PASSWORD, Remedy.APP_PASSWORD),
    (answer_faults.GMAIL_WEB_LOGIN, Remedy.CONSENT),
    (answer_faults.MICROSOFT_LOGIN_FAILED, Remedy.PASSWORD),
    (answer_faults.MICROSOFT_NOT_CONNECTED, Remedy.USER_NAME),
    (answer_faults.DOVECOT_WRONG_PASSWORD, Remedy.PASSWORD),
    ("LOGIN failed.", Remedy.PASSWORD),
]


@pytest.mark.parametrize(("text", "remedy"), REFUSED_LOGINS, ids=[text for text, _ in REFUSED_LOGINS])
async def test_a_refused_login_names_what_the_person_must_do(server: ScriptedImap, text: str, remedy: Remedy) -> None:
    server.faults.add(answer_faults.refuse(text), on="AUTHENTICATE", times=FOREVER)
    server.faults.add(answer_faults.refuse(text), on="LOGIN", times=FOREVER)
    with pytest.raises(NeedsUser) as caught:
        await open_session(settings(server))
    assert caught.value.remedy is remedy
    assert "secret" not in str(caught.value)


PASSING_LOGINS = [
    (answer_faults.GMAIL_TOO_MANY_CONNECTIONS, 60),
    (answer_faults.GMAIL_BANDWIDTH, 60),
    (answer_faults.GMAIL_SYSTEM_ERROR, 0),
    (answer_faults.MICROSOFT_THROTTLED, 92.415),
    (answer_faults.MICROSOFT_UNAVAILABLE, 0),
    (answer_faults.YAHOO_LIMIT, 60),
    (answer_faults.YAHOO_SERVER_BUG, 0),
    (answer_faults.DOVECOT_TEMPORARY, 0),
    (answer_faults.DOVECOT_TOO_MANY, 60),
    (answer_faults.DOVECOT_IN_USE, 0),
    ("Command failed, try again in 15 minutes", 900),
]


@pytest.mark.parametrize("status", ["NO", "BAD"])
@pytest.mark.parametrize(("text", "seconds"), PASSING_LOGINS, ids=[text for text, _ in PASSING_LOGINS])
async def test_a_busy_server_is_not_taken_for_a_wrong_password_and_its_wait_is_kept(
    server: ScriptedImap, text: str, seconds: float, status: str
) -> None:
    server.faults.add(answer_faults.refuse(text, status), on="AUTHENTICATE", times=FOREVER)
    server.faults.add(answer_faults.refuse(text, status), on="LOGIN", times=FOREVER)
    with pytest.raises(Temporary) as caught:
        await open_session(settings(server))
    assert (caught.value.retry_after_seconds or 0) >= seconds
    assert server.log.count("AUTHENTICATE") + server.log.count("LOGIN") <= 2


@pytest.mark.parametrize("flavour", [BARE, GMAIL], ids=["bare", "gmail"])
async def test_a_limit_of_one_connection_is_temporary_with_a_wait(flavour: "object") -> None:
    async with scripted_imap(flavour) as server:  # type: ignore[arg-type]
        server.account(ANNA)
        server.connections_per_user = 1
        async with logged_in(server):
            with pytest.raises(Temporary) as caught:
                await open_session(settings(server))
        assert (caught.value.retry_after_seconds or 0) >= 60
        await asyncio.sleep(0.05)
        async with logged_in(server) as session:
            assert await list_folders(session)


async def test_a_withdrawn_token_asks_for_consent_and_a_fresh_one_lets_in(gmail: ScriptedImap) -> None:
    gmail.account(ANNA).tokens.add("fresh")
    with pytest.raises(NeedsUser) as caught:
        await open_session(settings(gmail, secret=BearerToken("stale")))
    assert caught.value.remedy is Remedy.CONSENT
    async with await open_session(settings(gmail, secret=BearerToken("fresh"))) as session:
        assert await list_folders(session)


async def test_a_token_that_ends_in_the_middle_loses_nothing(gmail: ScriptedImap) -> None:
    gmail.account(ANNA).tokens.add("first")
    expired = connection_faults.bye_after(1, answer_faults.GMAIL_SESSION_EXPIRED)
    async with await open_session(settings(gmail, secret=BearerToken("first"))) as session:
        await session.select(await folder(session), Access.READ_ONLY)
        gmail.faults.add(expired, on="UID FETCH")
        with pytest.raises(Temporary, match="Session expired"):
            await bodies(session, THREE)
    gmail.account(ANNA).tokens = {"second"}
    async with await open_session(settings(gmail, secret=BearerToken("second"))) as session:
        await session.select(await folder(session), Access.READ_ONLY)
        assert all(message.raw for message in (await bodies(session, THREE)).values())


async def test_starttls_that_was_taken_out_of_the_list_or_refused_sends_no_password(server: ScriptedImap) -> None:
    server.withhold("STARTTLS")
    with pytest.raises(NeedsUser) as stripped:
        await open_session(settings(server, Encryption.STARTTLS))
    assert stripped.value.remedy is Remedy.SETTINGS
    assert server.log.count("AUTHENTICATE") + server.log.count("LOGIN") == 0


async def test_a_preauth_greeting_that_would_skip_encryption_is_refused(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.preauth(), on="CONNECT")
    with pytest.raises(NeedsUser):
        await open_session(settings(server, Encryption.STARTTLS))
    assert len(server.log) == 0


@pytest.mark.parametrize(
    "injected",
    [b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n", b"* BYE go away\r\n", b"P2 OK you are in\r\n", b"* 5 EXISTS\r\n"],
)
async def test_text_injected_before_tls_is_refused(server: ScriptedImap, injected: bytes) -> None:
    server.faults.add(connection_faults.text_before_tls(injected), on="STARTTLS")
    with pytest.raises(PostroomError):
        await open_session(settings(server, Encryption.STARTTLS))
    assert server.log.count("AUTHENTICATE") + server.log.count("LOGIN") == 0


@pytest.mark.parametrize("encryption", [Encryption.TLS, Encryption.STARTTLS])
async def test_encrypted_sessions_work_when_nothing_is_wrong(server: ScriptedImap, encryption: Encryption) -> None:
    server.requires_tls = True
    async with await open_session(settings(server, encryption)) as session:
        await session.select(await folder(session), Access.READ_ONLY)
        assert sorted((await headers(session, THREE))[0]) == [1, 2, 3]


async def test_a_certificate_of_another_host_is_refused(server: ScriptedImap, tmp_path: Path) -> None:
    other = make_certificates(tmp_path, host="mail.elsewhere.example")
    server.serve_certificate(other)
    with pytest.raises(NeedsUser) as caught:
        await open_session(settings(server, Encryption.STARTTLS))
    assert caught.value.remedy is Remedy.CERTIFICATE
    assert server.log.verbs() == ["STARTTLS"]


async def test_a_certificate_of_an_unknown_authority_is_refused(server: ScriptedImap, tmp_path: Path) -> None:
    server.serve_certificate(make_certificates(tmp_path))
    server._certificates, theirs = None, server._certificates
    trusting_another = settings(server, Encryption.STARTTLS)
    server._certificates = theirs
    with pytest.raises(NeedsUser) as caught:
        await open_session(trusting_another)
    assert caught.value.remedy is Remedy.CERTIFICATE


async def test_tls_on_a_plain_port_says_that_the_settings_are_wrong(server: ScriptedImap) -> None:
    from dataclasses import replace

    wrong = replace(settings(server, Encryption.TLS), port=server.port)
    with pytest.raises(NeedsUser) as caught:
        await open_session(wrong)
    assert caught.value.remedy is Remedy.SETTINGS


async def test_an_address_that_may_not_be_reached_is_not_connected_to(server: ScriptedImap) -> None:
    from dataclasses import replace

    def refuse(address: object) -> None:
        raise Invalid("This address is not allowed.")

    with pytest.raises(Invalid):
        await open_session(replace(settings(server), check_address=refuse))
    assert server.connections_opened == 0


async def test_one_account_that_hangs_does_not_delay_another(server: ScriptedImap) -> None:
    server.account("ben@example.org").folder("INBOX").deliver(letter("To Ben"))
    async with logged_in(server) as hanging, logged_in(server, "ben@example.org") as free:
        server.faults.add(connection_faults.silence(), on="UID FETCH")
        await hanging.select(await folder(hanging), Access.READ_ONLY)
        await free.select(await folder(free), Access.READ_ONLY)
        stuck = asyncio.create_task(headers(hanging, THREE))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(SILENCE / 2):
            found, _ = await headers(free, UidSet([1]))
        assert sorted(found) == [1]
        assert not stuck.done()
        with pytest.raises(Temporary):
            await stuck


async def test_an_append_cut_off_before_its_ok_is_found_again_by_its_message_id(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.drop_before_any_answer(), on="APPEND")
    async with logged_in(server) as session:
        with pytest.raises(Temporary):
            await _appended(session)
    async with logged_in(server) as session:
        await session.select(await folder(session, "Sent"), Access.READ_ONLY)
        assert len(await uids_with_message_id(session, "<sent@example.com>")) == 1


async def test_an_append_refused_before_its_data_leaves_a_working_session(server: ScriptedImap) -> None:
    server.withhold("LITERAL+")
    server.faults.add(answer_faults.refuse(answer_faults.DOVECOT_OVER_QUOTA), on="LITERAL")
    async with logged_in(server) as session:
        with pytest.raises(NeedsUser) as caught:
            await _appended(session)
        assert caught.value.remedy is Remedy.PROVIDER_LIMIT
        assert await _appended(session) == 1


async def test_a_move_cut_off_before_its_ok_is_seen_in_the_target(server: ScriptedImap) -> None:
    server.faults.add(connection_faults.drop_before_any_answer(), on="UID MOVE")
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_WRITE)
        with pytest.raises(Temporary):
            await _moved(session)
    async with logged_in(server) as session:
        state = await session.select(await folder(session, "Archive"), Access.READ_ONLY)
        assert state.exists == 3


@pytest.mark.parametrize("verb", ["UID STORE", "UID EXPUNGE"])
async def test_a_move_by_copy_that_fails_later_never_loses_mail_and_can_be_repeated(
    server: ScriptedImap, verb: str
) -> None:
    server.withhold("MOVE")
    server.faults.add(answer_faults.refuse("[SERVERBUG] Internal error"), on=verb)
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_WRITE)
        with pytest.raises(Temporary):
            await _moved(session)
    account = server.account(ANNA)
    copies = [message.raw for message in account.folder("Archive").messages()]
    assert {letter(f"Number {number}") for number in THREE} == set(copies)
    assert len(account.folder("INBOX").uids) == 3


@pytest.mark.parametrize("flavour", ["server", "bare"])
async def test_a_move_without_uidplus_expunges_nothing_that_others_marked(server: ScriptedImap, flavour: str) -> None:
    server.withhold("MOVE", "UIDPLUS")
    inbox = server.account(ANNA).folder("INBOX")
    inbox.set_flags([3], ["\\Deleted"])
    async with logged_in(server) as session:
        await session.select(await folder(session), Access.READ_WRITE)
        moved = await move(session, UidSet([1]), await folder(session, "Archive"))
    assert list(moved.left_behind) == [1]
    assert list(inbox.uids) == [1, 2, 3]


async def test_the_password_is_in_no_error(server: ScriptedImap) -> None:
    server.account("ben@example.org", "hush-hush-1")
    for echo in ("hush-hush-1", "AGJlbkBleGFtcGxlLm9yZwBodXNoLWh1c2gtMQ=="):
        server.faults.add(answer_faults.refuse(f"Cannot parse {echo}", "BAD"), on="AUTHENTICATE")
        server.faults.add(answer_faults.refuse(f"Cannot parse {echo}"), on="LOGIN")
        with pytest.raises(PostroomError) as caught:
            await open_session(settings(server, secret=Password("hush-hush-1"), user="ben@example.org"))
        assert echo not in str(caught.value)
        server.faults.clear()
