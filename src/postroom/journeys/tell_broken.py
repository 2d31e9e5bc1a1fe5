"""Tell its owner and the admins by email that an account broke, once for each time.

    claim     T   from here on it counts as told: two workers never tell twice
    send      N   by another account that works; the broken one itself where only its receiving broke

Nobody can be told where no account sends; the page says it all the same.
"""

import logging
import textwrap

from postroom.journeys.steps.send_notice import Notice, send_notice
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import alert_store, store
from postroom.rooms.accounts.account import ConnectedAccount, Side, standing_of
from postroom.rooms.accounts.diagnoses import Trouble, diagnose
from postroom.rooms.accounts.providers import provider_behind

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
    if not await send_notice(tools, organization_id, senders, _notice(tools, (account, sides), people)):
        _log.warning("nobody could be told by email that an account broke", extra={"account_id": account_id})


def _notice(tools: Tools, broken: tuple[ConnectedAccount, list[Side]], people: list[str]) -> Notice:
    account, sides = broken
    what = " and ".join("receive" if side is Side.RECEIVE else "send" for side in sides)
    text = "\n\n".join(_paragraphs(tools, account, sides)) + "\n"
    return Notice(account.email, tuple(people), f"{account.email} cannot {what} in Postroom", text)


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
