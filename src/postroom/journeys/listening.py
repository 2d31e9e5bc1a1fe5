"""Waiting at a mailbox: one connection with INBOX open, and a hint for the pull whenever its server says a word."""

from postroom.ground.errors import Invalid, NeedsUser, Permanent
from postroom.journeys import jobs
from postroom.journeys.steps.credentials import imap_settings, note_failure
from postroom.journeys.steps.list_folders import INBOX
from postroom.journeys.steps.stop_listening import stop_listening
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.account import ConnectedAccount, Status, SyncDirection
from postroom.rooms.mailbox import lease_store
from postroom.wire.imap import idle
from postroom.wire.imap.errors import TooManyConnections
from postroom.wire.imap.session import open_session
from postroom.wire.imap.types import Access, Hint

WAIT_SECONDS = 1500.0


async def accounts_to_hold(tools: Tools, owner: str) -> list[ConnectedAccount]:
    """The accounts that this process listens for, its leases taken or renewed."""
    now = tools.clock()
    async with tools.db.transaction() as tx:
        fit = [account for account in await account_store.accounts_to_listen(tx) if _is_fit(account, tools)]
        if not fit:
            return []
        held = await lease_store.take_leases(tx, [(one.organization_id, one.id) for one in fit], owner, now)
    return [account for account in fit if (account.organization_id, account.id) in held]


async def give_up(tools: Tools, owner: str) -> None:
    """This process stops listening."""
    async with tools.db.transaction() as tx:
        await lease_store.give_up_leases(tx, owner)


async def listen(tools: Tools, account: ConnectedAccount) -> None:
    """Wait at the account's INBOX until the connection ends; every word of the server is a hint to pull.

    The first hint is given at once: what came while nobody listened is found now.
    """
    used, settings = await imap_settings(tools, account.organization_id, account.id)
    try:
        session = await open_session(settings)
    except (NeedsUser, Permanent, Invalid) as error:
        await note_failure(tools, used, error)
        raise
    except TooManyConnections:
        await stop_listening(tools, account.organization_id, account.id)
        raise
    async with session:
        await session.select(INBOX, Access.READ_ONLY)
        await _hint(tools, account)
        while True:
            if await idle.wait(session, WAIT_SECONDS) is not Hint.NOTHING:
                await _hint(tools, account)


async def _hint(tools: Tools, account: ConnectedAccount) -> None:
    payload = {"organization_id": account.organization_id, "account_id": account.id}
    async with tools.db.transaction() as tx:
        await tools.jobs.defer(tx, jobs.PULL_NEW, payload)


def _is_fit(account: ConnectedAccount, tools: Tools) -> bool:
    pulls = account.settings.sync_direction is not SyncDirection.OUTGOING
    return pulls and account.receiving.status is Status.OK and not account.receiving.waits(tools.clock())
