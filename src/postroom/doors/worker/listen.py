"""One waiting connection for each account; a hint from its server becomes a PULL_NEW job within milliseconds.

An account is listened to by one process at a time (a lease). Where the server cannot push, or a connection fails, the
poll of `schedule.py` finds the mail instead; here one then waits longer and longer before the next try.
"""

import asyncio
import logging
import os
import secrets
import socket

from postroom.ground.errors import Invalid, NeedsUser, Permanent, PostroomError
from postroom.journeys import listening
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.account import ConnectedAccount

_log = logging.getLogger(__name__)

ROUND_SECONDS = 10.0
FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 900.0

_Account = tuple[str, str]


async def run_listeners(tools: Tools) -> None:
    """Listen for all accounts this process can get a lease on, until cancelled."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    listeners: dict[_Account, asyncio.Task[None]] = {}
    try:
        while True:
            await _round(tools, owner, listeners)
            await asyncio.sleep(ROUND_SECONDS)
    finally:
        for task in listeners.values():
            task.cancel()
        await asyncio.gather(*listeners.values(), return_exceptions=True)
        await listening.give_up(tools, owner)


async def _round(tools: Tools, owner: str, listeners: dict[_Account, asyncio.Task[None]]) -> None:
    try:
        held = {(one.organization_id, one.id): one for one in await listening.accounts_to_hold(tools, owner)}
    except Exception:
        _log.exception("listeners could not be renewed")
        return
    for key in [key for key, task in listeners.items() if key not in held or task.done()]:
        listeners.pop(key).cancel()
    for key, account in held.items():
        if key not in listeners:
            listeners[key] = asyncio.create_task(_listen(tools, account))


async def _listen(tools: Tools, account: ConnectedAccount) -> None:
    """Wait, hint, wait; after a failure pause, doubling, so that a server that hangs up at once is not hammered."""
    pause = FIRST_PAUSE_SECONDS
    where = {"organization_id": account.organization_id, "account_id": account.id}
    while True:
        begun = asyncio.get_running_loop().time()
        try:
            await listening.listen(tools, account)
        except (NeedsUser, Permanent, Invalid) as error:
            # What a person must mend stands on the account by now, and the next round ends this listener.
            _log.warning("listening paused: %s", error, extra=where)
        except PostroomError as error:
            _log.info("listening paused: %s", error, extra=where)
        except Exception:
            _log.exception("listening failed by a mistake of ours", extra=where)
        lasted = asyncio.get_running_loop().time() - begun
        pause = FIRST_PAUSE_SECONDS if lasted > LONGEST_PAUSE_SECONDS else min(pause * 2, LONGEST_PAUSE_SECONDS)
        await asyncio.sleep(pause)
