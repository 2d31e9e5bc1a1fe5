"""Many or large messages read in a process beside this one, so that the mail server and people need not wait.

What is little is read here: it is done sooner than another process answers. A message that kills or hangs the other
process is set aside like any that cannot be read; those beside it are read all the same.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import msgspec

from postroom.ground.side_process import Died, SideProcess
from postroom.journeys.steps.read_body import MISTAKES, Body, read_body
from postroom.journeys.steps.read_process import HEADER_ONLY, WHOLE

_log = logging.getLogger(__name__)

_MESSAGES_AT_ONCE = 32
_BYTES_AT_ONCE = 256 * 1024

_decoder = msgspec.msgpack.Decoder(list[Body | None])


@dataclass(frozen=True, slots=True)
class Unread:
    """A message's bytes; `header_only`: its body was too large to bring."""

    uid: int
    raw: bytes = field(repr=False)
    header_only: bool


class Reader:
    """Reads messages as they come: `async with Reader(beside) as reader: reader.add(…)`.

    Once the block has ended, `bodies` holds them by UID; None where a message could not be read.
    """

    def __init__(self, beside: SideProcess) -> None:
        self._beside = beside
        self._heap: list[Unread] = []
        self._size = 0
        self._under_way: list[asyncio.Task[dict[int, Body | None]]] = []
        self.bodies: dict[int, Body | None] = {}

    def add(self, message: Unread) -> None:
        """One more message; its reading may begin at once."""
        self._heap.append(message)
        self._size += len(message.raw)
        if len(self._heap) >= _MESSAGES_AT_ONCE or self._size >= _BYTES_AT_ONCE:
            self._hand_over()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, error_type: type[BaseException] | None, *error: object) -> None:
        if error_type is not None:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
            return
        if self._under_way and self._heap:
            self._hand_over()
        for read in await asyncio.gather(*self._under_way):
            self.bodies |= read
        for one in self._heap:
            self.bodies[one.uid] = _read_here(one)
            await asyncio.sleep(0)  # whatever else goes on in this process gets its turn

    def _hand_over(self) -> None:
        self._under_way.append(asyncio.create_task(_read_apart(self._beside, self._heap)))
        self._heap, self._size = [], 0


def _read_here(one: Unread) -> Body | None:
    try:
        return read_body(one.raw, "", header_only=one.header_only)
    except MISTAKES:
        _log.exception("a message could not be read; it is set aside", extra={"uid": one.uid})
        return None


async def _read_apart(beside: SideProcess, messages: Sequence[Unread]) -> dict[int, Body | None]:
    try:
        readings = await _ask(beside, messages)
    except Died:  # over which of them shows itself when each comes alone; or somebody killed it over none
        return {one.uid: await _read_alone(beside, one) for one in messages}
    # What the other process could not read fails here once more, so that the log tells how.
    return {one.uid: body or _read_here(one) for one, body in zip(messages, readings, strict=True)}


async def _read_alone(beside: SideProcess, one: Unread) -> Body | None:
    try:
        (body,) = await _ask(beside, [one])
    except Died:
        return await _set_aside(beside, one)
    return body or _read_here(one)


async def _set_aside(beside: SideProcess, one: Unread) -> Body | None:
    try:
        await beside.ask([])
    except Died:
        return _read_here(one)  # it is no message's fault: none starts
    _log.error("a message ended the process that reads mail; it is set aside", extra={"uid": one.uid})
    return None


async def _ask(beside: SideProcess, messages: Sequence[Unread]) -> list[Body | None]:
    parts = [part for one in messages for part in (HEADER_ONLY if one.header_only else WHOLE, one.raw)]
    return _decoder.decode(await beside.ask(parts))
