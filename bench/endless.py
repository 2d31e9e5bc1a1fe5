"""The process that plays a mailbox of any size without holding it: the tests' scripted server. Prints its port.

python -m bench.endless COUNT OWNER
"""

import asyncio
import sys

from tests.servers.dovecot import PASSWORD
from tests.servers.scripted_imap import scripted_imap
from tests.servers.scripted_imap.folder_sets import ONLY_INBOX


async def main(count: int, owner: str) -> None:
    """Serve until killed."""
    async with scripted_imap() as server:
        server.account(owner, PASSWORD, ONLY_INBOX).folder("INBOX").fill(count)
        print(server.port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
