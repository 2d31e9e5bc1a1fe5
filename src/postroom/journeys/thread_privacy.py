"""A thread is made private, or shared again, by those whose mailboxes hold it; and who of the others had read it.

Private: in no view, search, export or answer of the API for anybody else, admins included. What others had read before
is kept, so that its owner knows.
"""

from collections.abc import Awaitable, Callable

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.errors import Forbidden, NotFound
from postroom.ground.events import Event
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.emails import visibility_store

_Mark = Callable[[Transaction, str, str], Awaitable[None]]


async def make_private(tools: Tools, asker: Asker, thread_id: str) -> None:
    """Raises NotFound, and Forbidden for whoever does not hold it."""
    await _decide(tools, asker, thread_id, visibility_store.make_private)


async def share_again(tools: Tools, asker: Asker, thread_id: str) -> None:
    """Raises NotFound, and Forbidden for whoever does not hold it."""
    await _decide(tools, asker, thread_id, visibility_store.share_again)


async def _decide(tools: Tools, asker: Asker, thread_id: str, mark: _Mark) -> None:
    org = asker.organization_id
    async with tools.db.transaction() as tx:
        found = await visibility_store.holders_of_thread(tx, org, thread_id)
        if found is None:
            raise NotFound("There is no such conversation.")
        lead_id, holders = found
        if asker.user_id not in holders:
            raise Forbidden("Only those whose mailboxes hold this conversation decide who sees it.")
        await mark(tx, org, thread_id)
        told = [
            Event("activity.email_thread", thread_id, "updated", lead_id, asker.user_id, ("is_private",)),
            # Whom the thread is kept from is not told of it: their page reads the lead anew.
            Event("lead", lead_id, "updated", lead_id, asker.user_id),
        ]
        await events.append(tx, org, told, tools.clock())
