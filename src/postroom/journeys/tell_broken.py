"""Tell its owner and the admins by email that an account broke, once for each time.

    claim     T   from here on it counts as told: two workers never tell twice
    send      N   by another account that works; the broken one itself where only its receiving broke

Nobody can be told where no account sends; the page says it all the same.
"""

import asyncio
import logging
import textwrap

from postroom.ground.errors import PostroomError
from postroom.ground.ids import new_id
from postroom.journeys.steps.credentials import smtp_settings
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import alert_store, store
from postroom.rooms.accounts.account import ConnectedAccount, Side, standing_of
from postroom.rooms.accounts.diagnoses import Trouble, diagnose
from postroom.rooms.accounts.providers import provider_behind
from postroom.wire.mime.addresses import domain_of
from postroom.wire.mime.compose import compose
from postroom.wire.mime.types import Address, OutgoingContent
from postroom.wire.smtp.deliver import deliver
from postroom.wire.smtp.session import open_session
from postroom.wire.smtp.types import Outcome

_LONGEST_SECONDS = 60.0
_log = logging.getLogger(__name__)


async def tell_broken(tools: Tools, organization_id: str, account_id: str) -> None:
    """Tell of the sides that broke since somebody was told last."""
    async with tools.db.transaction() as tx:
        sides = [Side(side) for side in await alert_store.claim(tx, organization_id, account_id, tools.clock())]
        if not sides:
            return
        account = await store.get(tx, organization_id, account_id)
        people = await alert_store.who_to_tell(tx, organization_id, account.user_id)
        senders = await alert_store.senders_of_notices(tx, organization_id, account_id)
    if Side.SEND not in sides and account.sends:
        senders.append(account_id)
    for sender_id in senders:
        if await _told(tools, (account, sides), sender_id, people):
            return
    _log.warning("nobody could be told by email that an account broke", extra={"account_id": account_id})


async def _told(tools: Tools, broken: tuple[ConnectedAccount, list[Side]], sender_id: str, people: list[str]) -> bool:
    account, sides = broken
    try:
        used, settings = await smtp_settings(tools, account.organization_id, sender_id)
        message = compose(_content(tools, account, sides, used.account.email)).for_smtp
        async with asyncio.timeout(_LONGEST_SECONDS), await open_session(settings) as session:
            reply = await deliver(session, used.account.email, tuple(people), message)
    except (PostroomError, TimeoutError):
        return False  # the next one may
    return reply.outcome is Outcome.ACCEPTED


def _content(tools: Tools, account: ConnectedAccount, sides: list[Side], sender: str) -> OutgoingContent:
    """Auto-Submitted (RFC 3834) keeps absence notices from answering it."""
    what = " and ".join("receive" if side is Side.RECEIVE else "send" for side in sides)
    return OutgoingContent(
        message_id=f"<{new_id('alert')}@{domain_of(sender)}>",
        date=tools.clock(),
        from_=Address("Postroom", sender),
        to=(Address("", account.email),),
        subject=f"{account.email} cannot {what} in Postroom",
        text="\n\n".join(_paragraphs(tools, account, sides)) + "\n",
        extra_headers=(("Auto-Submitted", "auto-generated"),),
    )


def _paragraphs(tools: Tools, account: ConnectedAccount, sides: list[Side]) -> list[str]:
    paragraphs = []
    for side in sides:
        login = account.imap if side is Side.RECEIVE else account.smtp
        standing = standing_of(account, side)
        key = provider_behind(login.host, side, account.provider).key if login else account.provider
        found = diagnose(Trouble(key, side, standing.error, standing.remedy)).advice
        verb = "reads no mail" if side is Side.RECEIVE else "sends no mail; what is written waits in the outbox"
        paragraphs.append(textwrap.fill(f"The account {account.email} {verb}. {found.cause} {found.next_step}", 76))
    paragraphs.append(f"Details, and a test: {tools.config.base_url}/settings/accounts/{account.id}")
    return [*paragraphs, "This is told once; nothing else needs doing when it works again."]
