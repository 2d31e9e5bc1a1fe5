"""An email on its way out: its states, and what each answer of the server makes of it. Pure.

    waiting  →  sending  →  sent
       ↑          │ ├────→  failed       refused for good
       ├──────────┘ └────→  unknown      the message was handed over and no clear answer came
       └──────────────────────┘          settled by looking into Sent: sent, waiting again, or failed

An email is never given to the server again for a recipient that was accepted, or may have been.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from postroom.ground.errors import PostroomError
from postroom.wire.smtp.types import DeliveryReply, Outcome, Permanence, Refusal, Scope, Verdict

SOFT_WAITS = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 240, 720, 1440))
"""A recipient or a message refused for now: greylisting passes in 15 minutes, a full mailbox within days."""

CONNECTION_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30)) + (timedelta(hours=1),) * 43
"""A connection that breaks in the middle of a message: the line is usually back at once, a server within two days."""

LONGEST_DELIVERY = timedelta(minutes=15)
"""No single delivery lasts longer: past this, a claim's sender is dead or has given up."""

LOOKUP_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 4, 11))
"""When Sent is searched for an email whose fate is unknown. The last look comes after the longest delivery."""

LONGEST_UNSETTLED = timedelta(days=1)
"""So long a mailbox may be out of reach before a person is asked."""

MAY_HAVE_BEEN_SENT = (
    "The connection ended after the message was handed over, so it may have been sent. It is not in the Sent folder."
    " Ask the recipient, or send it again."
)


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    FAILED = "failed"


class CopyState(StrEnum):
    """The copy in the Sent folder: not asked for, to be filed, filed by us, or there by the provider's doing."""

    NONE = "none"
    WANTED = "wanted"
    FILED = "filed"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. `number` counts from 1; `was_sent`: an earlier one reached some of the recipients."""

    number: int
    was_sent: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class RefusedRecipient:
    """A recipient that will not get it, and why."""

    email: str
    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What a try has made of a delivery.

    `recipients` are still to be delivered to (with UNKNOWN: may have been); `later` waits until that is settled.
    `reached`: the server has taken it for somebody now. `attempts` is what the next try counts from.
    `account_error` concerns every email of the account, `connection_failed` the connection.
    """

    state: DeliveryState
    attempts: int
    recipients: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    refused: tuple[RefusedRecipient, ...] = ()
    due_at: datetime | None = None
    error: str = ""
    reached: bool = False
    account_error: PostroomError | None = None
    connection_failed: bool = False


def after(reply: DeliveryReply, attempt: Attempt, recipients: tuple[str, ...]) -> Aftermath:
    """What the server's answer makes of it. `recipients` are those that this try was for."""
    if reply.outcome is Outcome.UNKNOWN:
        later, refused = _split(reply.refused, attempt)
        return Aftermath(
            DeliveryState.UNKNOWN,
            attempt.number,
            reply.accepted,
            later,
            refused,
            error=reply.server_words,
            connection_failed=True,
        )
    if reply.outcome is Outcome.ACCEPTED:
        return _rest(reply.refused, attempt, reached=True)
    if reply.verdict is None:
        return _rest(reply.refused, attempt, reached=False)
    return _refused_whole(reply.verdict, attempt, recipients)


def untouched(error: str, attempt: Attempt, recipients: tuple[str, ...]) -> Aftermath:
    """Something on our side failed for now, before a byte was said: a full disk, say."""
    return Aftermath(DeliveryState.WAITING, attempt.number, recipients, due_at=attempt.now + SOFT_WAITS[0], error=error)


def failed(error: str, attempt: Attempt, recipients: tuple[str, ...]) -> Aftermath:
    """It will never go out as it is, for a reason that lies in the email itself."""
    return _given_up(attempt, tuple(RefusedRecipient(one, 0, error) for one in recipients), error)


def found_in_sent(later: tuple[str, ...], attempt: Attempt) -> Aftermath:
    """Its fate was unknown, and it lies in the Sent folder: the server had taken it."""
    if not later:
        return Aftermath(DeliveryState.SENT, attempt.number, reached=True)
    return Aftermath(DeliveryState.WAITING, attempt.number, later, due_at=attempt.now + SOFT_WAITS[0], reached=True)


