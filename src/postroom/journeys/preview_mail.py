"""What would be logged from a mailbox, by lead, before anything is: the dry run of an account whose syncing is off.

The newest headers of each folder are judged as they would be for good, and only counted. Nothing is written but the
list of folders; no message is marked, no body fetched.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Permanent
from postroom.journeys.steps.judge_mail import judge_batch
from postroom.journeys.steps.list_folders import imap_folder, known_folders, readable
from postroom.journeys.steps.mail_rules import read_mail_rules
from postroom.journeys.steps.open_mailbox import open_mailbox
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store
from postroom.rooms.accounts.access import Asker, demand, may_change
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.wire.imap.fetch import summaries
from postroom.wire.imap.search import all_uids
from postroom.wire.imap.types import Access, UidSet

MOST_OF_A_FOLDER = 2000
SECONDS = 20.0
BATCH = 500


@dataclass(slots=True)
class Preview:
    """Messages looked at and on the server; how many would be logged for each lead; the others by outcome."""

    looked_at: int = 0
    on_server: int = 0
    by_lead: Counter[str] = field(default_factory=Counter)
    by_outcome: Counter[str] = field(default_factory=Counter)


async def preview_mail(tools: Tools, asker: Asker, account_id: str) -> Preview:
    """Raises NotFound, Forbidden, Conflict (it receives nothing), and what keeps the mailbox from being read."""
    async with tools.db.transaction() as tx:
        await _readable_account(tx, asker, account_id)
    mail = await read_mail_rules(tools, asker.organization_id, account_id)
    found, until = Preview(), asyncio.get_running_loop().time() + SECONDS
    async with open_mailbox(tools, asker.organization_id, account_id) as session:
        for folder in readable(await known_folders(tools, mail, session)):
            try:
                state = await session.select(imap_folder(folder), Access.READ_ONLY)
                newest = await all_uids(session)
            except Permanent:
                continue  # this folder's own trouble
            found.on_server += state.exists
            for chunk in islice(newest.newest_first(BATCH), MOST_OF_A_FOLDER // BATCH):
                if asyncio.get_running_loop().time() > until:
                    break
                async for batch in summaries(session, UidSet(chunk), BATCH):
                    for one in await judge_batch(tools, mail, batch.summaries):
                        found.looked_at += 1
                        found.by_outcome[one.judgement.outcome.value] += 1
                        found.by_lead.update({concern.lead_id for concern in one.judgement.concerns if one.is_kept})
    return found


async def _readable_account(tx: Transaction, asker: Asker, account_id: str) -> ConnectedAccount:
    account = await store.get(tx, asker.organization_id, account_id)
    demand(may_change(asker, account) and not account.is_deleted, "change this account")
    if account.imap is None:
        raise Conflict("This account only sends; there is nothing to be read.")
    return account
