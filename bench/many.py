"""The measured process of 1,000 accounts that wait at their mailboxes: the listeners' door and nothing else.

python -m bench.many URL FOLDER COUNT
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from bench.meter import peak_mb, resident_mb
from postroom.doors.wiring import collect_garbage_rarely, open_tools
from postroom.doors.worker.listen import run_listeners
from postroom.ground.config import LOOPBACK_NETWORKS, Config
from postroom.journeys import listening

_WATCHED_SECONDS = 30.0


async def main(url: str, folder: str, count: int) -> None:
    """Wait until all listen, then see what waiting costs."""
    waiting = 0
    wait = listening.idle.wait

    async def counted(session: object, seconds: float) -> object:
        nonlocal waiting
        waiting += 1
        try:
            return await wait(session, seconds)  # type: ignore[arg-type]
        finally:
            waiting -= 1

    listening.idle.wait = counted  # type: ignore[assignment]
    collect_garbage_rarely()
    data = Path(folder)
    config = Config(data_folder=data, blob_folder=data / "blobs", allow_networks=LOOPBACK_NETWORKS)
    async with open_tools(config, url) as tools:
        begun = time.monotonic()
        listeners = asyncio.create_task(run_listeners(tools))
        while waiting < count:
            await asyncio.sleep(0.2)
            assert time.monotonic() - begun < 400, f"only {waiting} of {count} wait"
        ready, cpu = time.monotonic(), time.process_time()
        await asyncio.sleep(_WATCHED_SECONDS)
        share = (time.process_time() - cpu) / (time.monotonic() - ready)
        said = {"resident_mb": resident_mb(), "peak_mb": peak_mb(), "cpu_percent": share * 100, "ready": ready - begun}
        assert waiting == count, f"{waiting} of {count} still wait"
        print(json.dumps(said), flush=True)
        listeners.cancel()
        await asyncio.gather(listeners, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
