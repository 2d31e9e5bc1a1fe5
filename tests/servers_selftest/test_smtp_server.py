"""The SMTP server takes mail as smtplib and aiosmtplib send it, and goes wrong where it is told to."""

import smtplib
import ssl
from collections.abc import Iterator

import aiosmtplib
import pytest

from tests.servers import smtp_faults
from tests.servers.in_thread import in_thread
from tests.servers.smtp import Accepted, SmtpServer, smtp_server
from tests.servers.smtp_faults import SmtpFault
from tests.servers_selftest.mail import letter

ANNA, BOB = "anna@example.org", "bob@example.com"


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with in_thread(smtp_server()) as running:
        running.user(ANNA, "secret", "fresh-token")
        yield running


def log_in(server: SmtpServer, silence: float = 2.0) -> smtplib.SMTP:
    client = smtplib.SMTP(server.host, server.port, timeout=60)
    client.login(ANNA, "secret")
    assert client.sock is not None
    client.sock.settimeout(silence)
    return client


def send(server: SmtpServer, *recipients: str) -> object:
    """Send one letter and give what came of it: the refused recipients, or the error."""
    try:
        client = log_in(server)
        return client.sendmail(ANNA, recipients or [BOB], letter())
    except (smtplib.SMTPException, OSError) as error:
        return error


def test_a_message_is_kept_byte_for_byte_with_its_envelope(server: SmtpServer) -> None:
    raw = letter() + b".dot at the start\r\n..two dots\r\n"
    log_in(server).sendmail(ANNA, [BOB, "eve@example.com"], raw, mail_options=["BODY=8BITMIME"])
    (got,) = server.accepted
    assert (got.sender, got.recipients, got.raw) == (ANNA, [BOB, "eve@example.com"], raw)
    assert (got.user, got.encrypted) == (ANNA, False)
    assert "BODY=8BITMIME" in got.options


async def test_starttls_and_tls_and_oauth_are_taken_from_aiosmtplib(server: SmtpServer) -> None:
    context = ssl.create_default_context(cafile=str(server.ca_file))
    server.auth_needs_tls = True
    for port, implicit in ((server.port, False), (server.tls_port, True)):
        client = aiosmtplib.SMTP(
            hostname="localhost", port=port, use_tls=implicit, start_tls=not implicit, tls_context=context
        )
        async with client:
            with pytest.raises(aiosmtplib.SMTPAuthenticationError):
                await client.auth_xoauth2(ANNA, "stale-token")
            await client.auth_xoauth2(ANNA, "fresh-token")
            await client.sendmail(ANNA, [BOB], letter())
    assert [(got.user, got.encrypted) for got in server.accepted] == [(ANNA, True), (ANNA, True)]


def test_login_is_asked_for_and_a_wrong_password_is_refused(server: SmtpServer) -> None:
    client = smtplib.SMTP(server.host, server.port, timeout=60)
    with pytest.raises(smtplib.SMTPSenderRefused, match="530"):
        client.sendmail(ANNA, [BOB], letter())
    with pytest.raises(smtplib.SMTPAuthenticationError):
        client.login(ANNA, "wrong")
    server.mechanisms = ["LOGIN"]
    client.ehlo()
    client.login(ANNA, "secret")
    assert client.sendmail(ANNA, [BOB], letter()) == {}


def test_one_recipient_is_refused_and_the_other_is_not(server: SmtpServer) -> None:
    server.refuse("gone@example.com", *smtp_faults.POSTFIX_UNKNOWN_USER)
    refused = send(server, BOB, "gone@example.com")
    assert refused == {"gone@example.com": (550, smtp_faults.POSTFIX_UNKNOWN_USER[1].encode())}
    assert server.accepted[0].recipients == [BOB]


def test_a_greylisted_recipient_is_taken_the_second_time(server: SmtpServer) -> None:
    server.refuse(BOB, *smtp_faults.POSTFIX_GREYLISTED, times=1)
    assert isinstance(send(server), smtplib.SMTPRecipientsRefused)
    assert send(server) == {}


