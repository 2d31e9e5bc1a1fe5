"""A request that PostgreSQL gave up, because it and another waited for each other's rows, is done again.

Nothing of it has happened then, and whoever asked need not hear of it. Where a part was committed already it is not
repeated: they are told, as of a database that is away.
"""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from postroom.ground.database import is_deadlock, watch_commits

_GIVEN_UP = "postroom_given_up"
MOST_TRIES = 4
PAUSE_SECONDS = 0.05
"""The other transaction goes on at once; it gets a moment to end."""
MOST_KEPT_BYTES = 1024 * 1024
"""Of a body, to be read again: more is an upload, which locks nothing that others do."""


def note_given_up(scope: Scope, error: Exception) -> None:
    """Have the request done again, if it was given up for another one's sake."""
    if is_deadlock(error):
        scope["state"][_GIVEN_UP] = True


class Again:
    """Wraps the application, inside of the gate."""

    def __init__(self, inside: ASGIApp) -> None:
        self._inside = inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, if need be after another try."""
        if scope["type"] != ScopeType.HTTP:
            await self._inside(scope, receive, send)
            return
        body = _Body(receive)
        with watch_commits() as commits:
            for _ in range(MOST_TRIES - 1):
                attempt = _Attempt(_fresh(scope), send, lambda: body.is_kept and not commits.any)
                await self._inside(attempt.scope, body.read_anew(), attempt.send)
                if not attempt.is_void:
                    return
                await asyncio.sleep(PAUSE_SECONDS)
            await self._inside(_fresh(scope), body.read_anew(), send)


def _fresh(scope: HTTPScope) -> HTTPScope:
    """What the application writes into its scope is gone with each try."""
    return cast("HTTPScope", {**scope, "state": dict(scope.get("state") or {})})


class _Attempt:
    """One try; its answer is swallowed where it was given up and may be repeated."""

    def __init__(self, scope: HTTPScope, send: Send, may_repeat: Callable[[], bool]) -> None:
        self.scope, self._send, self._may_repeat = scope, send, may_repeat
        self.is_void = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _GIVEN_UP in self.scope["state"]:
            self.is_void = self._may_repeat()
        if not self.is_void:
            await self._send(message)


class _Body:
    """The body as it came, kept as long as it is small."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._kept: list[Any] = []
        self._size = 0

    @property
    def is_kept(self) -> bool:
        """Whether all of it that came can be read again."""
        return self._size <= MOST_KEPT_BYTES

    def read_anew(self) -> Receive:
        """A receive that begins at the beginning."""
        place = 0

        async def read() -> Any:
            nonlocal place
            if place < len(self._kept):
                place += 1
                return self._kept[place - 1]
            message = await self._receive()
            if message["type"] == "http.request":
                self._size += len(message["body"])
            if self.is_kept:
                self._kept.append(message)
                place += 1
            else:
                self._kept.clear()
            return message

        return read
