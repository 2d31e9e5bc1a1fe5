"""A mailbox that allows too few connections: the one that only waits gives way to the one that reads.

Some servers allow an account a single connection, and other programs of its owner take theirs too. Listening is a
comfort; without it the poll brings new mail a minute later.
"""

from datetime import timedelta

from postroom.journeys.tools import Tools
from postroom.rooms.mailbox import lease_store

QUIET = timedelta(days=1)
"""For so long nobody listens; then it is tried once more, as the owner may have closed the other programs."""
SOON_SECONDS = 15.0
"""By then a listener has noticed that its lease is gone, and has logged out."""


async def stop_listening(tools: Tools, organization_id: str, account_id: str) -> bool:
    """No process listens for the account for a day. Answers whether one of ours did until now."""
    async with tools.db.transaction() as tx:
        now = tools.clock()
        return await lease_store.withdraw_lease(tx, organization_id, account_id, now, now + QUIET)