FAULTS = [
    (smtp_faults.reply(421, "4.3.2 Shutting down"), "CONNECT", smtplib.SMTPConnectError, 0),
    (smtp_faults.reply(*smtp_faults.MICROSOFT_SMTP_AUTH_OFF), "AUTH", smtplib.SMTPAuthenticationError, 0),
    (smtp_faults.reply(*smtp_faults.GMAIL_DAILY_LIMIT), "MAIL", smtplib.SMTPSenderRefused, 0),
    (smtp_faults.reply(*smtp_faults.MAILBOX_FULL), "RCPT", smtplib.SMTPRecipientsRefused, 0),
    (smtp_faults.drop_inside_body(5), "DATA", OSError, 0),
    (smtp_faults.accept_then_drop(), "BODY", OSError, 1),
    (smtp_faults.accept_then_silence(), "BODY", OSError, 1),
    (smtp_faults.accept_then_say(451, "4.3.0 Try again"), "BODY", smtplib.SMTPDataError, 1),
    (smtp_faults.reply(*smtp_faults.GMAIL_TOO_BIG), "BODY", smtplib.SMTPDataError, 0),
    (smtp_faults.drop(), "MAIL", OSError, 0),
    (smtp_faults.reset(), "RCPT", OSError, 0),
    (smtp_faults.silence(), "DATA", OSError, 0),
    (smtp_faults.late(5.0), "BODY", smtplib.SMTPServerDisconnected, 0),
    (smtp_faults.raw(b"this is no reply\r\n"), "MAIL", smtplib.SMTPException, 0),
]


@pytest.mark.parametrize(("fault", "on", "error", "kept"), FAULTS, ids=[f"{on} {f.name}" for f, on, _, _ in FAULTS])
def test_a_step_goes_wrong(server: SmtpServer, fault: SmtpFault, on: str, error: type[Exception], kept: int) -> None:
    # smtplib tries each mechanism in turn: PLAIN, then LOGIN.
    placed = server.faults.add(fault, on=on, times=2 if on == "AUTH" else 1)
    assert isinstance(send(server), error)
    assert placed.struck == placed.times
    assert len(server.accepted) == kept
    assert send(server) == {}


def test_size_is_refused_before_the_data_where_it_was_announced_and_after_it_otherwise(server: SmtpServer) -> None:
    server.max_bytes = 100
    client = log_in(server)
    with pytest.raises(smtplib.SMTPSenderRefused):
        client.sendmail(ANNA, [BOB], letter())
    client.ehlo_or_helo_if_needed()
    client.esmtp_features.pop("size")
    with pytest.raises(smtplib.SMTPDataError):
        client.sendmail(ANNA, [BOB], letter())
    assert server.accepted == []


def test_addresses_outside_ascii_need_smtputf8(server: SmtpServer) -> None:
    client = log_in(server)
    client.sendmail(ANNA, ["jürgen@example.com"], letter(), mail_options=["SMTPUTF8"])
    assert server.accepted[0].recipients == ["jürgen@example.com"]
    server.extensions.remove("SMTPUTF8")
    client.ehlo()
    with pytest.raises(smtplib.SMTPException):
        client.sendmail(ANNA, ["jürgen@example.com"], letter(), mail_options=["SMTPUTF8"])


def test_a_pipelined_dialogue_is_answered_in_order(server: SmtpServer) -> None:
    client = log_in(server)
    server.refuse("gone@example.com", 550, "5.1.1 no")
    client.send(f"MAIL FROM:<{ANNA}>\r\nRCPT TO:<{BOB}>\r\nRCPT TO:<gone@example.com>\r\nDATA\r\n")
    assert [client.getreply()[0] for _ in range(4)] == [250, 250, 550, 354]
    client.send(letter() + b".\r\nRSET\r\n")
    assert [client.getreply()[0] for _ in range(2)] == [250, 250]


def test_a_lone_line_feed_dot_does_not_end_the_message(server: SmtpServer) -> None:
    client = log_in(server)
    client.send(f"MAIL FROM:<{ANNA}>\r\nRCPT TO:<{BOB}>\r\nDATA\r\n")
    client.send(b"Subject: a\r\n\r\none\n.\nMAIL FROM:<x@y>\r\n.\r\n")
    assert [client.getreply()[0] for _ in range(4)] == [250, 250, 354, 250]
    assert server.accepted[0].raw == b"Subject: a\r\n\r\none\n.\nMAIL FROM:<x@y>\r\n"


def test_accepted_mail_is_handed_on_and_its_message_id_can_be_another(server: SmtpServer) -> None:
    handed: list[Accepted] = []
    server.on_accepted = handed.append
    server.rewrites_message_ids = True
    assert send(server) == {}
    assert b"Message-ID: <rewritten.0@relay.example>\r\nDate:" in handed[0].raw
    assert [line.split()[0].upper() for line in server.log[:5]] == ["EHLO", "AUTH", "MAIL", "RCPT", "DATA"]
