"""Bulk email goes out: one account's batches in turns, over its own connections, as fast as its provider allows.

    a turn      at most some seconds; then others of this installation have theirs
      people    first whatever a person has written, and sequences, over the same connection
      batch     the one that waited longest
      slices    fill → enter (T) → deliver (N) → write down (T); the next is filled while one is being delivered
      rules     too many refused: it pauses, and says why

Killed before a slice is entered, nothing happened; after it, its emails are unknown and Sent is asked.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from postroom.ground import events
from postroom.ground.database import Transaction
from postroom.ground.errors import (
    Conflict,
    Invalid,
    NeedsUser,
    NotFound,
    Permanent,
    PostroomError,
    Remedy,
    Temporary,
)
from postroom.ground.events import Event
from postroom.ground.viewer import seen_by
from postroom.journeys.jobs import SEND_BULK
from postroom.journeys.steps.bulk_audience import asked_by, still_found
from postroom.journeys.steps.bulk_report import send_reports
from postroom.journeys.steps.bulk_room import lack_of_room
from postroom.journeys.steps.credentials import OpenLogin, note_failure, smtp_settings
from postroom.journeys.steps.deliver_email import Sending, deliver_next
from postroom.journeys.steps.domain_pacing import HostMeter
from postroom.journeys.steps.enter_slice import enter_slice
from postroom.journeys.steps.fill_slice import Filled, Press, Printed, fill, set_up_press
from postroom.journeys.steps.log_in_to_send import logged_in
from postroom.journeys.steps.pace import Meter, note_throttled
from postroom.journeys.steps.send_slice import Crew, Tally, write_answers
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.bulk import recipient_store
from postroom.rooms.bulk import store as batch_store
from postroom.rooms.bulk.bulk_email import Becomes, BulkEmail, Cause, Skip, Status, must_stop
from postroom.rooms.bulk.recipient_store import Moved, Waiting
from postroom.rooms.emails import bulk_store, delivery_store
from postroom.views.bulk_progress import bounced

TURN = timedelta(seconds=8)
FEWEST, MOST = 10, 100
"""Emails in a slice: it begins small and grows while it stays short, so that a person's email waits for little."""
FEW_EACH = 2
"""Emails for each connection, in a slice of an account whose provider files nothing in Sent by itself: so many would a
crash leave in doubt for good."""
SHORT_SECONDS = 0.25
STALE = timedelta(hours=1)
"""Whoever has waited so long is looked up in the query again: the lead may have left it (SPEC 6.4)."""
SHOWN_AS_PAUSED = timedelta(minutes=5)
"""A limit that opens again sooner is only waited for."""


@dataclass(slots=True)
class _Turn:
    """An account's turn under way. `size` of the next slice follows how long the last one took."""

    tools: Tools
    account: ConnectedAccount
    used: OpenLogin
    crew: Crew
    meter: Meter
    hosts: HostMeter
    most: int
    size: int


async def send_bulk(tools: Tools, organization_id: str, account_id: str) -> None:
    """One turn of an account. Raises what keeps it from sending; its batches wait and say why."""
    async with tools.db.transaction() as tx:
        account = await account_store.get(tx, organization_id, account_id)
        await delivery_store.set_claims_aside(tx, organization_id, account_id, tools.clock())
    await _tend(tools, account)
    if not await _has_work(tools, account):
        return
    try:
        _demand_sending(account)
        used, settings = await smtp_settings(tools, organization_id, account_id)
        first = await logged_in(tools, used, settings)
    except PostroomError as error:
        await _all_wait(tools, account, error)
        raise
    meter = Meter(tools, account)
    limits = (await meter.pace()).limits
    crew = Crew(settings, first, limits.connections, limits.messages_per_connection)
    try:
        most = MOST if account.files_own_sent else limits.connections * FEW_EACH
        await _take_turns(_Turn(tools, account, used, crew, meter, HostMeter(tools, account), most, min(FEWEST, most)))
        await _tend(tools, account)
        await send_reports(tools, account, crew)
    finally:
        await crew.close()
    await _ask_for_another_turn(tools, account)