def not_in_sent(recipients: tuple[str, ...], attempt: Attempt, *, provider_files: bool) -> Aftermath:
    """It is not there after the last look. Only where the provider surely would have filed it, it was not sent."""
    if provider_files:
        return Aftermath(DeliveryState.WAITING, attempt.number, recipients, due_at=attempt.now)
    refused = tuple(RefusedRecipient(one, 0, MAY_HAVE_BEEN_SENT) for one in recipients)
    return _given_up(attempt, refused, MAY_HAVE_BEEN_SENT)


def next_lookup(lookups: int, claimed_at: datetime, now: datetime) -> datetime | None:
    """When to look into Sent again after so many looks; None when the last has been and the sender is surely gone."""
    if lookups < len(LOOKUP_WAITS):
        return now + LOOKUP_WAITS[lookups]
    last = claimed_at + LONGEST_DELIVERY
    return last if now < last else None


def _rest(refusals: tuple[Refusal, ...], attempt: Attempt, *, reached: bool) -> Aftermath:
    """Those not taken: some are tried again, some never."""
    later, refused = _split(refusals, attempt)
    words = refusals[-1].verdict.message if refusals else ""
    if later:
        waits = [one.verdict.retry_after_seconds for one in refusals if one.recipient in later]
        asked = max((seconds for seconds in waits if seconds is not None), default=None)
        return Aftermath(
            DeliveryState.WAITING,
            attempt.number,
            later,
            refused=refused,
            due_at=attempt.now + _wait(SOFT_WAITS, attempt, asked),
            error=words,
            reached=reached,
        )
    if reached or attempt.was_sent:
        return Aftermath(DeliveryState.SENT, attempt.number, refused=refused, reached=reached)
    return Aftermath(DeliveryState.FAILED, attempt.number, refused=refused, error=words)


def _refused_whole(verdict: Verdict, attempt: Attempt, recipients: tuple[str, ...]) -> Aftermath:
    if verdict.scope is Scope.ACCOUNT:
        # Not this email's fault: it does not count as a try, and it is due as soon as the account may send again.
        error = verdict.as_error()
        return Aftermath(
            DeliveryState.WAITING,
            attempt.number - 1,
            recipients,
            due_at=attempt.now,
            error=verdict.message,
            account_error=error,
        )
    waits = CONNECTION_WAITS if verdict.scope is Scope.CONNECTION else SOFT_WAITS
    if verdict.permanence is Permanence.TEMPORARY and attempt.number <= len(waits):
        return Aftermath(
            DeliveryState.WAITING,
            attempt.number,
            recipients,
            due_at=attempt.now + _wait(waits, attempt, verdict.retry_after_seconds),
            error=verdict.message,
            connection_failed=verdict.scope is Scope.CONNECTION,
        )
    refused = tuple(RefusedRecipient(one, 0, verdict.message) for one in recipients)
    return _given_up(attempt, refused, verdict.message)


def _given_up(attempt: Attempt, refused: tuple[RefusedRecipient, ...], error: str) -> Aftermath:
    """Nobody else will get it. An email that reached somebody before stays sent, with these refused."""
    if attempt.was_sent:
        return Aftermath(DeliveryState.SENT, attempt.number, refused=refused)
    return Aftermath(DeliveryState.FAILED, attempt.number, refused=refused, error=error)


def _split(refusals: tuple[Refusal, ...], attempt: Attempt) -> tuple[tuple[str, ...], tuple[RefusedRecipient, ...]]:
    """Those to be tried again, and those that were refused for good or once too often."""
    soft = [one for one in refusals if one.verdict.permanence is not Permanence.PERMANENT]
    if attempt.number > len(SOFT_WAITS):
        soft = []
    later = tuple(one.recipient for one in soft)
    return later, tuple(
        RefusedRecipient(one.recipient, one.code, one.words) for one in refusals if one.recipient not in later
    )


def _wait(waits: tuple[timedelta, ...], attempt: Attempt, asked_seconds: float | None) -> timedelta:
    """The server's own wish where it gave one ("too many recipients" asks for none), else our table."""
    if asked_seconds is not None:
        return timedelta(seconds=asked_seconds)
    return waits[min(attempt.number, len(waits)) - 1]
