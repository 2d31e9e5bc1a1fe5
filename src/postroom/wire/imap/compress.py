"""Compression of the connection (RFC 4978), where there is enough to carry and a network to carry it over."""

from postroom.wire.imap.session import Session

WORTH_MESSAGES = 200
"""Headers shrink to a quarter; below this many the saved time is less than the command's round trip."""


async def compress_if_worth(session: Session, messages: int) -> None:
    """Start compression before reading `messages` messages, if offered, not yet on, and not to this machine."""
    connection = session.connection
    if (
        messages < WORTH_MESSAGES
        or not session.offers("COMPRESS=DEFLATE")
        or connection.is_compressed
        or connection.is_near
        or connection.is_busy
    ):
        return
    await connection.start_compress().reply  # refused: then it stays as it is
