"""A scripted server by hand, for a look with any mail program: `python -m tests.servers.scripted_imap [flavour]`."""

import asyncio
import contextlib
import sys

from tests.servers.scripted_imap import BARE, CONDSTORE_ONLY, FULL, GMAIL, scripted_imap

_FLAVOURS = {flavour.name: flavour for flavour in (FULL, BARE, CONDSTORE_ONLY, GMAIL)}


async def _serve(name: str) -> None:
    async with scripted_imap(_FLAVOURS[name]) as server:
        server.account("anna@example.org").folder("INBOX")
        print(f"IMAP {server.host}:{server.port} (STARTTLS), {server.tls_port} (TLS), authority {server.ca_file}")
        print("user anna@example.org, password secret. Ctrl-C ends it.", flush=True)
        await asyncio.Event().wait()


with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(_serve(sys.argv[1] if len(sys.argv) > 1 else "full"))
