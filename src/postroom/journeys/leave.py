"""Somebody leaves: sessions, keys and links end at once; their accounts stop, or go on under somebody else."""

from dataclasses import dataclass, replace
from enum import StrEnum

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Invalid
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store as account_store
from postroom.rooms.users import access_log_store, link_store, member_store, session_store, store
from postroom.rooms.users.access_log import Act, Doer, Entry
from postroom.rooms.users.member import Member, must_leave_an_admin


class AccountsThen(StrEnum):
    """What becomes of the connected accounts of somebody who leaves."""

    STOP = "stop"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Whose membership ends, and what becomes of the accounts. `move_to` is a user, for MOVE."""

    membership_id: str
    accounts: AccountsThen = AccountsThen.STOP
    move_to: str = ""


async def deactivate(tools: Tools, organization_id: str, doer: Doer, leaving: Leaving) -> None:
    """End a membership. Raises NotFound, Invalid, Conflict for the last admin and for oneself."""
    now = tools.clock()
    async with tools.db.transaction() as tx:
        await member_store.lock_members(tx, organization_id)
        (member,) = await member_store.members_by_membership(tx, organization_id, (leaving.membership_id,))
        if member.user_id == doer.user_id:
            raise Conflict("You cannot deactivate yourself. Ask another admin.")
        must_leave_an_admin(member, await member_store.count_admins(tx, organization_id))
        await member_store.save_active(tx, organization_id, member, False, now)
        await session_store.end_sessions(tx, organization_id, member.user_id)
        await store.delete_api_keys(tx, organization_id, member.user_id)
        await link_store.delete_links(tx, organization_id, member.user_id)
        await access_log_store.note(tx, organization_id, doer, Entry(Act.DEACTIVATED, member.user_id), now)
        await _settle_accounts(tools, tx, organization_id, doer, (member, leaving))


async def reactivate(tools: Tools, organization_id: str, doer: Doer, membership_id: str) -> None:
    """Let somebody in again, with the old password and role; stopped accounts stay so. Raises NotFound."""
    now = tools.clock()
    async with tools.db.transaction() as tx:
        await member_store.lock_members(tx, organization_id)
        (member,) = await member_store.members_by_membership(tx, organization_id, (membership_id,))
        if member.is_active:
            return
        await member_store.save_active(tx, organization_id, member, True, now)
        await access_log_store.note(tx, organization_id, doer, Entry(Act.REACTIVATED, member.user_id), now)


async def _settle_accounts(
    tools: Tools, tx: Transaction, organization_id: str, doer: Doer, gone: tuple[Member, Leaving]
) -> None:
    member, leaving = gone
    accounts = [one for one in await account_store.list_all(tx, organization_id) if one.user_id == member.user_id]
    now = tools.clock()
    if leaving.accounts is AccountsThen.MOVE:
        await _must_be_here(tx, organization_id, member, leaving.move_to)
    for account in accounts:
        if leaving.accounts is AccountsThen.MOVE:
            await account_store.move_to(tx, organization_id, account.id, leaving.move_to, now)
        else:
            stopped = replace(account.settings, is_active=False)
            await account_store.save_settings(tx, organization_id, account.id, stopped, now)
    if accounts:
        act = Act.ACCOUNTS_MOVED if leaving.accounts is AccountsThen.MOVE else Act.ACCOUNTS_STOPPED
        detail = {"accounts": ", ".join(account.email for account in accounts), "to": leaving.move_to}
        await access_log_store.note(tx, organization_id, doer, Entry(act, member.user_id, detail), now)


async def _must_be_here(tx: Transaction, organization_id: str, member: Member, user_id: str) -> None:
    others = {} if not user_id else {one.user_id: one for one in await member_store.active(tx, organization_id)}
    if user_id not in others or user_id == member.user_id:
        raise Invalid(field_errors={"move_to": "Name another user who is active."})
