"""Which folders an account has, and what each is for."""

from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Folder


async def list_folders(session: Session) -> list[Folder]:
    """All folders. A server that cannot say raises; an account without folders is an empty list."""
    raise NotImplementedError


async def create_folder(session: Session, name: str) -> Folder:
    """Make a folder (it is no error if it exists already) and subscribe to it."""
    raise NotImplementedError
