"""A person decides about emails of a bulk email that may have been sent.

A crash right after an email was handed over leaves it in doubt where the provider files nothing in Sent by itself.
Nobody but a person can weigh an email too many against one too few:

    send_again      T   they go out once more; who has it already may get it twice
    count_as_sent   T   they stand as sent; who has not got it never will
"""

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict
from postroom.ground.events import Event
from postroom.journeys.steps.join_thread import recount
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.access import Asker
from postroom.rooms.bulk import doubt_store as recipient_doubt
from postroom.rooms.bulk import recipient_store
from postroom.rooms.bulk import store as batch_store
from postroom.rooms.bulk.bulk_email import Becomes, BulkEmail, Status, check_may_send_again, check_may_touch
from postroom.rooms.emails import doubt_store
from postroom.rooms.emails.doubt_store import Ruled, Ruling
from postroom.rooms.leads import activity_store


async def send_again(tools: Tools, asker: Asker, bulk_id: str) -> None:
    """All that are in doubt go out once more. Raises NotFound, Forbidden, Conflict."""
    now, org = tools.clock(), asker.organization_id
    async with tools.db.transaction() as tx:
        batch = await _locked(tx, asker, bulk_id)
        check_may_send_again(batch.status)
        emails = await _in_doubt(tools, tx, batch)
        held = batch.status is Status.PAUSED
        ruled = await doubt_store.send_again(tx, org, Ruling(emails, "Somebody had it sent again.", now, held))
        if batch.status is Status.DONE:
            await batch_store.set_status(tx, batch, Becomes(Status.PROCESSING, by=asker.user_id), now)
        await recipient_store.collect(tx, batch, now)
        await _tell(tools, tx, (asker, batch), ruled)


async def count_as_sent(tools: Tools, asker: Asker, bulk_id: str) -> None:
    """All that are in doubt stand as sent from now on. Raises NotFound, Forbidden, Conflict."""
    now, org = tools.clock(), asker.organization_id
    async with tools.db.transaction() as tx:
        batch = await _locked(tx, asker, bulk_id)
        emails = await _in_doubt(tools, tx, batch)
        ruled = await doubt_store.count_as_sent(tx, org, Ruling(emails, "Somebody said that it was sent.", now))
        await recipient_store.collect(tx, batch, now)
        await recount(tx, org, {one.thread_id for one in ruled if one.thread_id}, now)
        await activity_store.note_emails(tx, org, {one.lead_id: (0, one.at) for one in ruled})
        await _tell(tools, tx, (asker, batch), ruled)


async def _locked(tx: Transaction, asker: Asker, bulk_id: str) -> BulkEmail:
    batch = await batch_store.lock_bulk_email(tx, asker.organization_id, bulk_id)
    check_may_touch(asker.user_id, asker.role, batch.user_id)
    return batch


async def _in_doubt(tools: Tools, tx: Transaction, batch: BulkEmail) -> list[str]:
    emails = await recipient_doubt.reopen(tx, batch, tools.clock())
    if not emails:
        raise Conflict("No email of this bulk email is in doubt.")
    return emails


async def _tell(tools: Tools, tx: Transaction, of: tuple[Asker, BulkEmail], ruled: list[Ruled]) -> None:
    asker, batch = of
    told = [Event("activity.email", one.email_id, "updated", one.lead_id, asker.user_id) for one in ruled]
    told.append(Event("bulk_action.email", batch.id, "updated", None, asker.user_id))
    await events.append(tx, batch.organization_id, told, tools.clock())
