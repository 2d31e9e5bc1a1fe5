"""Find out what is wrong with a connected account, and whom to ask: its own logins tried, and an administrator's page.

test_account     N   both sides with what is stored, however they stand; nothing is written
admin_address    T   a signed address that ends by itself
admin_part       T   what stands behind such an address now
"""

import asyncio
from dataclasses import dataclass

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, NeedsUser, NotFound, Permanent, PostroomError, Temporary
from postroom.journeys.steps.check_server import ServerReport, ServerToCheck, TestReport, check_server, not_to_be_tried
from postroom.journeys.steps.credentials import login_to_try
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import admin_link, store
from postroom.rooms.accounts.access import Asker, demand, may_change
from postroom.rooms.accounts.account import ConnectedAccount, Side, Standing, Status, standing_of
from postroom.rooms.accounts.admin_link import AdminLink
from postroom.rooms.accounts.diagnoses import Diagnosis, Trouble, diagnose
from postroom.rooms.accounts.providers import provider_behind

ADMIN_PATH = "/connect/help"
LINK_LASTS = admin_link.LASTS


@dataclass(frozen=True, slots=True)
class AdminPart:
    """What an administrator sees. `diagnosis` None: it has been mended since."""

    email: str
    side: Side
    words: str
    diagnosis: Diagnosis | None


async def test_account(tools: Tools, asker: Asker, account_id: str) -> TestReport:
    """Try an account's own logins step by step; None for a side it does not have. Raises NotFound, Forbidden."""
    async with tools.db.transaction() as tx:
        account = await _changeable(tx, asker, account_id)
    sides = [side for side in Side if (account.imap if side is Side.RECEIVE else account.smtp) is not None]
    reports = dict(zip(sides, await asyncio.gather(*(_tried(tools, account, side) for side in sides)), strict=True))
    return TestReport(reports.get(Side.RECEIVE), reports.get(Side.SEND))


async def admin_address(tools: Tools, asker: Asker, account_id: str, side: Side) -> str:
    """Where an administrator reads what to do. Raises Conflict where nothing is broken, NotFound, Forbidden."""
    async with tools.db.transaction() as tx:
        account = await _changeable(tx, asker, account_id)
    if diagnosis_of(account, side) is None:
        raise Conflict("This side of the account works; there is nothing to ask anybody for.")
    link = AdminLink(asker.organization_id, account_id, side, tools.clock() + LINK_LASTS)
    token = admin_link.written(link, tools.vault.hash_key(admin_link.KEY_PURPOSE, asker.organization_id))
    return f"{tools.config.base_url}{ADMIN_PATH}/{token}"


async def admin_part(tools: Tools, token: str) -> AdminPart:
    """What stands behind such an address now. Raises NotFound for one that has ended or is not ours."""
    link = admin_link.read(token, lambda owner: tools.vault.hash_key(admin_link.KEY_PURPOSE, owner), tools.clock())
    async with tools.db.reading() as tx:
        account = await store.get(tx, link.organization_id, link.account_id)
    if account.is_deleted:
        raise NotFound("This account was removed; there is nothing left to do.")
    return AdminPart(account.email, link.side, standing_of(account, link.side).error, diagnosis_of(account, link.side))


def diagnosis_of(account: ConnectedAccount, side: Side) -> Diagnosis | None:
    """What is wrong with a side, by name; None where nothing is."""
    standing: Standing = standing_of(account, side)
    login = account.imap if side is Side.RECEIVE else account.smtp
    if login is None or (standing.status is Status.OK and not standing.error):
        return None
    key = provider_behind(login.host, side, account.provider).key
    return diagnose(Trouble(key, side, standing.error, standing.remedy if standing.status is Status.ERROR else None))


async def _tried(tools: Tools, account: ConnectedAccount, side: Side) -> ServerReport:
    login = account.imap if side is Side.RECEIVE else account.smtp
    assert login is not None
    server = ServerToCheck(side, login, "", account.email, account.provider)
    try:
        used = await login_to_try(tools, account.organization_id, account.id, side)
    except (NeedsUser, Temporary, Permanent, Conflict) as error:
        return not_to_be_tried(server, _plain(error))
    return await check_server(tools, ServerToCheck(side, login, used.secret, account.email, account.provider))


def _plain(error: PostroomError) -> PostroomError:
    return Permanent(str(error)) if isinstance(error, Conflict) else error


async def _changeable(tx: Transaction, asker: Asker, account_id: str) -> ConnectedAccount:
    account = await store.get(tx, asker.organization_id, account_id)
    if account.is_deleted:
        raise NotFound("There is no such connected account.")
    demand(may_change(asker, account), "change this account")
    return account
