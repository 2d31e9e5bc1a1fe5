"""One of Postroom's own emails to people of the organization, through the first of some accounts that takes it.

Auto-Submitted (RFC 3834) keeps absence notices from answering it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from postroom.ground.errors import PostroomError
from postroom.ground.ids import new_id
from postroom.journeys.steps.credentials import smtp_settings
from postroom.journeys.tools import Tools
from postroom.wire.mime.addresses import domain_of
from postroom.wire.mime.compose import compose
from postroom.wire.mime.types import Address, OutgoingContent
from postroom.wire.smtp.deliver import deliver
from postroom.wire.smtp.session import open_session
from postroom.wire.smtp.types import Outcome

_LONGEST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said, to whom: `to` stands in the header, `people` get it."""

    to: str
    people: tuple[str, ...]
    subject: str
    text: str


async def send_notice(tools: Tools, organization_id: str, senders: Sequence[str], notice: Notice) -> bool:
    """Try the accounts (ids) one after the other; whether a server took it. The network is used."""
    for account_id in senders:
        if await _sent(tools, (organization_id, account_id), notice):
            return True
    return False


async def _sent(tools: Tools, account: tuple[str, str], notice: Notice) -> bool:
    try:
        used, settings = await smtp_settings(tools, *account)
        sender = used.account.email
        content = OutgoingContent(
            message_id=f"<{new_id('notice')}@{domain_of(sender)}>",
            date=tools.clock(),
            from_=Address("Postroom", sender),
            to=(Address("", notice.to),),
            subject=notice.subject,
            text=notice.text,
            extra_headers=(("Auto-Submitted", "auto-generated"),),
        )
        async with asyncio.timeout(_LONGEST_SECONDS), await open_session(settings) as session:
            reply = await deliver(session, sender, notice.people, compose(content).for_smtp)
    except (PostroomError, TimeoutError):
        return False  # the next one may
    return reply.outcome is Outcome.ACCEPTED
