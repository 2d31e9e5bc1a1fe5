"""A mail server that takes everything and keeps nothing, for counting how fast others send. Prints its port.

    python -m bench.smtp_sink [milliseconds before each answer to a final dot]

It says how many messages it took when it is asked for help (HELP).
"""

import asyncio
import sys

_GREETING = b"220 sink\r\n"
_OFFERS = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 50000000\r\n"
_taken = 0


class Sink(asyncio.Protocol):
    """One connection."""

    delay_seconds = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.unread, self.in_body = transport, b"", False
        transport.write(_GREETING)

    def data_received(self, data: bytes) -> None:
        self.unread += data
        answers: list[bytes] = []
        while self._take_one(answers):
            pass
        if answers:
            self.transport.write(b"".join(answers))

    def _take_one(self, answers: list[bytes]) -> bool:
        global _taken  # noqa: PLW0603  one counter for all connections
        if self.in_body:
            end = self.unread.find(b"\r\n.\r\n")
            if end < 0:
                return False
            self.unread, self.in_body = self.unread[end + 5 :], False
            _taken += 1
            if self.delay_seconds:
                asyncio.get_running_loop().call_later(self.delay_seconds, self.transport.write, b"250 taken\r\n")
            else:
                answers.append(b"250 taken\r\n")
            return True
        line, found, rest = self.unread.partition(b"\r\n")
        if not found:
            return False
        self.unread = rest
        answers.append(self._answer(line[:4].upper()))
        return True

    def _answer(self, verb: bytes) -> bytes:
        match verb:
            case b"EHLO":
                return _OFFERS
            case b"AUTH":
                return b"235 welcome\r\n"
            case b"DATA":
                self.in_body = True
                return b"354 go on\r\n"
            case b"HELP":
                return b"214 %d\r\n" % _taken
            case b"QUIT":
                return b"221 bye\r\n"
        return b"250 fine\r\n"


async def main(milliseconds: str = "0") -> None:
    """Serve until killed."""
    Sink.delay_seconds = float(milliseconds) / 1000
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
