"""Does a mail server answer here? One connection under TLS, its greeting, and goodbye; nothing is said to it.

Only ports that are TLS from the first byte, with a certificate that is good for the name: a guess that leads a password
to anybody else is worse than none.
"""

import asyncio
import ssl

from postroom.wire.lookup import names
from postroom.wire.lookup.tls import client_context
from postroom.wire.lookup.types import Internet

PROBE_SECONDS = 4.0
_LONGEST_GREETING = 2048


async def speaks_imap(internet: Internet, host: str) -> bool:
    """Whether an IMAP server greets there (RFC 3501 7.1). Raises Invalid, Temporary as looking up a name does."""
    return (await _greeting(internet, host, internet.imaps_port)).upper().startswith((b"* OK", b"* PREAUTH"))


async def speaks_smtp(internet: Internet, host: str) -> bool:
    """Whether an SMTP server greets there (RFC 5321 4.2). Raises as `speaks_imap`."""
    return (await _greeting(internet, host, internet.submissions_port)).startswith(b"220")


async def _greeting(internet: Internet, host: str, port: int) -> bytes:
    """The first line; empty where nobody answers, or not under this name."""
    found = await names.addresses(internet, host)
    for address in found:
        internet.check_address(address)
    if not found:
        return b""
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            reader, writer = await asyncio.open_connection(
                str(found[0]), port, ssl=client_context(internet.trusted_ca), server_hostname=host,
                limit=_LONGEST_GREETING,
            )  # fmt: skip
            try:
                return await reader.readline()
            finally:
                writer.transport.abort()
    except (OSError, ssl.SSLError, ValueError):  # TimeoutError is an OSError; ValueError: a line without end
        return b""
