"""Connecting and logging in: every way it is offered, and every way it is refused."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address

import pytest

from postroom.ground.errors import Invalid, NeedsUser, Remedy, Temporary
from postroom.wire.smtp.dialogue import Dialogue
from postroom.wire.smtp.session import open_session
from postroom.wire.smtp.types import BearerToken, Encryption, Password, SmtpSettings
from tests.servers import smtp_faults as faults
from tests.servers.smtp import SmtpServer
from tests.wire.smtp.running import running_server

ME = "anna@example.org"


@pytest.fixture
async def server() -> AsyncIterator[SmtpServer]:
    async with running_server() as running:
        running.user(ME, "secret", "good-token")
        yield running


def settings(server: SmtpServer, **changes: object) -> SmtpSettings:
    plain = SmtpSettings(
        server.host, server.port, Encryption.NONE, ME, Password("secret"),
        connect_timeout_seconds=60, reply_timeout_seconds=60, trusted_ca=server.ca_file,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("encryption", list(Encryption))
async def test_logs_in_under_every_encryption(server: SmtpServer, encryption: Encryption) -> None:
    port = server.tls_port if encryption is Encryption.TLS else server.port
    async with await open_session(settings(server, port=port, encryption=encryption)) as session:
        assert session.offers.pipelining
        assert session.is_open
    assert not session.is_open


@pytest.mark.parametrize(
    ("mechanism", "secret"),
    [
        ("PLAIN", Password("secret")),
        ("LOGIN", Password("secret")),
        ("XOAUTH2", BearerToken("good-token")),
        ("OAUTHBEARER", BearerToken("good-token")),
    ],
)
async def test_logs_in_by_each_mechanism(server: SmtpServer, mechanism: str, secret: Password | BearerToken) -> None:
    server.mechanisms = [mechanism]
    async with await open_session(settings(server, secret=secret)):
        assert any(line.startswith(f"AUTH {mechanism}") for line in server.log)


@pytest.mark.parametrize(
    ("mechanism", "secret"),
    [
        ("PLAIN", Password("wrong-password")),
        ("LOGIN", Password("wrong-password")),
        ("XOAUTH2", BearerToken("stale-token")),
        ("OAUTHBEARER", BearerToken("stale-token")),
    ],
)
async def test_a_wrong_secret_asks_for_another(
    server: SmtpServer, mechanism: str, secret: Password | BearerToken
) -> None:
    server.mechanisms = [mechanism]
    with pytest.raises(NeedsUser) as caught:
        await open_session(settings(server, secret=secret))
    assert caught.value.remedy is Remedy.PASSWORD
    assert secret.text not in str(caught.value)


async def test_a_secret_that_the_server_repeats_is_struck_out(server: SmtpServer) -> None:
    server.faults.add(faults.reply(535, "5.7.8 bad password hunter22 AGFubmFAZXhhbXBsZS5vcmcAaHVudGVyMjI="), on="AUTH")
    with pytest.raises(NeedsUser) as caught:
        await open_session(settings(server, secret=Password("hunter22")))
    assert "hunter22" not in str(caught.value)
    assert "AGFubmFAZXhhbXBsZS5vcmcAaHVudGVyMjI=" not in str(caught.value)
    assert "hunter22" not in repr(settings(server, secret=Password("hunter22")))


async def test_no_auth_on_offer_is_smtp_auth_switched_off(server: SmtpServer) -> None:
    server.mechanisms = []
    with pytest.raises(NeedsUser, match="SMTP AUTH extension not supported") as caught:
        await open_session(settings(server))
    assert caught.value.remedy is Remedy.SMTP_AUTH


async def test_nothing_is_said_in_the_clear_when_starttls_is_stripped(server: SmtpServer) -> None:
    server.offers_starttls = False
    with pytest.raises(NeedsUser, match="STARTTLS") as caught:
        await open_session(settings(server, encryption=Encryption.STARTTLS))
    assert caught.value.remedy is Remedy.SETTINGS
    assert not any(line.startswith(("AUTH", "MAIL")) for line in server.log)


async def test_text_put_in_before_encryption_is_refused(server: SmtpServer) -> None:
    server.faults.add(faults.reply(220, "go on\r\n250-mail.evil.example\r\n250 AUTH PLAIN"), on="STARTTLS")
    with pytest.raises(Temporary):
        await open_session(settings(server, encryption=Encryption.STARTTLS))
    assert not any(line.startswith("AUTH") for line in server.log)


async def test_a_certificate_nobody_vouches_for_is_not_accepted(server: SmtpServer) -> None:
    for encryption, port in ((Encryption.TLS, server.tls_port), (Encryption.STARTTLS, server.port)):
        with pytest.raises(NeedsUser) as caught:
            await open_session(settings(server, encryption=encryption, port=port, trusted_ca=None))
        assert caught.value.remedy is Remedy.CERTIFICATE
    assert not any(line.startswith("AUTH") for line in server.log)


async def test_tls_on_a_plain_port_names_the_setting(server: SmtpServer) -> None:
    with pytest.raises(NeedsUser, match="does not speak TLS") as caught:
        await open_session(settings(server, encryption=Encryption.TLS))
    assert caught.value.remedy is Remedy.SETTINGS


async def test_a_forbidden_address_is_never_connected_to(server: SmtpServer) -> None:
    def refuse(address: IPv4Address | IPv6Address) -> None:
        raise Invalid(f"{address} must not be reached.")

    with pytest.raises(Invalid):
        await open_session(settings(server, check_address=refuse))
    assert server.connections_opened == 0


async def test_a_port_where_nobody_listens_is_temporary(server: SmtpServer) -> None:
    with pytest.raises(Temporary, match="No connection"):
        await open_session(settings(server, port=1))


async def test_a_name_that_is_not_found_is_temporary(server: SmtpServer) -> None:
    with pytest.raises(Temporary, match="could not be looked up"):
        await open_session(settings(server, host="no-such-host.invalid"))


@pytest.mark.parametrize(
    "fault", [faults.drop(), faults.silence(), faults.raw(b"\x15\x03\x01\r\n")], ids=lambda one: one.name
)
@pytest.mark.parametrize("step", ["CONNECT", "EHLO", "AUTH"])
async def test_a_server_that_breaks_off_is_temporary(server: SmtpServer, step: str, fault: faults.SmtpFault) -> None:
    server.faults.add(fault, on=step)
    with pytest.raises(Temporary):
        await open_session(settings(server, reply_timeout_seconds=0.3))


async def test_helo_where_ehlo_is_not_known(server: SmtpServer) -> None:
    server.requires_auth = False
    server.faults.add(faults.reply(502, "5.5.1 What?"), on="EHLO")
    async with await open_session(settings(server, user="")) as session:
        assert not session.offers.pipelining
    assert server.log[1].startswith("HELO [127.0.0.1]")


async def test_two_hundred_logins_at_once_are_no_trouble(server: SmtpServer) -> None:
    sessions = await asyncio.gather(*(open_session(settings(server)) for _ in range(200)))
    assert all(session.is_open for session in sessions)
    await asyncio.gather(*(session.close() for session in sessions))


async def test_a_server_that_talks_on_unasked_is_left() -> None:
    """Answers wait until they are read: a server that never stops would fill the memory."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"250 and another thing\r\n" * 50_000)
        await asyncio.sleep(600)
        writer.close()

    talker = await asyncio.start_server(talk, "127.0.0.1", 0)
    host, port = talker.sockets[0].getsockname()[:2]
    _, dialogue = await asyncio.get_running_loop().create_connection(Dialogue, host, port)
    try:
        async with asyncio.timeout(60):
            while dialogue.is_open:
                await asyncio.sleep(0.01)
    finally:
        dialogue.abort()
        talker.close()
