"""The `postroom` command: starts the doors, all in one process or each in its own, and the operator's commands.

postroom serve    web, worker and listeners in one process, with an embedded database unless DATABASE_URL is set
postroom web | worker | listen    one of them, as many processes and machines as wanted on one DATABASE_URL
"""

import argparse
import asyncio
import sys

from postroom.doors import cli
from postroom.ground.config import Config, process_environment
from postroom.ground.errors import PostroomError
from postroom.ground.log import set_up_logging

_DOORS = {
    "serve": "everything in one process",
    "web": "the page and the API",
    "worker": "jobs and the clock",
    "listen": "waiting connections to mail servers",
}


def main() -> None:
    """Entry point of the console script."""
    parser = argparse.ArgumentParser(prog="postroom", description=(__doc__ or "").split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, help_text in _DOORS.items():
        commands.add_parser(name, help=help_text)
    cli.add_commands(commands)
    options = parser.parse_args()
    try:
        config = Config.from_environment(process_environment())
        set_up_logging(config)
        if options.command in _DOORS:
            from postroom.doors.parts import open_door  # more than half of a command's time, which the others need not

            asyncio.run(open_door(config, options.command))
            return
        sys.exit(asyncio.run(cli.run(config, options)))
    except PostroomError as error:
        sys.exit(f"postroom: {error}")


if __name__ == "__main__":
    main()
