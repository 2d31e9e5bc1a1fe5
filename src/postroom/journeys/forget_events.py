"""Events past their thirty days go, some thousands at a time, so that nothing waits for it."""

from postroom.ground import events
from postroom.journeys.tools import Tools
from postroom.rooms.emails import visibility_store
from postroom.rooms.users import organization_store


async def forget_old_events(tools: Tools) -> int:
    """Remove what is too old in every organization; how much."""
    total = 0
    async with tools.db.transaction() as tx:
        organizations = await organization_store.organizations(tx)
    for organization_id, _ in organizations:
        removed = 1
        while removed:
            async with tools.db.transaction() as tx:
                removed = await events.forget_old(tx, organization_id, tools.clock())
            total += removed
        async with tools.db.transaction() as tx:
            await visibility_store.forget_hidden(tx, organization_id)
    return total
