"""Wait for the server to say that something changed."""

from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Hint


async def wait(session: Session, seconds: float) -> Hint:
    """Wait up to `seconds` for a hint about the open folder (IDLE, or NOOP now and then)."""
    raise NotImplementedError


async def noop(session: Session) -> Hint:
    """Ask once whether anything has changed."""
    raise NotImplementedError