async def _take_turns(turn: _Turn) -> None:
    tools, until = turn.tools, turn.tools.clock() + TURN
    while tools.clock() < until:
        await _people_first(turn)
        async with tools.db.transaction() as tx:
            org = turn.account.organization_id
            batch_id = await batch_store.next_in_turn(tx, org, turn.account.id, tools.clock())
            if batch_id is None:
                return
            batch = await batch_store.lock_bulk_email(tx, org, batch_id)
            if batch.cause:  # what it waited for is over
                await batch_store.set_status(tx, batch, Becomes(Status.PROCESSING), tools.clock())
                await bulk_store.release_bulk(tx, org, batch_id)
        if not await _run(turn, replace(batch, status=Status.PROCESSING)):
            return


async def _people_first(turn: _Turn) -> None:
    """A person's email, or a sequence's, never waits for more than a slice."""
    tools, account = turn.tools, turn.account
    while turn.crew.first is not None and turn.crew.first.is_open:
        async with tools.db.reading() as tx:
            if not await delivery_store.is_due(tx, account.organization_id, account.id, tools.clock(), 1):
                return
        done = await deliver_next(tools, Sending(account, turn.crew.first, 1))
        if done is None or done.account_error is not None or done.connection_failed:
            return
        turn.meter.note()


async def _run(turn: _Turn, batch: BulkEmail) -> bool:
    """Some slices of one batch, the next filled while one is delivered. False where the account must stop for now."""
    tools, until = turn.tools, turn.tools.clock() + timedelta(seconds=1)
    if lack := await lack_of_room(tools, batch):
        await _become(tools, batch, Becomes(Status.PAUSED, Cause.DISK, lack))
        return True
    try:
        press = await set_up_press(tools, turn.account, batch)
    except (Invalid, NotFound, Permanent) as error:
        await _become(tools, batch, Becomes(Status.ERROR, error=f"The template can no longer be used. {error}"))
        return True
    filled = await _fill_next(turn, press)
    if filled is None:  # it has had nothing, so it keeps its place before those that had something
        return True
    in_row = batch.refused_in_row
    while filled is not None:
        printed = await enter_slice(press, filled)
        following = asyncio.create_task(_fill_next(turn, press) if tools.clock() < until else _nothing())
        try:
            tally = await _deliver_slice(turn, press, printed, in_row)
            filled = await following
        finally:
            following.cancel()  # whatever broke the delivery off: nothing of this turn goes on behind its back
            await asyncio.wait([following])
        in_row = tally.refused_in_row
        if tally.stop is not None or await _must_stop(tools, batch, in_row):
            if tally.stop is not None:
                await _account_stops(turn, tally.stop)
            return tally.stop is None
        if await _is_person_waiting(turn):
            break
    async with tools.db.transaction() as tx:
        await batch_store.note_turn(tx, batch.organization_id, batch.id, in_row, tools.clock())
    return True


async def _nothing() -> None:
    """No slice follows: the time of this batch is over."""


async def _fill_next(turn: _Turn, press: Press) -> Filled | None:
    """The next slice, as large as the provider allows now. None: nobody waits, or nothing may be sent."""
    tools, batch = turn.tools, press.batch
    pace = await turn.meter.pace()
    allowed = turn.meter.left(pace.bulk)
    if allowed == 0:
        await _wait_for_limit(tools, batch, pace.bulk.next_at, pace.bulk.reason)
        return None
    now = tools.clock()
    most = min(turn.size, press.most_at_once)
    waiting = await _next_waiting(turn, batch, min(most, allowed or most))
    if not waiting:
        return None
    lost = await _no_longer_found(tools, batch, waiting)
    filled = await fill(press, [one for one in waiting if one.number not in lost], now)
    return _only_what_the_server_takes(turn, replace(filled, skipped=(*filled.skipped, *lost.values())))


async def _next_waiting(turn: _Turn, batch: BulkEmail, most: int) -> list[Waiting]:
    """The next in the queue to whose providers something may go now. Where there are others alone, the batch waits."""
    full = await turn.hosts.full()
    async with turn.tools.db.reading() as tx:
        waiting = await recipient_store.waiting(tx, batch, most, full)
        is_blocked = not waiting and bool(full) and bool(await recipient_store.waiting(tx, batch, 1))
    if is_blocked:
        opens = turn.hosts.first_to_open()
        await _wait_for_limit(turn.tools, batch, opens.next_at, opens.reason)
    return turn.hosts.fitting(waiting)


