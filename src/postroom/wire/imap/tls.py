"""TLS between the socket and the reader, over memory buffers of our own.

Not asyncio's: its read buffer alone weighs 256 KB a connection, and STARTTLS in the middle of a stream needs
to be certain that no byte from before is taken for one from after.
"""

import ssl
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import cast


@lru_cache(maxsize=16)
def client_context(trusted_ca: Path | None) -> ssl.SSLContext:
    """Certificates and host names are checked; TLS 1.2 at least. Shared, as the system's list weighs 1 MB."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if trusted_ca is not None:
        context.load_verify_locations(cafile=str(trusted_ca))
    return context


class TlsLayer:
    """One TLS connection: ciphertext in and out on one side, plain bytes on the other."""

    __slots__ = ("_in", "_out", "_tls", "_write", "is_open")

    def __init__(self, context: ssl.SSLContext, host: str, write: Callable[[bytes], None]) -> None:
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=host)
        self._write = write
        self.is_open = False

    def shake_hands(self) -> bool:
        """Go on with the handshake; True once it is complete. Raises ssl.SSLError."""
        try:
            self._tls.do_handshake()
            self.is_open = True
        except ssl.SSLWantReadError:
            pass
        finally:  # also the alert that tells the server why we leave
            self._flush()
        return self.is_open

    def take(self, ciphertext: memoryview) -> None:
        """Bytes from the socket."""
        self._in.write(ciphertext)

    def read_into(self, buffer: memoryview) -> tuple[int, bool]:
        """Fill `buffer` with plain bytes: how many, and whether the server has closed its side."""
        filled = 0
        try:
            while filled < len(buffer):
                # Given a buffer it returns a count, which the type stubs do not know.
                size = cast(int, self._tls.read(len(buffer) - filled, buffer[filled:]))
                if not size:
                    return filled, True
                filled += size
        except ssl.SSLWantReadError:
            pass
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return filled, True
        finally:
            if self._out.pending:  # a key update or an alert
                self._flush()
        return filled, False

    def write(self, data: bytes) -> None:
        """Plain bytes to the server."""
        view = memoryview(data)
        while view:
            view = view[self._tls.write(view) :]
        self._flush()

    def _flush(self) -> None:
        if self._out.pending:
            self._write(self._out.read())
