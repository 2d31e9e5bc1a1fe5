"""Counts an account's bulk email down by the provider that it is for, and slows down where one asks for less."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from postroom.journeys.steps.fill_slice import Printed
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import domain_pace_store
from postroom.rooms.accounts.account import ConnectedAccount
from postroom.rooms.accounts.domain_pace import (
    SentToHost,
    budget_to,
    domains_of,
    host_of,
    slowed,
    wants_less,
)
from postroom.rooms.accounts.send_budget import MINUTE, Budget, SlowPace
from postroom.rooms.bulk.recipient_store import Waiting
from postroom.rooms.emails import send_log_store
from postroom.wire.smtp.types import DeliveryReply, Outcome, Permanence

READ_AGAIN_AFTER = timedelta(seconds=1)
"""The log is read anew while somebody waits for a place in it, and no more often than this."""


class HostMeter:
    """What went to each provider in the last minute, from the send log, and since then from us. For one turn."""

    def __init__(self, tools: Tools, account: ConnectedAccount) -> None:
        self._tools = tools
        self._account = account
        self._sent: dict[str, SentToHost] = {}
        self._slow: dict[str, SlowPace] = {}
        self._filled: set[str] = set()  # those that were full when they were last looked at, of many thousands
        self._read_at: datetime | None = None

    async def full(self) -> tuple[str, ...]:
        """The domains that get nothing now."""
        now = self._tools.clock()
        if self._read_at is None or (self._full_hosts() and now - self._read_at >= READ_AGAIN_AFTER):
            await self._read(now)
        return tuple(domain for host in self._full_hosts() for domain in domains_of(host))

    def fitting(self, waiting: Sequence[Waiting]) -> list[Waiting]:
        """Of these as many for each provider as it gets now, in their order."""
        now, left, found = self._tools.clock(), dict[str, int](), list[Waiting]()
        for one in waiting:
            host = host_of(one.address_key)
            if host not in left:
                left[host] = budget_to(host, self._sent, self._slow.get(host), now).emails or 0
            if left[host] > 0:
                left[host] -= 1
                found.append(one)
        return found

    def first_to_open(self) -> Budget:
        """When the next of the full ones may get something, and why not before."""
        now = self._tools.clock()
        budgets = [budget_to(host, self._sent, self._slow.get(host), now) for host in self._full_hosts()]
        return min(budgets, key=lambda one: one.next_at or now, default=Budget(None))

    def note(self, printed: Sequence[Printed]) -> None:
        """These go out now."""
        now = self._tools.clock()
        for one in printed:
            known = self._sent.get(one.row.domain)
            count, oldest = (known.count, known.oldest) if known else (0, now)
            self._sent[one.row.domain] = SentToHost(count + 1, oldest)
        self._look_at({one.row.domain for one in printed})

    async def heed(self, printed: Sequence[Printed], replies: dict[str, DeliveryReply]) -> None:
        """A provider that put something off for being too much gets half as much from now on, once for each slice."""
        now, account = self._tools.clock(), self._account
        asked = {
            one.row.domain: words for one in printed if (words := _wish(replies.get(one.row.id))) and one.row.domain
        }
        for host, words in asked.items():
            sent = self._sent.get(host)
            pace = slowed(host, self._slow.get(host), sent.count if sent else 0, (words, now))
            self._slow[host] = pace
            self._look_at((host,))
            async with self._tools.db.transaction() as tx:
                await domain_pace_store.save_host_pace(tx, account.organization_id, (account.id, host), pace)

    def _full_hosts(self) -> list[str]:
        now = self._tools.clock()
        return [host for host in self._filled if budget_to(host, self._sent, self._slow.get(host), now).emails == 0]

    def _look_at(self, hosts: Iterable[str]) -> None:
        now = self._tools.clock()
        full = (host for host in hosts if budget_to(host, self._sent, self._slow.get(host), now).emails == 0)
        self._filled.update(full)

    async def _read(self, now: datetime) -> None:
        org, account_id = self._account.organization_id, self._account.id
        async with self._tools.db.reading() as tx:
            rows = await send_log_store.sent_to_domains(tx, org, account_id, now - MINUTE)
            self._slow = await domain_pace_store.slow_hosts(tx, org, account_id)
        self._sent = {domain: SentToHost(count, oldest) for domain, count, oldest in rows}
        self._filled.clear()
        self._look_at(self._sent)
        self._read_at = now


def _wish(reply: DeliveryReply | None) -> str:
    """The words in which a receiver asked for less; "" where it did not."""
    if reply is None or reply.outcome is Outcome.UNKNOWN:
        return ""
    verdicts = [(one.words, one.verdict) for one in reply.refused]
    if reply.verdict is not None:
        verdicts.append((reply.server_words, reply.verdict))
    for words, verdict in verdicts:
        if verdict.permanence is Permanence.TEMPORARY and wants_less(words):
            return words
    return ""
