"""New addresses of contacts: that their past mail is wanted stands in rows, and a job per account is hinted at."""

from collections.abc import Collection

from postroom.ground.database import Transaction
from postroom.journeys import jobs
from postroom.journeys.steps.mail_rules import ledger_hashes
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.mailbox import backfill_store


async def address_added(tools: Tools, tx: Transaction, organization_id: str, address_keys: Collection[str]) -> None:
    """Remember, in the caller's transaction, that the past mail of these addresses is wanted."""
    if not address_keys:
        return
    hashes = ledger_hashes(tools, organization_id)
    wanted = [hashes.of_text(key) for key in address_keys]
    for account in await account_store.list_all(tx, organization_id):
        if account.imap is not None and not account.is_deleted:
            await backfill_store.add(tx, organization_id, account.id, wanted, tools.clock())
            payload = {"organization_id": organization_id, "account_id": account.id}
            await tools.jobs.defer(tx, jobs.BACKFILL, payload)
