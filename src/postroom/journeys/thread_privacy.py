"""A thread is made private, or shared again, by those whose mailboxes hold it; and who of the others had read it.

Private: in no view, search, export or answer of the API for anybody else, admins included. What others had read before
is kept, so that its owner knows.
"""

from postroom.ground import events
from postroom.ground.errors import Forbidden, NotFound
from postroom.ground.events import Event
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.emails import visibility_store


async def make_private(tools: Tools, asker: Asker, thread_id: str, *, private: bool) -> None:
    """Raises NotFound, and Forbidden for whoever does not hold it."""
    org = asker.organization_id
    async with tools.db.transaction() as tx:
        found = await visibility_store.holders_of_thread(tx, org, thread_id)
        if found is None:
            raise NotFound("There is no such conversation.")
        lead_id, holders = found
        if asker.user_id not in holders:
            raise Forbidden("Only those whose mailboxes hold this conversation decide who sees it.")
        await visibility_store.make_private(tx, org, thread_id, private=private)
        told = Event("activity.emailthread", thread_id, "updated", lead_id, asker.user_id, ("is_private",))
        await events.append(tx, org, [told], tools.clock())
