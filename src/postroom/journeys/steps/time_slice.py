"""A slice of long work on one mailbox: a few seconds, then whatever is more urgent gets its turn.

The rows say how far it has come; who stops defers the rest.
"""

import asyncio

from postroom.ground.jobs import Job
from postroom.journeys.tools import Tools

SLICE_SECONDS = 5.0
"""How long the account's connection may be held before whatever waits gets its turn."""
LONGEST_SLICE_SECONDS = 20.0
"""And how long where nothing waits: what was decided about the account meanwhile counts from the next slice on."""


class TimeSlice:
    """What a job may take: a few seconds, and as many again while nothing that goes before it waits.

    By the event loop's clock: the wall clock may be set back in the middle, and the slice would take an hour.
    """

    def __init__(self, tools: Tools, job: Job) -> None:
        self._tools, self._job = tools, job
        now = asyncio.get_running_loop().time()
        self._look_at, self._last = now + SLICE_SECONDS, now + LONGEST_SLICE_SECONDS

    async def is_over(self) -> bool:
        """Whether the rest is to wait for the next slice."""
        now = asyncio.get_running_loop().time()
        if now < self._look_at:
            return False
        if now > self._last:
            return True
        async with self._tools.db.reading() as tx:
            if await self._tools.jobs.is_pressed(tx, self._job):
                return True
        await self._tools.db.learn_statistics()
        self._look_at = now + SLICE_SECONDS
        return False
