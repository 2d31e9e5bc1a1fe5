"""One logged-in connection: what it offers and which folder it has open."""

from types import TracebackType
from typing import Self

from postroom.wire.imap.types import Access, Folder, FolderState, ImapSettings


class Session:
    """A logged-in connection. Made by `open_session`; used by one task at a time."""

    capabilities: frozenset[str]
    folder: Folder | None
    state: FolderState | None

    async def select(self, folder: Folder, access: Access) -> FolderState:
        """Open a folder; what it holds. Raises Temporary or Permanent (no such folder)."""
        raise NotImplementedError

    async def close(self) -> None:
        """Log out, briefly, and close. Never raises."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def open_session(settings: ImapSettings) -> Session:
    """Connect, encrypt, log in. Raises Temporary, Permanent, NeedsUser, Invalid (address refused)."""
    raise NotImplementedError
