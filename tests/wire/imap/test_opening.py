"""Getting in: addresses, encryption, certificates, and every way to log in; and what is said when it fails."""

import asyncio
import base64
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest

from postroom.ground.errors import Invalid, NeedsUser, PostroomError, Remedy, Temporary
from postroom.wire.imap.errors import TooManyConnections
from postroom.wire.imap.folders import list_folders
from postroom.wire.imap.session import open_session
from postroom.wire.imap.types import BearerToken, Encryption, ImapSettings, Password
from tests.servers.certificates import make_certificates
from tests.servers.scripted_imap import FULL, ScriptedImap, answer_faults, connection_faults, scripted_imap
from tests.wire.imap.conftest import Mailbox
from tests.wire.imap.scripted import answering, settings_for, stub


async def failure(settings: ImapSettings) -> PostroomError:
    """The error of a login that must fail."""
    with pytest.raises(PostroomError) as caught:
        async with await open_session(settings):
            pass
    return caught.value


@pytest.mark.parametrize("encryption", list(Encryption))
async def test_one_gets_in_with_every_encryption(mailbox: Mailbox, encryption: Encryption) -> None:
    async with await open_session(mailbox.settings(encryption)) as session:
        assert await list_folders(session)


@contextlib.asynccontextmanager
async def anna(**secrets: str) -> AsyncIterator[ScriptedImap]:
    async with scripted_imap(FULL) as server:
        account = server.account("anna", password=secrets.get("password", "secret"))
        account.tokens.add("good-token")
        yield server


# --- certificates and STARTTLS -------------------------------------------------------------------------


@pytest.mark.parametrize("encryption", [Encryption.TLS, Encryption.STARTTLS])
async def test_an_unknown_authority_is_not_trusted(encryption: Encryption) -> None:
    async with anna() as server:
        error = await failure(replace(settings_for(server, encryption), trusted_ca=None))
        assert isinstance(error, NeedsUser)
        assert error.remedy is Remedy.CERTIFICATE
        assert "localhost" in str(error)
        assert not server.log.containing(b"LOGIN") and not server.log.containing(b"AUTHENTICATE")


async def test_the_certificate_of_another_host_is_not_accepted(tmp_path: Path) -> None:
    async with anna() as server:
        other = make_certificates(tmp_path, host="mail.example.org")
        server.serve_certificate(other)
        settings = replace(settings_for(server, Encryption.STARTTLS), trusted_ca=other.ca_file)
        error = await failure(settings)
        assert isinstance(error, NeedsUser)
        assert error.remedy is Remedy.CERTIFICATE


async def test_starttls_that_is_not_offered_is_insisted_on() -> None:
    async with anna() as server:
        server.withhold("STARTTLS")
        error = await failure(settings_for(server, Encryption.STARTTLS))
        assert isinstance(error, NeedsUser)
        assert error.remedy is Remedy.SETTINGS
        assert not server.log.containing(b"LOGIN") and not server.log.containing(b"AUTHENTICATE")


@pytest.mark.parametrize(
    "text", [b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] x\r\n", b"P2 OK logged in\r\n", b"x", b"\r\n"]
)
async def test_text_injected_before_encryption_is_refused(text: bytes) -> None:
    async with anna() as server:
        server.faults.add(connection_faults.text_before_tls(text), on="STARTTLS")
        error = await failure(settings_for(server, Encryption.STARTTLS))
        assert "no sense" in str(error) or "ncryption" in str(error)
        assert not server.log.containing(b"LOGIN") and not server.log.containing(b"AUTHENTICATE")


async def test_a_server_that_skips_the_login_to_avoid_encryption_is_refused() -> None:
    async with anna() as server:
        server.faults.add(connection_faults.preauth(), on="CONNECT")
        error = await failure(settings_for(server, Encryption.STARTTLS))
        assert isinstance(error, NeedsUser)
        assert not server.log.containing(b"STARTTLS")


async def test_what_was_offered_before_encryption_does_not_count() -> None:
    async with anna() as server:
        server.faults.add(answer_faults.saying("CAPABILITY IMAP4rev1 LOGINDISABLED"), on="STARTTLS")
        async with await open_session(settings_for(server, Encryption.STARTTLS)) as session:
            assert "LOGINDISABLED" not in session.capabilities


async def test_a_greeting_before_encryption_is_not_taken() -> None:
    """The text may be there before we have said a word."""
    async with stub(answering({}), greeting=b"* PREAUTH [CAPABILITY IMAP4rev1] come in\r\n") as settings:
        error = await failure(replace(settings, encryption=Encryption.TLS))
    assert isinstance(error, NeedsUser)
    assert error.remedy is Remedy.SETTINGS


