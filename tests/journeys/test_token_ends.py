"""A token that ends while an outbox is being sent."""

import asyncio
from datetime import timedelta

import pytest

from postroom.ground.errors import NeedsUser
from postroom.journeys import send
from postroom.rooms.accounts.account import Status
from postroom.rooms.emails.email import EmailContent, EmailStatus, NewEmail
from tests.journeys.test_consent import EMAIL, Desk, asking_dovecot, desk, provider
from tests.servers.smtp import smtp_server

__all__ = ["asking_dovecot", "desk", "provider"]


async def test_a_token_that_ends_in_the_middle_of_the_outbox_is_renewed_and_each_email_goes_once(desk: Desk) -> None:
    people = ["a@client.example", "b@client.example", "c@client.example"]
    lead, org, asker = await desk.office.lead("Lovelace", *people), desk.office.organization_id, desk.browser.asker
    async with smtp_server() as relay:
        account_id = await desk.sign_in()
        await desk.office.rows(
            "update connected_accounts set smtp_port = %s where id = %s returning 1", relay.port, account_id
        )
        relay.user(EMAIL, "no password", (await desk.token(account_id)).text)
        for person in people:
            content = EmailContent(sender=EMAIL, to=(person,), subject="Offer", body_text="Dear all")
            await send.create_email(desk.tools, asker, NewEmail(lead, EmailStatus.OUTBOX, content))
        relay.refuse("b@client.example", 421, "4.7.0 The connection is closed.", times=1)
        await send.deliver_due(desk.tools, org, account_id)
        sent_before = [to for one in relay.accepted for to in one.recipients]
        assert "a@client.example" in sent_before and "b@client.example" not in sent_before
        await asyncio.to_thread(desk.provider.end_access_tokens)
        relay.users[EMAIL].tokens.clear()
        with pytest.raises(NeedsUser):
            await send.deliver_due(desk.later(timedelta(minutes=10)), org, account_id)
        assert (await desk.account(account_id)).sending.status is Status.OK, "nobody is asked"
        renewed = await desk.token(account_id, desk.later(timedelta(minutes=10)))
        relay.user(EMAIL, "no password", renewed.text)
        await send.deliver_due(desk.later(timedelta(minutes=30)), org, account_id)
        assert sorted(to for one in relay.accepted for to in one.recipients) == people
    assert desk.provider.refreshes == 1
