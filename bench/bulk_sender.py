"""The measured process: bulk email of one account, walked and sent to the end by the journeys themselves.

python -m bench.bulk_sender walk|send|walk+send URL FOLDER ORGANIZATION ACCOUNT
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from bench.meter import peak_mb
from postroom.doors.wiring import collect_garbage_rarely, open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.journeys.bulk_send import send_bulk
from postroom.journeys.bulk_walk import walk_query
from postroom.journeys.tools import Tools


async def main(what: str, url: str, folder: str, organization_id: str, account_id: str) -> None:
    """Do it, and say how many seconds each part took."""
    collect_garbage_rarely()
    data = Path(folder)
    config = Config(data_folder=data, blob_folder=data / "blobs", allow_networks=LOOPBACK_NETWORKS)
    async with open_tools(config, url) as tools:
        begun = time.monotonic()
        if "walk" in what:
            for bulk_id in await _texts(tools, "select id from bulk_emails where status in ('created', 'loading')"):
                await walk_query(tools, organization_id, bulk_id)
        walked = time.monotonic()
        if "send" in what:
            while await _texts(tools, "select id from bulk_emails where status = 'processing'"):
                await send_bulk(tools, organization_id, account_id)
        sent = time.monotonic()
    print(json.dumps({"walk": walked - begun, "send": sent - walked, "peak_mb": peak_mb()}))


async def _texts(tools: Tools, query: str) -> list[str]:
    async with tools.db.reading() as tx:
        return [row[0] for row in await (await tx.execute(query.encode())).fetchall()]


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
