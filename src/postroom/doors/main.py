"""The `postroom` command: starts the doors, all in one process or each in its own, and the operator's commands.

postroom serve    web, worker and listeners in one process, with an embedded database unless DATABASE_URL is set
postroom web | worker | listen    one of them, as many processes and machines as wanted on one DATABASE_URL
"""

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence

import uvicorn

from postroom.doors import cli
from postroom.doors.web.app import create_app
from postroom.doors.wiring import collect_garbage_rarely, open_tools
from postroom.doors.worker.listen import run_listeners
from postroom.doors.worker.run import pair_jobs, run_jobs
from postroom.doors.worker.schedule import run_schedule
from postroom.ground.config import Config, process_environment
from postroom.ground.errors import PostroomError
from postroom.ground.log import set_up_logging
from postroom.ground.postgres import ensure_database
from postroom.journeys.tools import Tools

_log = logging.getLogger("postroom")

GRACE_SECONDS = 25.0
Part = Callable[[Tools], Awaitable[None]]


def main() -> None:
    """Entry point of the console script."""
    parser = argparse.ArgumentParser(prog="postroom", description=(__doc__ or "").split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (help_text, _) in _DOORS.items():
        commands.add_parser(name, help=help_text)
    cli.add_commands(commands)
    options = parser.parse_args()
    try:
        config = Config.from_environment(process_environment())
        set_up_logging(config)
        logging.getLogger("uvicorn").setLevel(logging.WARNING)
        if options.command in _DOORS:
            asyncio.run(open_doors(config, _DOORS[options.command][1]))
            return
        sys.exit(asyncio.run(cli.run(config, options)))
    except PostroomError as error:
        sys.exit(f"postroom: {error}")


async def open_doors(config: Config, parts: Sequence[Part]) -> None:
    """Run these parts until SIGTERM or SIGINT, then let each finish what it holds."""
    url = await asyncio.to_thread(ensure_database, config)
    collect_garbage_rarely()
    async with open_tools(config, url) as tools:
        pair_jobs(tools)
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await run_until(tools, parts, stop)


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
        """Leave signals to `open_doors`."""
        yield


_DOORS: dict[str, tuple[str, tuple[Part, ...]]] = {
    "serve": ("everything in one process", (run_web, run_jobs, run_listeners, run_schedule)),
    "web": ("the page and the API", (run_web,)),
    "worker": ("jobs and the clock", (run_jobs, run_schedule)),
    "listen": ("waiting connections to mail servers", (run_listeners,)),
}


if __name__ == "__main__":
    main()
