"""The real worker at work: jobs, clock and listeners as `postroom serve` runs them, in the test's own process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from postroom.doors.worker.listen import run_listeners
from postroom.doors.worker.run import pair_jobs, run_jobs
from postroom.doors.worker.schedule import run_schedule
from postroom.journeys.tools import Tools


@asynccontextmanager
async def working(tools: Tools, *, listening: bool = True) -> AsyncIterator[list["asyncio.Task[None]"]]:
    """The worker runs while the block does. Gives its parts; one that is done has failed."""
    pair_jobs(tools)
    parts = [run_jobs, run_schedule, *([run_listeners] if listening else [])]
    running = [asyncio.create_task(part(tools)) for part in parts]
    try:
        yield running
    finally:
        for seconds in (1, 5):  # told once, a worker finishes what it holds; told twice, it drops it
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=seconds)


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 90.0) -> float:
    """Wait until it is true; how many seconds that took. Fails after so many."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while not await true():
        assert loop.time() - begun < seconds, f"not within {seconds} seconds"
        await asyncio.sleep(0.05)
    return loop.time() - begun
