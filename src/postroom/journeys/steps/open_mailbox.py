"""Log in to an account's IMAP; failures become the account's status.

    async with open_mailbox(tools, organization_id, account_id) as session:
        folders = await list_folders(session)

One work session for each account and process, kept warm for a minute: a burst of work logs in once. (The account's
second connection is the listener's.) After any error in the block the session is dropped: nobody knows what state the
connection is in.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from postroom.ground.database import Database, no_transaction_open
from postroom.ground.errors import NeedsUser, PostroomError, Temporary
from postroom.journeys.steps.credentials import (
    OpenLogin,
    imap_settings_of,
    login_to_use,
    note_failure,
    note_success,
)
from postroom.journeys.steps.host_turns import HostTurns
from postroom.journeys.steps.stop_listening import SOON_SECONDS, stop_listening
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.account import Side
from postroom.wire.imap.errors import TooManyConnections
from postroom.wire.imap.session import Session, open_session

WARM_SECONDS = 60.0
"""How long an idle session is kept. Servers must wait 30 minutes (RFC 3501 5.4); holding one of a user's few
connections for longer than a burst of work would be unfriendly."""


_SURELY_ALIVE_SECONDS = 2.0
"""A connection that worked so shortly ago is not asked again: a burst of jobs saves an exchange each."""


@dataclass(slots=True)
class _Place:
    """Where the one session of an account stands, in use (locked) or warm."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    session: Session | None = None
    login: OpenLogin | None = None
    used_at: float = 0.0
    closing: asyncio.Task[None] | None = None


class Mailboxes:
    """The work sessions of one process, by organization and account."""

    def __init__(self, warm_seconds: float = WARM_SECONDS) -> None:
        self._warm_seconds = warm_seconds
        self._places: dict[tuple[str, str], _Place] = {}
        self._hosts = HostTurns()

    @property
    def count(self) -> int:
        """How many accounts have a session here, in use or warm."""
        return len(self._places)

    @asynccontextmanager
    async def session(self, tools: Tools, organization_id: str, account_id: str) -> AsyncIterator[Session]:
        """The account's session, alone in use while the block runs. Raises as `open_mailbox`."""
        assert no_transaction_open(), "a transaction is open while the network is used"
        async with self._place(organization_id, account_id) as place:
            used = await self._login_or_drop(place, tools, organization_id, account_id)
            session = await self._warm_or_new(place, tools, used)
            try:
                yield session
            except BaseException as error:
                await _drop(place)
                if (failure := _failure_of(error)) is not None:
                    await note_failure(tools, used, failure)
                raise
            await note_success(tools, used)
            self._keep_warm(place, organization_id, account_id)

    async def forget(self, organization_id: str, account_id: str) -> None:
        """Log out of a session that is not in use."""
        place = self._places.get((organization_id, account_id))
        if place is not None and not place.waiting:
            async with self._place(organization_id, account_id) as mine:
                await _drop(mine)

    async def close(self) -> None:
        """Log out everywhere; for the end of the process."""
        for place in list(self._places.values()):
            await _drop(place)
        self._places.clear()

    @asynccontextmanager
    async def _place(self, organization_id: str, account_id: str) -> AsyncIterator[_Place]:
        """The account's place, locked; forgotten again once nobody waits for it and no session stands in it."""
        key = organization_id, account_id
        place = self._places.setdefault(key, _Place())
        place.waiting += 1
        try:
            async with place.lock:
                if place.closing is not None:
                    place.closing.cancel()
                    place.closing = None
                yield place
        finally:
            place.waiting -= 1
            if not place.waiting and place.session is None:
                self._places.pop(key, None)

    async def _login_or_drop(self, place: _Place, tools: Tools, organization_id: str, account_id: str) -> OpenLogin:
        try:
            return await login_to_use(tools, organization_id, account_id, Side.RECEIVE)
        except PostroomError:
            await _drop(place)  # removed, switched off, or refused meanwhile
            raise

    async def _warm_or_new(self, place: _Place, tools: Tools, used: OpenLogin) -> Session:
        if place.session is not None and place.login is not None:
            if place.login.is_same_as(used) and await _answers(place):
                place.login = used
                return place.session
            await _drop(place)
        try:
            async with self._hosts.turn(used.login.host):
                place.session = await open_session(imap_settings_of(tools, used.login, used.secret))
        except TooManyConnections as error:
            account = used.account
            if not await stop_listening(tools, account.organization_id, account.id):
                await note_failure(tools, used, error)
                raise
            soon = Temporary(str(error), retry_after_seconds=SOON_SECONDS)  # the connection in the way is our own
            await note_failure(tools, used, soon)
            raise soon from error
        except PostroomError as error:
            await note_failure(tools, used, error)
            raise
        place.login = used
        return place.session

    def _keep_warm(self, place: _Place, organization_id: str, account_id: str) -> None:
        place.used_at = asyncio.get_running_loop().time()
        place.closing = asyncio.create_task(self._close_later(place, (organization_id, account_id)))

    async def _close_later(self, place: _Place, key: tuple[str, str]) -> None:
        await asyncio.sleep(self._warm_seconds)
        place.closing = None  # from here on it cannot be cancelled by the next user, who waits for the lock
        async with place.lock:
            await _drop(place)
            if not place.waiting and self._places.get(key) is place:
                del self._places[key]


@asynccontextmanager
async def open_mailbox(tools: Tools, organization_id: str, account_id: str) -> AsyncIterator[Session]:
    """An IMAP session of the account, logged in, not to be kept beyond the block.

    Raises Temporary (also while the account waits for its `retry_after`), NeedsUser, Permanent and Invalid from the
    login, Conflict for an account that has no mailbox to open, NotFound. A Temporary or NeedsUser that leaves the block
    counts as a failure of the account: catch what concerns one folder or message inside.
    """
    async with _mailboxes_of(tools).session(tools, organization_id, account_id) as session:
        yield session


async def forget_mailbox(tools: Tools, organization_id: str, account_id: str) -> None:
    """Log out of an account that was removed, unless work is still going on in it, which ends by itself."""
    await _mailboxes_of(tools).forget(organization_id, account_id)


async def close_mailboxes(tools: Tools) -> None:
    """Log out of every mailbox this process holds open; for its end."""
    await _mailboxes_of(tools).close()


# One keeper for each open database, and so for each process; it goes when the database does.
_keepers: WeakKeyDictionary[Database, Mailboxes] = WeakKeyDictionary()


def _mailboxes_of(tools: Tools) -> Mailboxes:
    return _keepers.setdefault(tools.db, Mailboxes())


def _failure_of(error: BaseException) -> PostroomError | None:
    """What an error in the middle of the work says of the account."""
    if isinstance(error, Temporary | NeedsUser):
        return error
    if isinstance(error, PostroomError) or not isinstance(error, Exception):
        return None
    # A mistake of ours is made again at the next try: without a growing wait, once a second.
    return Temporary("The mailbox could not be read to the end. The reason is in the log; it is tried again.")


async def _answers(place: _Place) -> bool:
    """Whether a warm connection still lives: a server may have hung up, or a line been cut, since it was last used."""
    if place.session is None or place.session.connection.error is not None:
        return False
    if asyncio.get_running_loop().time() - place.used_at < _SURELY_ALIVE_SECONDS:
        return True
    try:
        await place.session.run(b"NOOP", "answer")
    except PostroomError:
        return False
    return True


async def _drop(place: _Place) -> None:
    session, place.session, place.login = place.session, None, None
    if place.closing is not None and place.closing is not asyncio.current_task():
        place.closing.cancel()
    place.closing = None
    if session is not None:
        await session.close()
