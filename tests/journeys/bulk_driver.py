"""A worker of its own for one account's bulk email, to be killed at any moment; its clock of settling runs fast.

    python -m tests.journeys.bulk_driver <job.json>

It begins when it is given a line on its standard input, and does in a loop what the worker does for the account: send
bulk, deliver what was put off, settle what is unknown.
Fifteen minutes, after which an email that is not in Sent is known not to have been sent, pass in seconds.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from postroom.doors.wiring import open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.journeys.bulk_send import send_bulk
from postroom.journeys.bulk_walk import walk_query
from postroom.journeys.send import deliver_due, settle_unknown
from postroom.journeys.tools import Tools


@dataclass(frozen=True, slots=True)
class Job:
    """What to work on, and how the clock runs: `speed` times as fast since the epoch `began`."""

    database_url: str
    folder: str
    began: float
    speed: float
    organization_id: str
    account_id: str
    bulk_id: str

    def clock(self) -> datetime:
        """The fast clock, the same in every process."""
        return datetime.fromtimestamp(self.began, UTC) + timedelta(seconds=(time.time() - self.began) * self.speed)


async def work(job: Job) -> None:
    """Until killed."""
    folder = Path(job.folder)
    config = Config(data_folder=folder, blob_folder=folder / "blobs", allow_networks=LOOPBACK_NETWORKS)
    while True:
        try:
            async with open_tools(config, job.database_url) as tools:
                await _go_round(tools, job)
        except Exception as error:  # the database was killed under us; the worker lives on
            print(f"begins anew: {error!r}", file=sys.stderr, flush=True)
            await asyncio.sleep(0.1)


async def _go_round(tools: Tools, job: Job) -> None:
    await walk_query(tools, job.organization_id, job.bulk_id)
    hasty = replace(tools, clock=job.clock)
    while True:
        # Sending measures its slices by the true clock; only the waiting for Sent is made short.
        for journey, hands in ((send_bulk, tools), (deliver_due, hasty), (settle_unknown, hasty)):
            try:
                await journey(hands, job.organization_id, job.account_id)
            except Exception as error:
                print(f"{journey.__name__}: {error!r}", file=sys.stderr, flush=True)
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    given = Job(**json.loads(Path(sys.argv[1]).read_text()))
    if sys.stdin.readline():
        asyncio.run(work(given))
