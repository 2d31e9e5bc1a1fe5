"""A process of its own that sends, and kills itself at a named step; for the tests that pull the plug.

    python -m tests.journeys.send_driver <job.json>

A step is a function that is left as it is; when it has returned, the process dies as by kill -9.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

from postroom.doors.wiring import open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.journeys import send
from postroom.journeys.steps import deliver_email, sent_copy, settle_email

STEPS: dict[str, tuple[Any, str]] = {
    "logged in": (send, "logged_in"),
    "claimed": (deliver_email, "_claim"),
    "composed": (deliver_email, "compose_email"),
    "handed over": (deliver_email, "_hand_over"),
    "answered": (deliver_email, "_deliver"),
    "written down": (deliver_email, "write_down"),
    "copy looked for": (sent_copy, "lies_in"),
    "copy stored": (sent_copy, "append"),
    "looked in Sent": (settle_email, "lies_in"),
    "nowhere": (deliver_email, "no_such_step"),
}


@dataclass(frozen=True, slots=True)
class Job:
    """What the process is to do, and where it dies ("nowhere": it does not)."""

    database_url: str
    folder: str
    now: str
    organization_id: str
    account_id: str
    journey: str
    step: str


def die_after(step: str) -> None:
    """Put the plug where it will be pulled."""
    module, name = STEPS[step]
    if not hasattr(module, name):
        return
    honest: Callable[..., Awaitable[Any]] = getattr(module, name)

    @wraps(honest)
    async def last(*arguments: Any, **named: Any) -> None:
        await honest(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, last)


async def work(job: Job) -> None:
    """Run the journey."""
    folder = Path(job.folder)
    config = Config(data_folder=folder, blob_folder=folder / "blobs", allow_networks=LOOPBACK_NETWORKS)
    async with open_tools(config, job.database_url) as tools:
        still = datetime.fromisoformat(job.now)
        journey = getattr(send, job.journey)
        await journey(replace(tools, clock=lambda: still), job.organization_id, job.account_id)


if __name__ == "__main__":
    given = Job(**json.loads(Path(sys.argv[1]).read_text()))
    die_after(given.step)
    asyncio.run(work(given))
