"""Reads the newest headers of the INBOX on a port and prints its own peak memory: run by test_million in a process of
its own, so that the server's memory is not in the figure.
"""

import asyncio
import resource
import sys

from postroom.wire.imap.changes import changes_since
from postroom.wire.imap.fetch import summaries
from postroom.wire.imap.folders import list_folders
from postroom.wire.imap.session import open_session
from postroom.wire.imap.types import Encryption, ImapSettings, Password


async def main(port: int, user: str) -> None:
    settings = ImapSettings("127.0.0.1", port, Encryption.NONE, user, Password("secret"))
    async with await open_session(settings) as session:
        inbox = next(one for one in await list_folders(session) if one.name == "INBOX")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        changes = await changes_since(session, inbox, None)
        first = []
        async for batch in summaries(session, changes.new):
            first += [summary.uid for summary in batch.summaries]
            if len(first) >= 2000:
                break
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(len(changes.new), first[0], first[-1], (after - before) // 1024)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
