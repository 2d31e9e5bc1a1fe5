"""What runs behind each door, and how it starts and stops: web, worker and listeners, together or each by itself."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence

import uvicorn

from postroom.doors.web.app import create_app
from postroom.doors.wiring import collect_garbage_rarely, open_tools
from postroom.doors.worker.listen import run_listeners
from postroom.doors.worker.run import pair_jobs, run_jobs
from postroom.doors.worker.schedule import run_schedule
from postroom.ground.config import Config
from postroom.ground.postgres import ensure_database
from postroom.journeys.tools import Tools

_log = logging.getLogger("postroom")

GRACE_SECONDS = 25.0
Part = Callable[[Tools], Awaitable[None]]


async def open_door(config: Config, door: str) -> None:
    """Run the parts of this door until SIGTERM or SIGINT, then let each finish what it holds."""
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    url = await asyncio.to_thread(ensure_database, config)
    collect_garbage_rarely()
    async with open_tools(config, url) as tools:
        pair_jobs(tools)
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await run_until(tools, _PARTS[door], stop)


async def run_until(tools: Tools, parts: Sequence[Part], stop: asyncio.Event) -> None:
    """Run parts until told to stop, or until one of them fails."""
    stopping = asyncio.create_task(stop.wait())
    running = [asyncio.ensure_future(part(tools)) for part in parts]
    done, _ = await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
    for task in (stopping, *running):
        task.cancel()
    await asyncio.wait([stopping, *running], timeout=GRACE_SECONDS)
    for task in done - {stopping}:
        task.result()


def run_web_as(*, is_sandbox: bool) -> Part:
    """The web part; a sandbox says on its page that it is one."""

    async def run(tools: Tools) -> None:
        config = tools.config
        app = create_app(tools, is_sandbox=is_sandbox)
        server = _Server(
            uvicorn.Config(
                app,
                host=config.bind_host,
                port=config.bind_port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        )
        _log.info("Postroom is at %s", config.base_url)
        serving = asyncio.create_task(server.serve())
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            # Open streams first: requests under way are waited for, and a stream never ends by itself.
            await app.state["live"].close()
            server.should_exit = True
            await serving
            raise

    return run


async def run_web(tools: Tools) -> None:
    """Serve the page and the API."""
    await run_web_as(is_sandbox=False)(tools)


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: all parts of the process stop together."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `open_door`."""
        yield


_PARTS: dict[str, tuple[Part, ...]] = {
    "serve": (run_web, run_jobs, run_listeners, run_schedule),
    "web": (run_web,),
    "worker": (run_jobs, run_schedule),
    "listen": (run_listeners,),
}
