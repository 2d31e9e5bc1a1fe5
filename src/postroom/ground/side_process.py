"""A second Python process for work that keeps a processor busy: requests go in, answers come back in their order.

    side = SideProcess("postroom.journeys.steps.read_process")
    answer = await side.ask([b"a request", b"of two parts"])

It starts with the first request. The module's main() is `serve_requests(work)`. The child sees nothing of ours but the
parts of a request: no secret, no connection, no environment. It ends when its input does, so also when this process is
killed; a child that dies, or is silent for too long, costs the request it was at, and a new one takes the others.
"""

import asyncio
import os
import signal
import struct
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

LONGEST_SILENCE_SECONDS = 120.0
"""How long a request may take, once those before it are answered."""
REQUESTS_UNDER_WAY = 8
_BUFFER = 4 * 1024 * 1024
_LENGTH = struct.Struct("<Q")


class Died(Exception):
    """The child ended, or was silent for too long, over this request."""


@dataclass(slots=True)
class _Running:
    """A child, and who waits for its answers, in order."""

    process: asyncio.subprocess.Process
    requests: asyncio.StreamWriter
    answers: asyncio.StreamReader
    waiting: "deque[asyncio.Future[bytes | None]]" = field(default_factory=deque)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    receiving: asyncio.Task[None] | None = None


class SideProcess:
    """The child of one module; one for each process of ours and each kind of work."""

    def __init__(self, module: str, longest_silence_seconds: float = LONGEST_SILENCE_SECONDS) -> None:
        self._module = module
        self._longest_silence = longest_silence_seconds
        self._places = asyncio.Semaphore(REQUESTS_UNDER_WAY)
        self._starting = asyncio.Lock()
        self._running: _Running | None = None

    async def ask(self, parts: Sequence[bytes]) -> bytes:
        """The answer to one request. Raises Died where the child did not survive it, or none can be started."""
        async with self._places:
            while True:
                running = await self._child()
                answer: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
                running.waiting.append(answer)
                running.asked.set()
                _send(running.requests, parts)
                found = await answer
                if found is not None:
                    return found
                # It died over a request before this one.

    async def close(self) -> None:
        """End the child. Nobody may be waiting for an answer."""
        running, self._running = self._running, None
        if running is not None and running.receiving is not None:
            running.requests.close()
            running.receiving.cancel()
            await asyncio.wait([running.receiving])

    async def _child(self) -> _Running:
        async with self._starting:
            if self._running is None:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", self._module,
                    stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_BUFFER,
                    env={"PYTHONPATH": os.pathsep.join(sys.path)},
                )  # fmt: skip
                assert process.stdin is not None
                assert process.stdout is not None
                self._running = _Running(process, process.stdin, process.stdout)
                self._running.receiving = asyncio.create_task(self._receive(self._running))
            return self._running

    async def _receive(self, running: _Running) -> None:
        """Hand out answers until the child ends."""
        try:
            while True:
                while not running.waiting:
                    running.asked.clear()
                    await running.asked.wait()
                async with asyncio.timeout(self._longest_silence):
                    (length,) = _LENGTH.unpack(await running.answers.readexactly(_LENGTH.size))
                    answer = await running.answers.readexactly(length)
                _settle(running.waiting.popleft(), answer)
        except (OSError, EOFError, TimeoutError):
            if self._running is running:
                self._running = None
            if running.waiting:
                _fail(running.waiting.popleft())
            while running.waiting:
                _settle(running.waiting.popleft(), None)
        finally:
            await _end(running)


def serve_requests(work: Callable[[Sequence[memoryview]], bytes]) -> None:
    """The child's whole life: answer requests until there are no more. What `work` raises ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks; it ends our input
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    while head := requests.read(_LENGTH.size):
        (count,) = _LENGTH.unpack(head)
        lengths = struct.unpack(f"<{count}Q", requests.read(count * _LENGTH.size))
        whole = memoryview(requests.read(sum(lengths)))
        parts, start = [], 0
        for length in lengths:
            parts.append(whole[start : start + length])
            start += length
        answer = work(parts)
        answers.write(_LENGTH.pack(len(answer)))
        answers.write(answer)
        answers.flush()


def _send(requests: asyncio.StreamWriter, parts: Sequence[bytes]) -> None:
    lengths = [len(part) for part in parts]
    requests.write(struct.pack(f"<{len(parts) + 1}Q", len(parts), *lengths))
    for part in parts:
        requests.write(part)


def _settle(answer: "asyncio.Future[bytes | None]", found: bytes | None) -> None:
    if not answer.done():  # whoever asked may have been cancelled meanwhile
        answer.set_result(found)


def _fail(answer: "asyncio.Future[bytes | None]") -> None:
    if not answer.done():
        answer.set_exception(Died())


async def _end(running: _Running) -> None:
    running.requests.close()
    if running.process.returncode is None:
        with suppress(ProcessLookupError):
            running.process.kill()
    await running.process.wait()