async def _no_longer_found(tools: Tools, batch: BulkEmail, waiting: list[Waiting]) -> dict[int, Moved]:
    """Of those who have waited long, whoever left the query meanwhile, but never half a lead."""
    now, org = tools.clock(), batch.organization_id
    of_contacts = batch.audience.object_type == "contact"
    stale = {
        one.number: one.contact_id if of_contacts else one.lead_id for one in waiting if now - one.date_updated >= STALE
    }
    if not stale:
        return {}
    ids = tuple(dict.fromkeys(stale.values()))
    with seen_by(batch.user_id):
        async with tools.db.transaction() as tx:
            asked = await asked_by(tx, org, batch.user_id, (batch.audience, now))
            found = await still_found(tx, org, asked, ids)
    async with tools.db.transaction() as tx:
        if not of_contacts:
            found |= await recipient_store.leads_begun(tx, batch, ids)
    words = "The lead no longer matches the search."
    return {
        number: Moved(number, "skipped", Skip.NO_LONGER_FOUND, words)
        for number, one in stale.items()
        if one not in found
    }


def _only_what_the_server_takes(turn: _Turn, filled: Filled) -> Filled:
    """International addresses want a server with SMTPUTF8 (RFC 6531)."""
    first = turn.crew.first
    if first is None or first.offers.smtputf8:
        return filled
    words = "The sending server takes no international addresses (SMTPUTF8)."
    odd = [one for one in filled.printed if one.composed.needs_smtputf8]
    skipped = [Moved(one.waiting.number, "skipped", Skip.NEEDS_SMTPUTF8, words) for one in odd]
    return Filled(tuple(one for one in filled.printed if one not in odd), (*filled.skipped, *skipped))