async def test_a_plain_port_is_told_from_one_with_tls() -> None:
    async with anna() as server:
        error = await failure(replace(settings_for(server, Encryption.TLS), port=server.port))
        assert isinstance(error, NeedsUser)
        assert error.remedy is Remedy.SETTINGS
        error = await failure(replace(settings_for(server), port=server.tls_port, connect_timeout_seconds=0.5))
        assert isinstance(error, Temporary)


# --- addresses -----------------------------------------------------------------------------------------


async def test_a_refused_address_is_not_connected_to() -> None:
    async with anna() as server:
        asked = []

        def refuse(address: object) -> None:
            asked.append(address)
            raise Invalid("This address is not allowed.")

        assert isinstance(await failure(replace(settings_for(server), check_address=refuse)), Invalid)
        assert ip_address("127.0.0.1") in asked
        assert server.connections_opened == 0


async def test_without_encryption_only_this_machine_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the name is looked up once: a second answer could be another one (Twenty PR #17973)."""
    lookups = []

    async def elsewhere(self: object, host: str, port: int, **more: object) -> list[object]:
        lookups.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", port))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", elsewhere)
    settings = ImapSettings("mail.example.org", 143, Encryption.NONE, "anna", Password("x"))
    error = await failure(settings)
    assert isinstance(error, NeedsUser)
    assert error.remedy is Remedy.SETTINGS
    assert lookups == ["mail.example.org"]


async def test_a_mapped_address_is_judged_as_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    async def mapped(self: object, host: str, port: int, **more: object) -> list[object]:
        return [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::ffff:169.254.169.254", port, 0, 0))]

    def refuse(address: object) -> None:
        assert address == ip_address("169.254.169.254")
        raise Invalid("not allowed")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", mapped)
    settings = ImapSettings("evil.example.org", 993, Encryption.TLS, "a", Password("x"), check_address=refuse)
    assert isinstance(await failure(settings), Invalid)


async def test_a_name_that_is_not_found_is_not_a_wrong_password() -> None:
    settings = ImapSettings("no-such-host.invalid", 993, Encryption.TLS, "a", Password("x"), 3.0)
    error = await failure(settings)
    assert isinstance(error, Temporary)
    assert "no-such-host.invalid" in str(error)


async def test_a_port_where_nothing_listens() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        settings = ImapSettings("127.0.0.1", held.getsockname()[1], Encryption.NONE, "a", Password("x"))
        error = await failure(settings)
    assert isinstance(error, Temporary)
    assert "nothing listens" in str(error)


async def test_a_server_that_says_nothing_is_left_in_time() -> None:
    async with stub(answering({}), greeting=b"") as settings:
        error = await asyncio.wait_for(failure(replace(settings, connect_timeout_seconds=0.3)), 60)
    assert isinstance(error, Temporary)


# --- logging in ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password", ["simple", 'with "quotes" and \\', "Zoë pass", "пароль", "a{5}", "%s", "x" * 2000, " lead and trail "]
)
@pytest.mark.parametrize("without", [(), ("AUTH=PLAIN",), ("SASL-IR",)])
async def test_every_password_arrives_as_typed(password: str, without: tuple[str, ...]) -> None:
    async with anna(password=password) as server:
        settings = settings_for(server, secret=Password(password), disregard=frozenset(without))
        async with await open_session(settings) as session:
            assert await list_folders(session)


@pytest.mark.parametrize("without", [(), ("AUTH=XOAUTH2",), ("SASL-IR",), ("SASL-IR", "AUTH=XOAUTH2")])
async def test_one_signs_in_by_token(without: tuple[str, ...]) -> None:
    async with anna() as server:
        server.offer("AUTH=XOAUTH2", "AUTH=OAUTHBEARER")
        settings = settings_for(server, secret=BearerToken("good-token"), disregard=frozenset(without))
        async with await open_session(settings) as session:
            assert await list_folders(session)


@pytest.mark.parametrize("without", [(), ("AUTH=XOAUTH2",), ("SASL-IR",)])
async def test_an_expired_token_asks_for_consent(without: tuple[str, ...]) -> None:
    async with anna() as server:
        server.offer("AUTH=XOAUTH2", "AUTH=OAUTHBEARER")
        error = await failure(settings_for(server, secret=BearerToken("old"), disregard=frozenset(without)))
        assert isinstance(error, NeedsUser)
        assert error.remedy is Remedy.CONSENT


async def test_a_server_without_oauth_is_named() -> None:
    async with anna() as server:
        lacking = frozenset({"AUTH=XOAUTH2", "AUTH=OAUTHBEARER"})
        error = await failure(settings_for(server, secret=BearerToken("t"), disregard=lacking))
        assert isinstance(error, NeedsUser)
        assert error.remedy is Remedy.SETTINGS


