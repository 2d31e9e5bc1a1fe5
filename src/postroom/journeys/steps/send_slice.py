"""A slice of a bulk email over several connections at once, and what came of each, in one transaction.

Several connections, because a server's answer takes longer than our part of the work: with 50 ms an answer, one
connection carries 20 emails a second and ten carry 200 (sending-notes 1b).
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from postroom.ground import events
from postroom.ground.errors import PostroomError, Temporary
from postroom.ground.events import Event
from postroom.journeys.jobs import FILE_SENT_COPIES
from postroom.journeys.steps.apply_reports import note_refusals
from postroom.journeys.steps.deliver_email import PATIENCE_WITH_PROVIDER
from postroom.journeys.steps.fill_slice import Press, Printed
from postroom.journeys.steps.take_back_bulk import take_back_waiting
from postroom.rooms.bulk import recipient_store
from postroom.rooms.bulk import store as batch_store
from postroom.rooms.bulk.bulk_email import Status
from postroom.rooms.bulk.recipient_store import Moved
from postroom.rooms.emails import bulk_store, sent_copy_store
from postroom.rooms.emails.bulk_store import Answer
from postroom.rooms.emails.delivery import Aftermath, Attempt, CopyState, DeliveryState, after
from postroom.rooms.leads import activity_store
from postroom.wire.dkim.sign import signature_headers
from postroom.wire.smtp.deliver import deliver
from postroom.wire.smtp.session import Session, open_session
from postroom.wire.smtp.types import DeliveryReply, Outcome, Permanence, Scope, SmtpSettings

LONGEST_SLICE = timedelta(minutes=10)
"""Well within the time after which others take a claim's sender for dead (rooms/emails/delivery.py)."""

FAILURES_THAT_STOP = 2
"""Connections that broke one after the other: it is the server, not the email."""


