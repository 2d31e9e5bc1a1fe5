"""A rule of accounts has changed: which verdicts may be others now is written down, and the hint given."""

from collections.abc import Collection

from postroom.ground.database import Transaction
from postroom.journeys import jobs
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.account import AccountSettings, ConnectedAccount
from postroom.rooms.mailbox import rejudge_store
from postroom.rooms.mailbox.sightings import Verdict

LEFT_OUT_BY_PATTERN = (Verdict.KEPT, Verdict.EXCLUDED)
WHOSE_IT_IS = (Verdict.KEPT, Verdict.COWORKERS, Verdict.NO_CONTACT)
"""An address has become ours, or is no longer."""


async def ask_rejudgement(
    tools: Tools, tx: Transaction, accounts: Collection[ConnectedAccount], verdicts: Collection[Verdict]
) -> None:
    """In the transaction that changes the rule. Accounts that receive nothing have no ledger."""
    for account in accounts:
        if account.imap is not None and not account.is_deleted and verdicts:
            await rejudge_store.ask(tx, account.organization_id, account.id, verdicts, tools.clock())
            payload = {"organization_id": account.organization_id, "account_id": account.id}
            await tools.jobs.defer(tx, jobs.REJUDGE, payload)


async def ask_of_all(tools: Tools, tx: Transaction, organization_id: str, verdicts: Collection[Verdict]) -> None:
    """The same for every account: a rule of the organization has changed."""
    await ask_rejudgement(tools, tx, await account_store.list_all(tx, organization_id), verdicts)


def verdicts_changed(before: AccountSettings, after: AccountSettings) -> set[Verdict]:
    """What other settings may decide otherwise."""
    verdicts: set[Verdict] = set()
    if before.history_from != after.history_from:
        verdicts.add(Verdict.BEFORE_HISTORY)
    if before.auto_link != after.auto_link:
        verdicts.add(Verdict.UNCONFIRMED)
    if (before.link_by_name, before.link_by_domain) != (after.link_by_name, after.link_by_domain):
        verdicts |= {Verdict.NO_CONTACT, Verdict.UNCONFIRMED}
    return verdicts
