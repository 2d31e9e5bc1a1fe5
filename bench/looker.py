"""The measured process that looks again at a mailbox it knows: what a pull costs in which nothing is new.

python -m bench.looker URL FOLDER ORGANIZATION ACCOUNT
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from statistics import median

from bench.meter import peak_mb
from postroom.doors.wiring import collect_garbage_rarely, open_tools
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.journeys.arrive import pull_new
from postroom.wire.imap.connection import Connection

_LOOKS = 9


async def main(url: str, folder: str, organization_id: str, account_id: str) -> None:
    """Log in and look once; then look again and again."""
    sent = 0
    start = Connection.start

    def counted(self: Connection, *arguments: object, **named: object) -> object:
        nonlocal sent
        sent += 1
        return start(self, *arguments, **named)  # type: ignore[arg-type]

    Connection.start = counted  # type: ignore[assignment,method-assign]
    collect_garbage_rarely()
    data = Path(folder)
    config = Config(data_folder=data, blob_folder=data / "blobs", allow_networks=LOOPBACK_NETWORKS)
    looks: list[tuple[float, float, float]] = []
    async with open_tools(config, url) as tools:
        for _ in range(_LOOKS + 1):
            before, cpu, begun = sent, time.process_time(), time.monotonic()
            await pull_new(tools, organization_id, account_id)
            looks.append((sent - before, time.process_time() - cpu, time.monotonic() - begun))
    first, again = looks[0], looks[1:]
    said = {
        "first_commands": first[0],
        "first_cpu_ms": first[1] * 1000,
        "commands": median(one[0] for one in again),
        "cpu_ms": median(one[1] for one in again) * 1000,
        "wall_ms": median(one[2] for one in again) * 1000,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