async def _deliver_slice(turn: _Turn, press: Press, printed: list[Printed], in_row: int) -> Tally:
    tools, began = turn.tools, turn.tools.clock()
    turn.meter.note(len(printed))
    turn.hosts.note(printed)
    sent = await turn.crew.send(press, printed)
    tally = await write_answers(press, printed, sent, in_row)
    await turn.hosts.heed(printed, sent.replies)
    seconds = (tools.clock() - began).total_seconds()
    turn.size = turn.size * 2 if seconds < SHORT_SECONDS else max(FEWEST, turn.size // 2)
    turn.size = min(turn.most, turn.size)
    return tally


async def _is_person_waiting(turn: _Turn) -> bool:
    org, now = turn.account.organization_id, turn.tools.clock()
    async with turn.tools.db.reading() as tx:
        return await delivery_store.is_due(tx, org, turn.account.id, now, 1)


async def _must_stop(tools: Tools, batch: BulkEmail, in_row: int) -> bool:
    """The rules, over what is known now; they pause the batch."""
    async with tools.db.reading() as tx:
        known = await batch_store.bulk_email(tx, batch.organization_id, batch.id)
        returned = await bounced(tx, known)
    becomes = must_stop(replace(known, refused_in_row=in_row), returned)
    if becomes is not None and known.status is Status.PROCESSING:
        await _become(tools, batch, becomes)
    return becomes is not None or known.status is not Status.PROCESSING


async def _account_stops(turn: _Turn, stop: PostroomError) -> None:
    """Not one email's fault but the account's: its batches wait, as the account does."""
    await note_failure(turn.tools, turn.used, stop)
    if turn.crew.was_throttled:
        await note_throttled(turn.tools, turn.account, stop)
    await _all_wait(turn.tools, turn.account, stop)
    await turn.crew.close()


async def _all_wait(tools: Tools, account: ConnectedAccount, error: PostroomError) -> None:
    """Why the account's batches do not go on, on each of them."""
    now, org = tools.clock(), account.organization_id
    async with tools.db.transaction() as tx:
        standing = (await account_store.get(tx, org, account.id)).sending
        open_ones = [await batch_store.bulk_email(tx, org, one) for one in await _open(tx, account)]
    for batch in open_ones:
        if batch.status is not Status.PROCESSING:
            continue
        if isinstance(error, Temporary):
            at = standing.retry_after or now + timedelta(seconds=error.retry_after_seconds or 60)
            await _wait_for_limit(tools, batch, at, str(error))
        elif account.is_deleted:
            await _become(tools, batch, Becomes(Status.ERROR, error=f"The account {account.email} was removed."))
        else:
            words = f"{error} It goes on by itself when the account can send again."
            await _become(tools, batch, Becomes(Status.PAUSED, Cause.ACCOUNT, words))


async def _wait_for_limit(tools: Tools, batch: BulkEmail, next_at: datetime | None, reason: str) -> None:
    """It goes on by itself; a wait that somebody would notice is shown as a pause."""
    at = next_at or tools.clock() + timedelta(minutes=1)
    is_long = at - tools.clock() >= SHOWN_AS_PAUSED
    status = Status.PAUSED if is_long else Status.PROCESSING
    await _become(tools, batch, Becomes(status, Cause.LIMIT, reason, at))


async def _become(tools: Tools, batch: BulkEmail, becomes: Becomes) -> None:
    """Only what is still being processed: a person's pause or cancel stands."""
    now, org = tools.clock(), batch.organization_id
    async with tools.db.transaction() as tx:
        standing = await batch_store.lock_bulk_email(tx, org, batch.id)
        if standing.status is not Status.PROCESSING:
            return
        await batch_store.set_status(tx, standing, becomes, now)
        if becomes.status is Status.ERROR:
            await recipient_store.cancel_queued(tx, standing, now)
        if becomes.status is not Status.PROCESSING:
            await bulk_store.hold_bulk(tx, org, batch.id)
        what = "paused" if becomes.status is Status.PAUSED else "updated"
        await events.append(tx, org, [_event(batch, what)], now)


async def _tend(tools: Tools, account: ConnectedAccount) -> None:
    """What became of emails under way, into the ledger; a batch with nobody left is done."""
    now, org = tools.clock(), account.organization_id
    async with tools.db.transaction() as tx:
        for batch_id in await _open(tx, account):
            batch = await batch_store.lock_bulk_email(tx, org, batch_id)
            await recipient_store.collect(tx, batch, now)
            counts = (await batch_store.bulk_email(tx, org, batch_id)).counts
            if batch.status is Status.PAUSED:
                await bulk_store.hold_bulk(tx, org, batch_id)
            is_done = counts.queued == 0 and counts.sending == 0
            if is_done:
                await batch_store.set_status(tx, batch, Becomes(Status.DONE), now)
            if counts != batch.counts or is_done:
                await events.append(tx, org, [_event(batch, "completed" if is_done else "updated")], now)


async def _open(tx: Transaction, account: ConnectedAccount) -> list[str]:
    return await batch_store.open_of_account(tx, account.organization_id, account.id)


async def _has_work(tools: Tools, account: ConnectedAccount) -> bool:
    now, org = tools.clock(), account.organization_id
    async with tools.db.reading() as tx:
        return await batch_store.next_in_turn(tx, org, account.id, now) is not None or await batch_store.has_report(
            tx, org, account.id
        )


def _demand_sending(account: ConnectedAccount) -> None:
    if account.is_deleted:
        raise NeedsUser(f"The account {account.email} was removed.", remedy=Remedy.SETTINGS)
    if not account.sends:
        raise Conflict(f"Sending is switched off for {account.email}.")


async def _ask_for_another_turn(tools: Tools, account: ConnectedAccount) -> None:
    """At the end of the queue: others have theirs before."""
    org = account.organization_id
    async with tools.db.transaction() as tx:
        if await batch_store.next_in_turn(tx, org, account.id, tools.clock()) is not None:
            await tools.jobs.defer(tx, SEND_BULK, {"organization_id": org, "account_id": account.id})


def _event(batch: BulkEmail, action: str) -> Event:
    return Event("bulk_action.email", batch.id, action, None, batch.user_id)
