"""Turns at a mail host: one that does not answer is asked by one account at a time.

A worker has some twenty hands. If every account of a provider that hangs took one of them until its time-out, the mail
of everybody else would wait for that provider.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from postroom.ground.errors import Temporary

AT_ONCE = 8
"""Logins under way at one host. A login takes a third of a second: enough for a restart with thousands of accounts."""
WAIT_SECONDS = 2.0
"""For a turn; a host that answers gives one sooner."""
MUTE_AFTER_SECONDS = 5.0
"""A login that took so long and failed."""


@dataclass(slots=True)
class _Host:
    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    under_way: int = 0
    is_mute: bool = False


class HostTurns:
    """Who may log in where, within one process."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """The block is a login at this host. Raises Temporary where others wait for its answer already."""
        host = self._hosts.setdefault(name, _Host())
        if host.is_mute and host.under_way:
            raise _too_slow(name)
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await host.free.acquire()
        except TimeoutError as error:
            raise _too_slow(name) from error
        host.under_way += 1
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            yield
            host.is_mute = False
        except Temporary:
            host.is_mute = loop.time() - begun >= MUTE_AFTER_SECONDS
            raise
        finally:
            host.under_way -= 1
            host.free.release()


def _too_slow(name: str) -> Temporary:
    return Temporary(f"{name} has not answered other accounts in time; it will be asked again.")
