"""Which addresses are ours has changed, perhaps: the ledgers of all accounts are judged anew where that may matter."""

from postroom.ground.database import Transaction
from postroom.journeys.steps.ask_rejudgement import ask_of_all
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import identity_store
from postroom.rooms.accounts.identities import OwnAddresses
from postroom.rooms.mailbox.sightings import Verdict


async def judge_own_change(tools: Tools, tx: Transaction, organization_id: str, before: OwnAddresses) -> None:
    """In the transaction of the change, after it; `before` was read in it first.

    Who has become one of us may take logged mail off its leads; who is no longer may bring mail that was left out.
    """
    after = await identity_store.own_addresses(tx, organization_id)
    was, are = _everything(before), _everything(after)
    verdicts = [*([Verdict.KEPT] if are - was else ()), *([Verdict.COWORKERS] if was - are else ())]
    await ask_of_all(tools, tx, organization_id, verdicts)


def _everything(own: OwnAddresses) -> frozenset[str]:
    return own.identity_keys | own.user_keys | own.domains
