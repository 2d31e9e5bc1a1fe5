"""The clock: polls, due emails, follow-ups, and hints for rows whose job was lost.

Every round asks the rows what is due and defers the jobs; a job that waits already is enough. Two processes that do
this at once do no harm.
"""

import asyncio
import logging

from postroom.ground.errors import PostroomError
from postroom.journeys import sweep
from postroom.journeys.bulk import forget_drafts
from postroom.journeys.follow_up import make_due_tasks
from postroom.journeys.forget import forget_unheld
from postroom.journeys.forget_events import forget_old_events
from postroom.journeys.make_export import forget_old_exports
from postroom.journeys.tools import Tools

_log = logging.getLogger(__name__)

ROUND_SECONDS = 1.0
"""Undo and scheduled sends promise the second."""
SLOW_ROUND_EVERY = 15
"""Rounds between looks at what only a crash leaves behind."""
HOURLY = 3_600
DAILY = 86_400


async def run_schedule(tools: Tools) -> None:
    """Go round until cancelled."""
    number = 0
    while True:
        try:
            await sweep.due_now(tools)
            if number % SLOW_ROUND_EVERY == 0:
                await sweep.left_behind(tools)
                await make_due_tasks(tools)
            if number % HOURLY == 0:
                await forget_unheld(tools)
                await forget_drafts(tools)
                await forget_old_events(tools)
                await forget_old_exports(tools)
            if number % DAILY == 0:
                await tools.blobs.sweep(tools.clock())
        except PostroomError as error:
            _log.warning("%s", error)
        except Exception:
            # The database may be away for a minute; the clock must go on when it is back.
            _log.exception("the clock missed a round")
            await asyncio.sleep(ROUND_SECONDS * 5)
        number += 1
        await asyncio.sleep(ROUND_SECONDS)
