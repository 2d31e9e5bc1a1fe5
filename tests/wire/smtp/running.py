"""The scripted SMTP server, given a moment at the end to notice that its clients have gone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from tests.servers.smtp import SmtpServer, smtp_server


@contextlib.asynccontextmanager
async def running_server() -> AsyncIterator[SmtpServer]:
    """It is gone when the block ends."""
    async with smtp_server() as server:
        yield server
        for _ in range(200):
            if not server.open:
                return
            await asyncio.sleep(0.005)