class Crew:
    """The connections of one account, opened when they are first needed and closed together."""

    def __init__(self, settings: SmtpSettings, first: Session, connections: int, messages_each: int | None) -> None:
        self._settings = settings
        self._messages_each = messages_each
        self._sessions: list[Session | None] = [first, *([None] * (connections - 1))]
        self._used = [0] * connections
        self._failures_in_row = 0
        self._stop: PostroomError | None = None
        self.was_throttled = False

    @property
    def first(self) -> Session | None:
        """The connection that single emails go over between slices."""
        return self._sessions[0]

    async def close(self) -> None:
        """Hang up."""
        for session in self._sessions:
            if session is not None:
                await session.close()

    async def send(self, press: Press, printed: Sequence[Printed]) -> "Sent":
        """Deliver each, in no order; those that were not tried when sending had to stop have no reply."""
        pile = _Pile(press, deque(printed), press.tools.clock() + LONGEST_SLICE)
        self._stop = None
        busy = min(len(self._sessions), max(1, len(printed) // 2))
        async with asyncio.TaskGroup() as group:
            for number in range(busy):
                group.create_task(self._work(number, pile))
        return Sent(pile.replies, self._stop)

    async def _work(self, number: int, pile: "_Pile") -> None:
        """A machine that slept in between finds its time over: others have taken its claims for a dead sender's."""
        while self._stop is None and pile.press.tools.clock() < pile.until:
            session = await self._open(number)
            if session is None or not pile.left:
                return
            one = pile.left.popleft()
            reply = await _deliver(session, pile.press, one)
            pile.replies[one.row.id] = reply
            self._used[number] += 1
            self._look_at(reply)

    async def _open(self, number: int) -> Session | None:
        """The connection, anew where the server has hung up or had its number of messages. None: no more of them."""
        session = self._sessions[number]
        is_full = self._messages_each is not None and self._used[number] >= self._messages_each
        if session is not None and session.is_open and not is_full:
            return session
        if session is not None:
            await session.close()
        try:
            session = await open_session(self._settings)
        except PostroomError as error:
            # One connection less is no failure while others carry on: servers allow few at once.
            self._sessions[number] = None
            if number == 0 or not any(one is not None and one.is_open for one in self._sessions):
                self._stop = error
            return None
        self._sessions[number], self._used[number] = session, 0
        return session

    def _look_at(self, reply: DeliveryReply) -> None:
        verdict = reply.verdict
        lost = reply.outcome is Outcome.UNKNOWN or (verdict is not None and verdict.scope is Scope.CONNECTION)
        self._failures_in_row = self._failures_in_row + 1 if lost else 0
        if verdict is not None and verdict.scope is Scope.ACCOUNT:
            self._stop, self.was_throttled = verdict.as_error(), True
        elif self._failures_in_row >= FAILURES_THAT_STOP:
            self._stop = Temporary(reply.server_words)


@dataclass(slots=True)
class _Pile:
    """What is left of a slice, what was said of the rest, and until when it is ours."""

    press: Press
    left: deque[Printed]
    until: datetime
    replies: dict[str, DeliveryReply] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """What the server said, by email, and what kept the rest of the slice from being tried."""

    replies: dict[str, DeliveryReply] = field(repr=False)
    stop: PostroomError | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What a slice came to: contents refused in a row until its end, and what keeps the account from going on."""

    refused_in_row: int = 0
    stop: PostroomError | None = None


async def write_answers(press: Press, printed: Sequence[Printed], sent: Sent, before: int) -> Tally:
    """Deliveries, emails, ledger, copies and events of a slice, all at once. `before`: refusals in a row until now."""
    tools, batch, now = press.tools, press.batch, press.tools.clock()
    org = batch.organization_id
    results = [(one, _result(one, sent, now)) for one in printed]
    async with tools.db.transaction() as tx:
        standing = await batch_store.lock_bulk_email(tx, org, batch.id)
        await activity_store.lock_leads(tx, org, [one.row.lead_id for one, _ in results])
        has_filed = await sent_copy_store.has_filed(tx, org, batch.account_id)
        answers = [_answer(press, one, result, (has_filed, now)) for one, result in results]
        saved = await bulk_store.save_answers(tx, org, answers, now)
        await activity_store.note_emails(
            tx, org, {one.row.lead_id: (0, now) for one, _ in results if saved.get(one.row.id) == "sent"}
        )
        moved = [
            Moved(one.waiting.number, result.aftermath.state, "", _words(result))
            for one, result in results
            if saved.get(one.row.id) in ("sent", "failed")
        ]
        await recipient_store.move(tx, batch, "sending", moved, now)
        for one, result in results:
            if result.aftermath.refused and one.row.id in saved:
                await note_refusals(tx, org, (one.row.id, one.row.lead_id, result.aftermath.refused), now)
        told = [
            Event("activity.email", one.row.id, _action(result), one.row.lead_id, batch.user_id)
            for one, result in results
            if one.row.id in saved
        ]
        told.append(Event("bulk_action.email", batch.id, "updated", None, batch.user_id))
        await events.append(tx, org, told, now)
        if standing.status is Status.CANCELLED:
            await take_back_waiting(tools, tx, batch)
        if has_filed and any(answer.copy_state == CopyState.WANTED for answer in answers):
            await tools.jobs.defer(tx, FILE_SENT_COPIES, {"organization_id": org, "account_id": batch.account_id})
    return Tally(_refused_in_row(results, before), sent.stop)


@dataclass(frozen=True, slots=True)
class _Result:
    aftermath: Aftermath
    outcome: str
    words: str
    is_content: bool = False


async def _deliver(session: Session, press: Press, one: Printed) -> DeliveryReply:
    # The same signature as at any later try: it is dated as the email is.
    signatures = signature_headers(one.composed.for_smtp, press.keys, one.row.message_date)
    try:
        async with asyncio.timeout(LONGEST_SLICE.total_seconds()):
            return await deliver(session, press.sender.email, one.recipients, signatures + one.composed.for_smtp)
    except TimeoutError:
        return DeliveryReply(Outcome.UNKNOWN, one.recipients, (), "the server took too long")


def _result(one: Printed, sent: Sent, now: datetime) -> _Result:
    reply = sent.replies.get(one.row.id)
    if reply is None:  # never said to the server: it waits like any other email
        error = str(sent.stop) if sent.stop else ""
        waits = Aftermath(DeliveryState.WAITING, 0, one.recipients, due_at=now, error=error)
        return _Result(waits, "not tried", error)
    verdict = reply.verdict
    is_content = verdict is not None and verdict.scope in (Scope.CONTENT, Scope.SENDER)
    refused = is_content and verdict is not None and verdict.permanence is not Permanence.TEMPORARY
    return _Result(
        after(reply, Attempt(1, False, now), one.recipients), reply.outcome.value, reply.server_words, refused
    )


def _answer(press: Press, one: Printed, result: _Result, known: tuple[bool, datetime]) -> Answer:
    made, (has_filed, now) = result.aftermath, known
    copy, copy_due = CopyState.NONE, None
    if made.reached and press.account.imap is not None and press.copies_to_sent:
        copy = CopyState.PROVIDER if press.account.files_own_sent else CopyState.WANTED
        copy_due = None if press.account.files_own_sent else now if has_filed else now + PATIENCE_WITH_PROVIDER
    return Answer(
        email_id=one.row.id,
        state=made.state,
        attempts=made.attempts,
        recipients=list(made.recipients),
        later=list(made.later),
        refused=[asdict(refused) for refused in made.refused],
        entry={
            "date": now.isoformat(timespec="seconds"),
            "attempt": str(max(made.attempts, 1)),
            "outcome": result.outcome,
            "response": result.words[:1000],
        },
        due_at=made.due_at,
        error=made.error,
        is_reached=made.reached,
        copy_state=copy,
        copy_due_at=copy_due,
    )


def _words(result: _Result) -> str:
    refused = result.aftermath.refused
    return (refused[-1].text if refused else result.aftermath.error)[:1000]


def _action(result: _Result) -> str:
    return "sent" if result.aftermath.reached else "updated"


def _refused_in_row(results: Sequence[tuple[Printed, _Result]], before: int) -> int:
    in_row = before
    for _, result in results:
        if result.aftermath.reached:
            in_row = 0
        elif result.is_content:
            in_row += 1
    return in_row
