"""The clock: polls, due emails, follow-ups, hints for rows whose job was lost; and beside it what is tidied up.

Every round asks the rows what is due and defers the jobs; a job that waits already is enough. Two processes that do
this at once do no harm. Tidying goes on beside the clock: to erase the mail of a thousand deleted leads takes minutes,
and undo and scheduled sends promise the second. What fails holds up nothing else.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from postroom.ground.errors import PostroomError
from postroom.journeys import sweep
from postroom.journeys.bulk import forget_drafts
from postroom.journeys.follow_up import make_due_tasks
from postroom.journeys.forget import forget_unheld
from postroom.journeys.forget_events import forget_old_events
from postroom.journeys.index_emails import forget_unused_words
from postroom.journeys.make_export import forget_old_exports
from postroom.journeys.tools import Tools

_log = logging.getLogger(__name__)

ROUND_SECONDS = 1.0
"""Undo and scheduled sends promise the second."""
SLOW_ROUND_EVERY = 15
"""Rounds between looks at what only a crash leaves behind."""
TIDIED_EVERY_SECONDS = 3_600.0

Chore = Callable[[Tools], Awaitable[object]]

_TIDY: tuple[Chore, ...] = (forget_unheld, forget_drafts, forget_old_events, forget_old_exports, forget_unused_words)


async def run_schedule(tools: Tools) -> None:
    """Go round until cancelled."""
    await asyncio.gather(_go_round(tools), _keep_tidy(tools))


async def _go_round(tools: Tools) -> None:
    number = 0
    while True:
        good = await _done(tools, sweep.due_now)
        if number % SLOW_ROUND_EVERY == 0:
            good &= await _done(tools, sweep.left_behind)
            good &= await _done(tools, make_due_tasks)
        number += 1
        await asyncio.sleep(ROUND_SECONDS if good else ROUND_SECONDS * 5)


async def _keep_tidy(tools: Tools) -> None:
    while True:
        for chore in (*_TIDY, _sweep_blobs):
            await _done(tools, chore)
        await asyncio.sleep(TIDIED_EVERY_SECONDS)


async def _sweep_blobs(tools: Tools) -> None:
    await tools.blobs.sweep(tools.clock())


async def _done(tools: Tools, chore: Chore) -> bool:
    """Whether it was done. The database may be away for a minute; the clock must go on when it is back."""
    try:
        await chore(tools)
    except PostroomError as error:
        _log.warning("%s", error)
    except Exception:
        _log.exception("the clock missed a round", extra={"chore": getattr(chore, "__name__", "")})
    else:
        return True
    return False
