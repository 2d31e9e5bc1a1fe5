"""The measured process: one account's mailbox pulled to the bottom by the journeys themselves. Prints what it saw.

python -m bench.puller URL FOLDER ORGANIZATION ACCOUNT [index]
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from bench.meter import peak_mb, peak_mb_beside
from postroom.doors.wiring import collect_garbage_rarely, open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.journeys.arrive import pull_history, pull_new
from postroom.journeys.index_emails import index_emails
from postroom.journeys.tools import Tools

_UNREAD = (
    "select count(*) from folders where account_id = %s and is_synced and selectable and not is_gone"
    " and last_pull_at is not null and lowest_uid > 1"
)


async def main(url: str, folder: str, organization_id: str, account_id: str, *also: str) -> None:
    """Pull, index if told so, and say how many seconds each took."""
    begun = time.monotonic()
    collect_garbage_rarely()
    data = Path(folder)
    config = Config(data_folder=data, blob_folder=data / "blobs", allow_networks=LOOPBACK_NETWORKS)
    async with open_tools(config, url) as tools:
        opened = time.monotonic()
        await pull_new(tools, organization_id, account_id)
        while await _unread(tools, account_id):
            await pull_history(tools, organization_id, account_id)
        pulled = time.monotonic()
        if "index" in also:
            await index_emails(tools, organization_id)
        indexed = time.monotonic()
    print(json.dumps({
        "start": opened - begun, "pull": pulled - opened, "index": indexed - pulled,
        "peak_mb": peak_mb() + peak_mb_beside(),
    }))  # fmt: skip


async def _unread(tools: Tools, account_id: str) -> int:
    async with tools.db.transaction() as tx:
        row = await (await tx.execute(_UNREAD, (account_id,))).fetchone()
    assert row is not None
    return int(row[0])


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
