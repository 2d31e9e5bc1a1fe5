"""A thread is made private, or shared again, by those whose mailboxes hold it; and who of the others had read it.

Private: in no view, search, export or answer of the API for anybody else, admins included, but for those coworkers whom
its holders choose. What others had read before is kept, so that its owner knows.
"""

from collections.abc import Sequence

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.errors import Forbidden, Invalid, NotFound
from postroom.ground.events import Event
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.emails import visibility_store
from postroom.views.references import users_among


async def make_private(tools: Tools, asker: Asker, thread_id: str, reader_ids: Sequence[str] = ()) -> None:
    """These readers see it besides. Raises Invalid, NotFound, and Forbidden for whoever does not hold it."""
    async with tools.db.transaction() as tx:
        lead_id = await _lead_of_held(tx, asker, thread_id)
        if set(reader_ids) - await users_among(tx, asker.organization_id, reader_ids):
            raise Invalid(field_errors={"reader_ids": "There is no such user."})
        await visibility_store.make_private(tx, asker.organization_id, thread_id, reader_ids)
        await _tell(tools, tx, asker, (thread_id, lead_id))


async def share_again(tools: Tools, asker: Asker, thread_id: str) -> None:
    """Raises NotFound, and Forbidden for whoever does not hold it."""
    async with tools.db.transaction() as tx:
        lead_id = await _lead_of_held(tx, asker, thread_id)
        await visibility_store.share_again(tx, asker.organization_id, thread_id)
        await _tell(tools, tx, asker, (thread_id, lead_id))


async def _lead_of_held(tx: Transaction, asker: Asker, thread_id: str) -> str:
    found = await visibility_store.holders_of_thread(tx, asker.organization_id, thread_id)
    if found is None:
        raise NotFound("There is no such conversation.")
    lead_id, holders = found
    if asker.user_id not in holders:
        raise Forbidden("Only those whose mailboxes hold this conversation decide who sees it.")
    return lead_id


async def _tell(tools: Tools, tx: Transaction, asker: Asker, thread: tuple[str, str]) -> None:
    thread_id, lead_id = thread
    told = [
        Event("activity.email_thread", thread_id, "updated", lead_id, asker.user_id, ("is_private",)),
        # Whom the thread is kept from is not told of it: their page reads the lead anew.
        Event("lead", lead_id, "updated", lead_id, asker.user_id),
    ]
    await events.append(tx, asker.organization_id, told, tools.clock())
