"""One message over a session: what the server takes, what it refuses, and exactly where a failure fell."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from postroom.wire.smtp.deliver import deliver
from postroom.wire.smtp.session import Session, open_session
from postroom.wire.smtp.types import (
    DeliveryReply,
    Encryption,
    Outcome,
    Password,
    Permanence,
    Scope,
    SmtpSettings,
)
from tests.servers import smtp_faults as faults
from tests.servers.smtp import SmtpServer
from tests.wire.smtp.running import running_server

ME = "anna@example.org"
BOB, CARL, DORA = "bob@example.com", "carl@example.com", "dora@example.com"
RAW = b"From: anna@example.org\r\nSubject: Hello\r\n\r\nHello.\r\n"


@pytest.fixture
async def server() -> AsyncIterator[SmtpServer]:
    async with running_server() as running:
        running.user(ME)
        yield running


def settings(server: SmtpServer, **changes: object) -> SmtpSettings:
    plain = SmtpSettings(
        server.host, server.port, Encryption.NONE, ME, Password("secret"),
        reply_timeout_seconds=60, final_reply_timeout_seconds=60,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def session(server: SmtpServer, **changes: object) -> AsyncIterator[Session]:
    async with await open_session(settings(server, **changes)) as opened:
        yield opened


async def send(server: SmtpServer, *recipients: str, raw: bytes = RAW, **changes: object) -> DeliveryReply:
    limits = {name: value for name, value in changes.items() if name.endswith("_seconds")}
    async with session(server, **{name: value for name, value in changes.items() if name not in limits}) as opened:
        opened.settings = settings(server, **changes)  # logging in may take its time
        return await deliver(opened, ME, recipients or (BOB,), raw)


ONE_BY_ONE = {"disregard": frozenset({"PIPELINING"})}


@pytest.fixture(params=["pipelined", "one by one"])
def way(request: pytest.FixtureRequest) -> dict[str, object]:
    return {} if request.param == "pipelined" else dict(ONE_BY_ONE)


async def test_a_message_is_accepted_as_it_was_written(server: SmtpServer, way: dict[str, object]) -> None:
    reply = await send(server, BOB, CARL, **way)
    assert reply.outcome is Outcome.ACCEPTED
    assert reply.accepted == (BOB, CARL)
    assert server.accepted[0].raw == RAW
    assert server.accepted[0].sender == ME
    assert server.accepted[0].recipients == [BOB, CARL]


@pytest.mark.parametrize(
    "body",
    [b".", b"..", b".\r\n", b"a\r\n.\r\nb\r\n", b"a\r\n..b", b"", b"x" * 700_000, (b".\r\n" * 200_000)],
    ids=["dot", "dots", "dot line", "dot inside", "dots inside", "nothing", "long", "dots over many chunks"],
)
async def test_dots_and_any_size_arrive_byte_for_byte(server: SmtpServer, body: bytes) -> None:
    raw = b"Subject: dots\r\n\r\n" + body
    reply = await send(server, raw=raw)
    assert reply.outcome is Outcome.ACCEPTED
    assert server.accepted[0].raw == (raw if raw.endswith(b"\r\n") else raw + b"\r\n")


async def test_a_bare_line_feed_cannot_smuggle_a_second_message(server: SmtpServer) -> None:
    raw = b"Subject: x\r\n\r\nHello\n.\nMAIL FROM:<evil@example.org>\r.\r\n"
    await send(server, raw=raw)
    assert len(server.accepted) == 1
    assert b"\n" not in server.accepted[0].raw.replace(b"\r\n", b"")
    assert b"\r" not in server.accepted[0].raw.replace(b"\r\n", b"")


async def test_several_messages_go_over_one_login(server: SmtpServer, way: dict[str, object]) -> None:
    server.refuse(CARL, 550, "5.1.1 User unknown")
    async with session(server, **way) as opened:
        for recipient in (BOB, CARL, DORA):
            await deliver(opened, ME, (recipient,), RAW)
    assert [one.recipients for one in server.accepted] == [[BOB], [DORA]]
    assert server.connections_opened == 1


async def test_partly_refused_recipients_come_back_apart(server: SmtpServer, way: dict[str, object]) -> None:
    server.refuse(BOB, 550, "5.1.1 <bob@example.com>: Recipient address rejected: User unknown")
    server.refuse(CARL, 450, "4.2.0 <carl@example.com>: Greylisted, try again in 300 seconds")
    reply = await send(server, BOB, CARL, DORA, **way)
    assert reply.outcome is Outcome.ACCEPTED
    assert reply.accepted == (DORA,)
    bob, carl = reply.refused
    assert (bob.recipient, bob.code, bob.verdict.permanence) == (BOB, 550, Permanence.PERMANENT)
    assert "User unknown" in bob.words
    assert (carl.recipient, carl.verdict.permanence) == (CARL, Permanence.TEMPORARY)
    assert carl.verdict.retry_after_seconds == 300


async def test_nobody_accepted_means_nothing_was_sent(server: SmtpServer, way: dict[str, object]) -> None:
    server.refuse(BOB, 550, "5.1.1 User unknown")
    reply = await send(server, BOB, **way)
    assert reply.outcome is Outcome.REFUSED
    assert reply.verdict is None
    assert [one.recipient for one in reply.refused] == [BOB]
    assert server.accepted == []


async def test_a_server_that_wants_data_for_nobody_gets_an_empty_message_and_goes_on(server: SmtpServer) -> None:
    server.refuse(BOB, 550, "5.1.1 User unknown")
    server.faults.add(faults.reply(354, "go ahead"), on="DATA")
    async with session(server) as opened:
        # The scripted server reads no body here, so the dot comes as a command of its own.
        reply = await deliver(opened, ME, (BOB,), RAW)
        assert reply.outcome is Outcome.REFUSED
        assert (await deliver(opened, ME, (CARL,), RAW)).outcome is Outcome.ACCEPTED
    assert [one.recipients for one in server.accepted] == [[CARL]]


BEFORE_THE_DOT = [
    ("MAIL", faults.drop()),
    ("MAIL", faults.reset()),
    ("MAIL", faults.silence()),
    ("MAIL", faults.raw(b"what is this\r\n")),
    ("RCPT", faults.drop()),
    ("RCPT", faults.reply(421, "4.3.2 Service shutting down")),
    ("DATA", faults.drop()),
    ("DATA", faults.silence()),
    ("DATA", faults.reply(451, "4.3.0 Temporary queue trouble")),
    ("DATA", faults.drop_inside_body(10)),
    ("BODY", faults.reply(451, "4.3.0 Temporary queue trouble")),
    ("BODY", faults.reply(554, "5.7.1 Spam")),
    ("BODY", faults.reply(421, "4.3.2 Shutting down")),
]


@pytest.mark.parametrize(("step", "fault"), BEFORE_THE_DOT, ids=lambda one: getattr(one, "name", one))
async def test_a_clear_refusal_or_a_failure_before_the_dot_is_safe_to_retry(
    server: SmtpServer, step: str, fault: faults.SmtpFault, way: dict[str, object]
) -> None:
    server.faults.add(fault, on=step)
    # Larger than any buffer of the system, so that a connection lost inside the body is lost before its end.
    raw = RAW + b"x" * 20_000_000 if fault.name == "drop inside body" else RAW
    reply = await send(server, raw=raw, reply_timeout_seconds=0.5, **way)
    assert reply.outcome is Outcome.REFUSED
    assert server.accepted == []


AFTER_THE_DOT = [
    faults.accept_then_drop(),
    faults.accept_then_silence(),
    faults.raw(b"Ok: queued\r\n"),
    faults.raw(b"250"),
    faults.raw(b"250-2.0.0 queued\r\n550 no\r\n"),
    faults.raw(b"354 go on\r\n"),
    faults.raw(b"x" * 100_000),
]


@pytest.mark.parametrize("fault", AFTER_THE_DOT, ids=lambda one: one.name)
async def test_no_clear_answer_after_the_dot_is_unknown(
    server: SmtpServer, fault: faults.SmtpFault, way: dict[str, object]
) -> None:
    server.faults.add(fault, on="BODY")
    reply = await send(server, final_reply_timeout_seconds=0.5, **way)
    assert reply.outcome is Outcome.UNKNOWN
    assert reply.accepted == (BOB,)


async def test_a_refusal_in_the_middle_of_a_long_body_is_heard(server: SmtpServer) -> None:
    async def refuse_early(one: object) -> bool:
        connection = one.connection  # type: ignore[attr-defined]
        await one.say(354, "go on")  # type: ignore[attr-defined]
        await connection.read_exactly(100_000)
        await one.say(552, "5.3.4 Message too big")  # type: ignore[attr-defined]
        while True:
            await connection.read_exactly(1000)

    server.faults.add(faults.SmtpFault("refuse early", refuse_early), on="DATA")
    reply = await send(server, raw=RAW + b"x\r\n" * 3_000_000)
    assert reply.outcome is Outcome.REFUSED
    assert reply.verdict is not None
    assert (reply.verdict.scope, reply.verdict.permanence) == (Scope.CONTENT, Permanence.PERMANENT)


async def test_too_large_a_message_is_refused_without_sending_it(server: SmtpServer) -> None:
    server.max_bytes = 1000
    reply = await send(server, raw=RAW + b"x" * 2000)
    assert reply.outcome is Outcome.REFUSED
    assert reply.verdict is not None
    assert reply.verdict.permanence is Permanence.PERMANENT
    assert "too large" in reply.verdict.message
    assert not any(line.startswith("MAIL") for line in server.log)


async def test_international_addresses_go_out_where_the_server_takes_them(server: SmtpServer) -> None:
    reply = await send(server, "zoë@example.com")
    assert reply.outcome is Outcome.ACCEPTED
    assert server.accepted[0].recipients == ["zoë@example.com"]
    assert "SMTPUTF8" in server.accepted[0].options


async def test_international_addresses_are_refused_one_by_one_elsewhere(server: SmtpServer) -> None:
    server.extensions.remove("SMTPUTF8")
    reply = await send(server, "zoë@example.com", "bob@bücher.example")
    assert reply.accepted == ("bob@bücher.example",)
    assert server.accepted[0].recipients == ["bob@xn--bcher-kva.example"]
    assert [one.recipient for one in reply.refused] == ["zoë@example.com"]
    assert reply.refused[0].verdict.permanence is Permanence.PERMANENT


@pytest.mark.parametrize(
    "address", ["bob@example.com>\r\nRCPT TO:<evil@example.com", "bob", "@example.com", "a b@example.com", "a\0@b.c"]
)
async def test_what_is_no_address_never_reaches_the_server(server: SmtpServer, address: str) -> None:
    reply = await send(server, address, BOB)
    assert server.accepted[0].recipients == [BOB]
    assert [one.recipient for one in reply.refused] == [address]


async def test_a_wrong_sender_is_no_fault_of_the_recipient(server: SmtpServer, way: dict[str, object]) -> None:
    server.faults.add(faults.reply(553, "5.7.1 <anna@example.org>: Sender address rejected: not owned by user"), "MAIL")
    reply = await send(server, **way)
    assert reply.verdict is not None
    assert (reply.verdict.scope, reply.verdict.permanence) == (Scope.SENDER, Permanence.PERMANENT)


async def test_cancelled_in_the_middle_the_session_is_not_used_again(server: SmtpServer) -> None:
    server.faults.add(faults.silence(), on="RCPT")
    async with session(server) as opened:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await deliver(opened, ME, (BOB,), RAW)
        assert not opened.is_open