async def test_a_wrong_password_names_host_and_user_and_never_the_password(ada: Mailbox) -> None:
    wrong = replace(ada.settings(), secret=Password("not-the-password"))
    error = await failure(wrong)
    assert isinstance(error, NeedsUser)
    assert error.remedy is Remedy.PASSWORD
    assert "localhost" in str(error) and ada.user in str(error)
    assert "not-the-password" not in str(error) + repr(error) + repr(wrong)


async def test_a_server_that_echoes_the_secret_is_not_quoted() -> None:
    message = base64.b64encode(b"\0anna\0s3cret-pass")
    said = b"%t NO s3cret-pass is wrong, " + message + b" too\r\n"
    async with stub(answering({b"AUTHENTICATE": said, b"LOGIN": said})) as settings:
        error = await failure(settings)
    assert "s3cret" not in str(error)
    assert message.decode() not in str(error)


REFUSALS = [
    (answer_faults.GMAIL_WRONG_PASSWORD, NeedsUser, Remedy.PASSWORD),
    (answer_faults.GMAIL_APP_PASSWORD, NeedsUser, Remedy.APP_PASSWORD),
    (answer_faults.GMAIL_WEB_LOGIN, NeedsUser, Remedy.CONSENT),
    ("[ALERT] Your account is not enabled for IMAP use. Please visit settings.", NeedsUser, Remedy.IMAP_ACCESS),
    ("[AUTHORIZATIONFAILED] You may not act for another", NeedsUser, Remedy.USER_NAME),
    ("[EXPIRED] Your password has expired", NeedsUser, Remedy.PASSWORD),
    ("[PRIVACYREQUIRED] Plaintext authentication disallowed", NeedsUser, Remedy.SETTINGS),
    ("LOGIN failed.", NeedsUser, Remedy.PASSWORD),
    (answer_faults.MICROSOFT_LOGIN_FAILED, NeedsUser, Remedy.PASSWORD),
    (answer_faults.MICROSOFT_NOT_CONNECTED, NeedsUser, Remedy.USER_NAME),
    ("Incorrect password, please try again", NeedsUser, Remedy.PASSWORD),
    ("I do not like you", NeedsUser, Remedy.PASSWORD),
    (answer_faults.GMAIL_TOO_MANY_CONNECTIONS, TooManyConnections, 300.0),
    (answer_faults.GMAIL_BANDWIDTH, Temporary, 900.0),
    (answer_faults.DOVECOT_TOO_MANY, TooManyConnections, 300.0),
    ("[LIMIT] Too many concurrent connections", TooManyConnections, 300.0),
    ("Too many open sessions for this user", TooManyConnections, 300.0),
    ("[LIMIT] Sorry", Temporary, 900.0),
    ("Too many requests", Temporary, 900.0),
    (answer_faults.DOVECOT_TEMPORARY, Temporary, None),
    (answer_faults.MICROSOFT_THROTTLED, Temporary, 92.415),
    (answer_faults.MICROSOFT_UNAVAILABLE, Temporary, None),
    ("[LIMIT] Too fast. Try again in 15 minutes", Temporary, 900.0),
]


@pytest.mark.parametrize(("text", "kind", "detail"), REFUSALS)
async def test_a_refused_login_tells_what_to_do(text: str, kind: type[PostroomError], detail: object) -> None:
    async with anna() as server:
        server.faults.add(answer_faults.refuse(text), on="AUTHENTICATE")
        error = await failure(settings_for(server))
    assert isinstance(error, kind)
    assert (error.remedy if isinstance(error, NeedsUser) else error.retry_after_seconds) == detail  # type: ignore[attr-defined]


async def test_a_server_that_lists_plain_and_knows_only_login() -> None:
    async with anna() as server:
        server.faults.add(answer_faults.refuse("Unknown mechanism", "BAD"), on="AUTHENTICATE")
        async with await open_session(settings_for(server)) as session:
            assert await list_folders(session)


async def test_no_password_goes_to_a_server_that_wants_none_here() -> None:
    said = b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n"
    async with stub(answering({b"CAPABILITY": said}), greeting=b"* OK hi\r\n") as settings:
        error = await failure(settings)
    assert isinstance(error, NeedsUser)
    assert error.remedy is Remedy.SETTINGS


ODD_GREETINGS = [
    b"* BYE Too many connections\r\n",
    b"* BYE\r\n",
    b"220 smtp.example.org ESMTP\r\n",
    b"HTTP/1.1 400\r\n\r\n",
    b"\x16\x03\x01\x00\xff" * 50,
    b"* NO\r\n",
    b"P1 OK\r\n",
]


@pytest.mark.parametrize("greeting", ODD_GREETINGS)
async def test_odd_greetings_are_temporary(greeting: bytes) -> None:
    async with stub(answering({}), greeting=greeting) as settings:
        error = await asyncio.wait_for(failure(replace(settings, connect_timeout_seconds=0.5)), 60)
    assert isinstance(error, Temporary)
