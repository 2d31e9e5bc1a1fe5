"""How fast an account may send now: its provider's limits, counted from the log, and what its server last asked for."""

from dataclasses import dataclass
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.errors import PostroomError, Temporary
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import pace_store
from postroom.rooms.accounts.account import ConnectedAccount, Side
from postroom.rooms.accounts.providers import provider_behind
from postroom.rooms.accounts.send_budget import (
    Budget,
    SendLimits,
    Sent,
    SentSoFar,
    SlowPace,
    at_pace,
    budget,
    halved,
    share_of_bulk,
)
from postroom.rooms.emails import send_log_store
from postroom.rooms.emails.bulk_store import BULK_PRIORITY
from postroom.rooms.emails.send_log_store import SendLog
from postroom.views.sent_elsewhere import sent_elsewhere

QUOTA_SECONDS = 3600
"""A server that wants an hour's patience, or is known for it, has counted a day's emails, not a minute's."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What an account may send now: a person's emails, and of bulk email. `limits` as they stand at this pace."""

    personal: Budget
    bulk: Budget
    limits: SendLimits


class Meter:
    """Counts an account's emails down as they go out; the log is read again only when the allowance is used up."""

    def __init__(self, tools: Tools, account: ConnectedAccount) -> None:
        self._tools = tools
        self._account = account
        self._pace: Pace | None = None
        self._given = 0

    async def pace(self) -> Pace:
        """What may be sent now."""
        known = self._pace
        if known is None or self._is_used_up(known.bulk) or self._is_used_up(known.personal):
            async with self._tools.db.reading() as tx:
                self._pace = await pace_of(tx, self._account, self._tools.clock())
            self._given = 0
            return self._pace
        return known

    async def least_urgent(self) -> int:
        """Down to which priority emails may go out now. Raises Temporary, with when and why, where none may."""
        pace = await self.pace()
        if pace.personal.emails == 0:
            raise Temporary(pace.personal.reason, retry_after_seconds=self._wait(pace.personal))
        return BULK_PRIORITY - 1 if pace.bulk.emails == 0 else BULK_PRIORITY

    def note(self, emails: int = 1) -> None:
        """So many have been given to the server."""
        self._given += emails

    def left(self, of: Budget) -> int | None:
        """How many of a budget are left; None where there is no limit."""
        return None if of.emails is None else max(0, of.emails - self._given)

    def _is_used_up(self, of: Budget) -> bool:
        return of.emails is not None and self._given >= of.emails

    def _wait(self, of: Budget) -> float:
        now = self._tools.clock()
        return max(1.0, ((of.next_at or now) - now).total_seconds())


async def pace_of(tx: Transaction, account: ConnectedAccount, now: datetime) -> Pace:
    """Read what was sent and decide."""
    slow = await pace_store.slow_pace(tx, account.organization_id, account.id)
    limits = at_pace(limits_of_account(account), slow, now)
    if limits.per_minute is None and limits.per_hour is None and limits.per_day is None:
        return Pace(Budget(None), Budget(None), limits)
    sent = await sent_so_far(tx, account, now)
    return Pace(budget(limits, sent, now), budget(share_of_bulk(limits), sent, now), limits)


def limits_of_account(account: ConnectedAccount) -> SendLimits:
    """What the provider behind the account's SMTP server allows."""
    if account.smtp is None:
        return SendLimits()
    return provider_behind(account.smtp.host, Side.SEND, account.provider).limits


async def note_throttled(tools: Tools, account: ConnectedAccount, error: PostroomError) -> None:
    """The server asked the account to slow down: from now on it sends half as fast. A used-up day is no such wish."""
    if not isinstance(error, Temporary) or (error.retry_after_seconds or 0) >= QUOTA_SECONDS:
        return
    now, org = tools.clock(), account.organization_id
    async with tools.db.transaction() as tx:
        slow = await pace_store.slow_pace(tx, org, account.id)
        log = await send_log_store.send_log(tx, org, account.id, now)
        await pace_store.save_pace(tx, org, account.id, SlowPace(halved(slow, log.in_minute, now), now, str(error)))


async def sent_so_far(tx: Transaction, account: ConnectedAccount, now: datetime) -> SentSoFar:
    """What the provider has counted: what we sent, and what other programs did, as far as Sent has been read."""
    ours = _windows(await send_log_store.send_log(tx, account.organization_id, account.id, now))
    if not _sends_where_it_receives(account):
        return ours
    theirs = _windows(await sent_elsewhere(tx, account.organization_id, account.id, now))
    return SentSoFar(
        _together(ours.minute, theirs.minute), _together(ours.hour, theirs.hour), _together(ours.day, theirs.day)
    )


def _sends_where_it_receives(account: ConnectedAccount) -> bool:
    """Only then the Sent folder tells what the sending server has counted."""
    if account.imap is None or account.smtp is None:
        return False
    receives = provider_behind(account.imap.host, Side.RECEIVE, account.provider)
    return receives.key == provider_behind(account.smtp.host, Side.SEND, account.provider).key


def _windows(log: SendLog) -> SentSoFar:
    return SentSoFar(
        Sent(log.in_minute, log.oldest_in_minute),
        Sent(log.in_hour, log.oldest_in_hour),
        Sent(log.in_day, log.oldest_in_day),
    )


def _together(one: Sent, other: Sent) -> Sent:
    oldest = min((at for at in (one.oldest, other.oldest) if at is not None), default=None)
    return Sent(one.count + other.count, oldest)
