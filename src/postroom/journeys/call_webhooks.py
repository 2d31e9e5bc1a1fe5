"""Other programs are told what happens, in the order of the event log, each event at least once.

what comes next in the log, and what of it is wanted      T
for each wanted event: the call, signed                   (network)
    the place in the log, or when to try again            T

A webhook's place in the log moves only after its receiver has said yes; a crash before that tells it once more, with
the same event id. The first event that fails holds back those after it, so that a receiver sees them in order.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import msgspec

from postroom.ground import events
from postroom.ground.database import no_transaction_open
from postroom.ground.errors import Invalid, Permanent, Temporary
from postroom.ground.viewer import seen_by
from postroom.journeys.tools import Tools
from postroom.rooms.webhooks import store
from postroom.rooms.webhooks.store import Failure
from postroom.rooms.webhooks.webhook import (
    MOST_WAITING,
    Webhook,
    body_of,
    key_context,
    reason_to_pause,
    signature,
)
from postroom.views.event_log import events_after
from postroom.views.event_states import Here
from postroom.wire.webhooks import call as wire
from postroom.wire.webhooks.call import Target

AT_ONCE = 50
LONGEST_TURN = timedelta(seconds=30)
"""Then other jobs have their turn; the sweep asks again at once."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a webhook is to be told next, and up to where the log was read for it."""

    webhook: Webhook
    wanted: tuple[tuple[Place, dict[str, Any]], ...]
    read_to: Place | None


async def call_webhook(tools: Tools, organization_id: str, webhook_id: str) -> None:
    """Tell this webhook what waits for it."""
    until = tools.clock() + LONGEST_TURN
    while tools.clock() < until:
        batch = await _next(tools, organization_id, webhook_id)
        if batch.read_to is None:
            return
        webhook = batch.webhook
        for place, event in batch.wanted:
            problem = await tell(tools, organization_id, webhook, event)
            if problem:
                await _failed(tools, organization_id, webhook, (place, problem))
                return
            webhook = replace(webhook, failures_in_row=0, failing_since=None)
            async with tools.db.transaction() as tx:
                await store.delivered(tx, organization_id, (webhook_id, place), tools.clock())
        async with tools.db.transaction() as tx:
            await store.advance(tx, organization_id, webhook_id, batch.read_to)


async def tell(tools: Tools, organization_id: str, webhook: Webhook, event: dict[str, Any]) -> str:
    """Call a webhook once; what went wrong, "" where the receiver said yes."""
    assert no_transaction_open()
    key = tools.vault.open(webhook.signature_key, key_context(organization_id, webhook.id)).decode()
    body, timestamp = body_of(webhook.id, event), str(int(tools.clock().timestamp()))
    headers = {"close-sig-timestamp": timestamp, "close-sig-hash": signature(key, timestamp, body)}
    target = Target(webhook.url, tools.addresses.check, webhook.verify_ssl)
    try:
        status = await wire.call(target, headers, body)
    except (Temporary, Permanent, Invalid) as error:
        return str(error)
    return "" if 200 <= status < 300 else f"The answer was {status}."


async def _next(tools: Tools, organization_id: str, webhook_id: str) -> Batch:
    """The next events of the log; what is handed out here is never merged with a later change."""
    here = Here(tools.config.base_url, tools.clock())
    # A webhook has no mailbox: it sees what all coworkers see.
    with seen_by(webhook_id):
        return await _read(tools, organization_id, webhook_id, here)


async def _read(tools: Tools, organization_id: str, webhook_id: str, here: Here) -> Batch:
    async with tools.db.transaction() as tx:
        webhook = await store.webhook_to_call(tx, organization_id, webhook_id)
        if webhook.status != "active" or webhook.due_at > here.now:
            return Batch(webhook, (), None)
        found = await events_after(tx, organization_id, webhook.place, here, limit=AT_ONCE)
        if not found:
            return Batch(webhook, (), None)
        await events.mark_final(tx, organization_id, found[-1][0])
    cards = [(place, msgspec.to_builtins(card)) for place, card in found if card is not None]
    return Batch(webhook, tuple(one for one in cards if webhook.takes(one[1])), found[-1][0])


async def _failed(tools: Tools, organization_id: str, webhook: Webhook, tried: tuple[Place, str]) -> None:
    place, problem = tried
    now = tools.clock()
    async with tools.db.transaction() as tx:
        waiting = await store.waiting(tx, organization_id, place, MOST_WAITING)
        reason = reason_to_pause(webhook.failing_since or now, waiting, now)
        await store.failed(tx, organization_id, webhook, Failure(problem, reason), now)
