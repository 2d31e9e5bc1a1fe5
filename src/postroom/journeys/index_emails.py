"""New emails made searchable, in batches and seconds after they are on their leads: indexing never delays a pull."""

from postroom.journeys import jobs
from postroom.journeys.tools import Tools
from postroom.rooms.emails import search_store

AT_ONCE = 500


async def index_emails(tools: Tools, organization_id: str) -> None:
    """Index what waits. One that comes meanwhile has its own job."""
    while True:
        async with tools.db.transaction() as tx:
            if await search_store.index_waiting(tx, organization_id, AT_ONCE) < AT_ONCE:
                return


async def index_later(tools: Tools) -> None:
    """Sweep: a hint for every organization with emails that wait."""
    async with tools.db.transaction() as tx:
        for organization_id in await search_store.organizations_waiting(tx):
            await tools.jobs.defer(tx, jobs.INDEX_EMAILS, {"organization_id": organization_id})
