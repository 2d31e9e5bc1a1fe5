"""New emails made searchable, in batches and seconds after they are on their leads: indexing never delays a pull.

When the method of finding words has changed, all older emails are indexed anew between the new ones.
"""

from postroom.journeys.tools import Tools
from postroom.rooms.emails import search_store

AT_ONCE = 300


async def index_emails(tools: Tools, organization_id: str) -> None:
    """Index what waits. One that comes meanwhile has its own job."""
    async with tools.db.transaction() as tx:
        await search_store.begin_progress(tx, organization_id)
    while True:
        async with tools.db.transaction() as tx:
            if await search_store.index_waiting(tx, organization_id, AT_ONCE) == AT_ONCE:
                continue
        async with tools.db.transaction() as tx:
            if not await search_store.index_anew(tx, organization_id, AT_ONCE):
                return
