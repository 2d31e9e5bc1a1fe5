"""A program that webhooks call: it keeps what it was told, and answers what it is told to answer."""

import contextlib
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from tests.doors.web.serving import served


@dataclass
class Receiver:
    """`answers` are the next statuses, 200 when there are none; each call is kept with its headers and bytes."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.calls.append(({name.decode(): value.decode() for name, value in scope["headers"]}, body))
        status = self.answers.pop(0) if self.answers else 200
        if status < 300:
            self.taken.append(json.loads(body)["event"])
        headers = [(b"location", b"http://127.0.0.1:1/")] if 300 <= status < 400 else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"x" * 10_000})

    def is_signed(self, key: str, number: int = -1) -> bool:
        """Whether a call bears the signature that this key makes."""
        headers, body = self.calls[number]
        text = headers["close-sig-timestamp"].encode() + body
        made = hmac.new(bytes.fromhex(key), text, hashlib.sha256).hexdigest()
        return hmac.compare_digest(made, headers["close-sig-hash"])


@contextlib.asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """One that answers while the block runs."""
    made = Receiver()
    async with served(made) as url:
        made.url = f"{url}/hook?a=1"
        yield made
