"""Logging in where something is wrong: words, limits, tokens, encryption (failure modes 52 to 61)."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from postroom.ground.errors import Invalid, NeedsUser, PostroomError, Remedy, Temporary
from postroom.wire.imap.folders import list_folders
from postroom.wire.imap.session import open_session
from postroom.wire.imap.types import Access, BearerToken, Encryption, Password, UidSet
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
from tests.wire.imap_faults.ground import ANNA, PATIENCE, SILENCE, bodies, folder, headers, logged_in, settings

THREE = UidSet.between(1, 3)

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
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(Temporary):
            await open_session(replace(settings(server, silence=SILENCE), connect_timeout_seconds=2 * SILENCE))
    assert server.connections_opened == 1
    async with logged_in(server) as session:
        assert await list_folders(session)


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
        while server.sessions:  # until the server has seen the end of the first
            await asyncio.sleep(0.01)
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
    with pytest.raises(NeedsUser) as caught:
        await open_session(replace(settings(server, Encryption.STARTTLS), trusted_ca=None))
    assert caught.value.remedy is Remedy.CERTIFICATE


async def test_tls_on_a_plain_port_says_that_the_settings_are_wrong(server: ScriptedImap) -> None:
    wrong = replace(settings(server, Encryption.TLS), port=server.port)
    with pytest.raises(NeedsUser) as caught:
        await open_session(wrong)
    assert caught.value.remedy is Remedy.SETTINGS


async def test_an_address_that_may_not_be_reached_is_not_connected_to(server: ScriptedImap) -> None:
    def refuse(address: object) -> None:
        raise Invalid("This address is not allowed.")

    with pytest.raises(Invalid):
        await open_session(replace(settings(server), check_address=refuse))
    assert server.connections_opened == 0


async def test_the_password_is_in_no_error(server: ScriptedImap) -> None:
    server.account("ben@example.org", "hush-hush-1")
    for echo in ("hush-hush-1", "AGJlbkBleGFtcGxlLm9yZwBodXNoLWh1c2gtMQ=="):
        server.faults.add(answer_faults.refuse(f"Cannot parse {echo}", "BAD"), on="AUTHENTICATE")
        server.faults.add(answer_faults.refuse(f"Cannot parse {echo}"), on="LOGIN")
        with pytest.raises(PostroomError) as caught:
            await open_session(settings(server, secret=Password("hush-hush-1"), user="ben@example.org"))
        assert echo not in str(caught.value)
        server.faults.clear()
