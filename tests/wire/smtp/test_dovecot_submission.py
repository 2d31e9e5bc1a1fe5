"""Our client against a server that others wrote: Dovecot's submission service, relaying to the scripted server."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from postroom.ground.errors import NeedsUser, Remedy
from postroom.wire.smtp.deliver import deliver
from postroom.wire.smtp.session import open_session
from postroom.wire.smtp.types import Encryption, Outcome, Password, SmtpSettings
from tests.servers.dovecot import DovecotOptions, dovecot, installed
from tests.wire.smtp.running import running_server

BOB, CARL = "bob@example.com", "carl@example.com"


@pytest.mark.skipif(not installed(), reason="Dovecot is not on this machine")
async def test_dovecot_takes_our_mail_over_starttls(tmp_path: Path) -> None:
    async with running_server() as relay:
        relay.requires_auth = False
        relay.refuse(CARL, 550, "5.1.1 User unknown")
        with dovecot(tmp_path, DovecotOptions(submission_relay=(relay.host, relay.port))) as server:
            server.add_user("anna")
            assert server.submission_port is not None
            settings = SmtpSettings(
                "localhost", server.submission_port, Encryption.STARTTLS, "anna", Password("secret"),
                trusted_ca=server.ca_file, reply_timeout_seconds=60,
            )  # fmt: skip
            raw = b"From: anna@example.org\r\nSubject: x\r\n\r\n" + b".dots\r\n..\r\n" * 20_000
            session = await open_session(settings)
            for _ in range(3):
                reply = await deliver(session, "anna@example.org", (BOB, CARL), raw)
                assert reply.outcome is Outcome.ACCEPTED, reply
                assert (reply.accepted, [one.recipient for one in reply.refused]) == ((BOB,), [CARL])
            await session.close()
            with pytest.raises(NeedsUser) as caught:
                await open_session(replace(settings, secret=Password("wrong")))
            assert caught.value.remedy is Remedy.PASSWORD
            await asyncio.sleep(0.05)
        assert [one.raw.endswith(raw) for one in relay.accepted] == [True] * 3
