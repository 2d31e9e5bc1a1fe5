"""A body has to come: one that stops on the way, or drips for ever, is given up and answered with 408.

What is waited for after the body (that the client leaves, in `/live/`) may take as long as it likes.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from litestar.types import Receive

from postroom.doors.web.errors import TooSlow

PAUSE_SECONDS = 30.0
"""Between two parts: a telephone on a train comes back sooner, or tries again."""
WHOLE_SECONDS = 600.0
"""For a whole body: 25 MB, the largest upload, in ten minutes is 340 kbit/s."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds: between two parts, and for all of them."""

    pause: float = PAUSE_SECONDS
    whole: float = WHOLE_SECONDS


def in_time(receive: Receive, patience: Patience) -> Receive:
    """The same receive, which raises TooSlow where the body does not come."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + patience.whole
    is_whole = False

    async def awaited() -> Any:
        nonlocal is_whole
        if is_whole:
            return await receive()
        try:
            async with asyncio.timeout_at(min(ends_at, loop.time() + patience.pause)):
                message = await receive()
        except TimeoutError as error:
            raise TooSlow("The body of the request did not come in time.") from error
        is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return awaited
