"""Test Connection: IMAP and SMTP apart, step by step, with the server's words and what to do."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from postroom.ground.errors import Remedy
from postroom.ground.net import AddressPolicy
from postroom.journeys import connect
from postroom.journeys.connect import ServersToTest
from postroom.journeys.steps.check_server import ServerReport
from postroom.rooms.accounts.typed_server import TypedServer
from tests.journeys.office import Office
from tests.journeys.typed_servers import imap, smtp
from tests.servers.dovecot import PASSWORD, DovecotServer
from tests.servers.smtp import SmtpServer, smtp_server


@pytest.fixture
async def relay() -> AsyncIterator[SmtpServer]:
    async with smtp_server() as server:
        yield server


def names(report: ServerReport | None) -> list[tuple[str, bool]]:
    assert report is not None
    return [(step.name, step.ok) for step in report.steps]


async def test_right_settings_pass_every_step(office: Office, mail_server: DovecotServer, relay: SmtpServer) -> None:
    mail_server.add_user("tina")
    relay.user("relay")
    servers = ServersToTest("tina@acme.example", imap(mail_server, "tina"), smtp(relay))
    report = await connect.test_settings(office.tools, servers)
    assert names(report.imap) == [
        ("Find the server", True), ("Reach it", True), ("Encrypt the connection", True), ("Sign in", True),
        ("See what it offers", True), ("List the folders", True), ("Open the Inbox", True),
    ]  # fmt: skip
    assert names(report.smtp)[-1] == ("May send as this address", True)
    assert report.imap is not None
    assert report.imap.ok
    assert "Sent" in report.imap.steps[-2].detail
    assert relay.accepted == [], "nothing is sent by a test"


async def test_imap_and_smtp_fail_apart(office: Office, mail_server: DovecotServer, relay: SmtpServer) -> None:
    mail_server.add_user("tom")
    relay.user("relay")
    wrong = smtp(relay, password="wrong")
    report = await connect.test_settings(
        office.tools, ServersToTest("tom@acme.example", imap(mail_server, "tom"), wrong)
    )
    assert report.imap is not None
    assert report.smtp is not None
    assert report.imap.ok
    assert not report.smtp.ok
    assert names(report.smtp)[-1] == ("Sign in", False)
    assert report.smtp.remedy is Remedy.PASSWORD
    assert "535" in report.smtp.error
    assert report.smtp.advice is not None
    assert report.smtp.advice.cause == "The user name or the password is wrong."


async def test_a_wrong_imap_password_is_told_with_the_servers_words(office: Office, mail_server: DovecotServer) -> None:
    mail_server.add_user("tess")
    typed = imap(mail_server, "tess", password="hunter2-wrong")
    report = await connect.test_settings(office.tools, ServersToTest("tess@acme.example", typed, None))
    assert report.smtp is None
    assert report.imap is not None
    assert names(report.imap)[-1] == ("Sign in", False)
    assert "uthenticat" in report.imap.error
    assert "hunter2-wrong" not in repr(report)


async def test_a_provider_with_app_passwords_is_told_and_linked(office: Office, mail_server: DovecotServer) -> None:
    mail_server.add_user("yana")
    typed = imap(mail_server, "yana", password="everyday")
    report = await connect.test_settings(office.tools, ServersToTest("yana@yahoo.com", typed, None))
    assert report.imap is not None
    assert report.imap.remedy is Remedy.APP_PASSWORD
    assert report.imap.advice is not None
    assert report.imap.advice.help_url == "https://help.yahoo.com/kb/SLN15241.html"


async def test_a_port_where_nobody_listens_is_not_reached(office: Office) -> None:
    typed = TypedServer(f"127.0.0.1:{_closed_port()}", encryption="none", password="x")
    report = await connect.test_settings(office.tools, ServersToTest("a@acme.example", typed, None))
    assert names(report.imap) == [("Find the server", True), ("Reach it", False)]
    assert report.imap is not None
    assert "refused" in report.imap.error


async def test_a_name_that_does_not_exist_is_not_found(office: Office) -> None:
    typed = TypedServer("mail.no-such-host.invalid", password="x")
    report = await connect.test_settings(office.tools, ServersToTest("a@acme.example", typed, None))
    assert names(report.imap) == [("Find the server", False)]
    assert report.imap is not None
    assert report.imap.advice is not None
    assert "spelling" in report.imap.advice.next_step


async def test_a_wrong_certificate_fails_at_encryption(office: Office, mail_server: DovecotServer) -> None:
    typed = TypedServer(f"localhost:{mail_server.imaps_port}", encryption="tls", password="x")
    report = await connect.test_settings(office.tools, ServersToTest("a@acme.example", typed, None))
    assert names(report.imap)[-1] == ("Encrypt the connection", False)
    assert report.imap is not None
    assert report.imap.remedy is Remedy.CERTIFICATE
    assert report.imap.advice is not None
    assert "certificate" in report.imap.advice.cause


async def test_a_trusted_certificate_passes(
    office: Office, mail_server: DovecotServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from postroom.wire.imap.tls import client_context

    mail_server.add_user("tara")
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_server.ca_file))
    client_context.cache_clear()
    typed = TypedServer(f"localhost:{mail_server.imaps_port}", encryption="tls", user="tara", password=PASSWORD)
    report = await connect.test_settings(office.tools, ServersToTest("tara@acme.example", typed, None))
    client_context.cache_clear()
    assert report.imap is not None
    assert report.imap.ok, report.imap.error


async def test_the_own_network_is_refused_before_anything_is_sent_there(
    office: Office, mail_server: DovecotServer
) -> None:
    strict = replace(office.tools, addresses=AddressPolicy())
    report = await connect.test_settings(strict, ServersToTest("a@acme.example", imap(mail_server, "ada"), None))
    assert names(report.imap) == [("Find the server", False)]
    assert report.imap is not None
    assert "POSTROOM_ALLOW_NETWORKS" in report.imap.error


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:10.0.0.1]:993", "10.1.2.3", "0.0.0.0", "[::1]:993"])
async def test_internal_addresses_in_any_dress_are_refused(office: Office, host: str) -> None:
    strict = replace(office.tools, addresses=AddressPolicy())
    report = await connect.test_settings(strict, ServersToTest("a@acme.example", None, TypedServer(host, password="x")))
    assert names(report.smtp) == [("Find the server", False)]


async def test_smtp_without_auth_says_so(office: Office, relay: SmtpServer) -> None:
    relay.mechanisms = []
    report = await connect.test_settings(office.tools, ServersToTest("a@acme.example", None, smtp(relay)))
    assert report.smtp is not None
    assert report.smtp.remedy is Remedy.SMTP_AUTH
    assert names(report.smtp)[-1] == ("Sign in", False)


async def test_a_server_that_is_not_imap_is_not_waited_for_long(office: Office) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    typed = TypedServer(f"127.0.0.1:{port}", encryption="none", password="x")
    async with server, asyncio.timeout(90):
        report = await connect.test_settings(office.tools, ServersToTest("a@acme.example", typed, None))
    assert report.imap is not None
    assert not report.imap.ok
    assert names(report.imap)[1] == ("Reach it", True)


def _closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
