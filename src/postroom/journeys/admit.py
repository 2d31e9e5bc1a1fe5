"""Somebody is let in: invited by a link, or given a link to choose a new password.

invite          a user without a password, and a link
renew_link      another link for a user, whom the old one has not reached
forgot          a link for whoever has forgotten the password, if there is such a user: nobody is told
use_link        the password is chosen; the link, all sessions and all other links end

A link is shown to the admin who makes it, and mailed where an account can. Its mail may lie in that account's Sent
folder: so it goes out by the user's own account or an admin's, who may make such links anyway, and by no other.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Invalid
from postroom.ground.passwords import hash_password, new_session, secret_hash
from postroom.journeys.jobs import MAIL_LINKS
from postroom.journeys.steps.judge_own_change import judge_own_change
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import identity_store
from postroom.rooms.accounts import store as account_store
from postroom.rooms.accounts.account import ConnectedAccount, Status
from postroom.rooms.users import access_log_store, link_store, member_store, session_store, store
from postroom.rooms.users.access_link import LASTS, FoundLink, NewLink, Purpose, link_context, link_url
from postroom.rooms.users.access_log import Act, Doer, Entry
from postroom.rooms.users.member import Member, Profile
from postroom.rooms.users.user import ActingUser, NewUser
from postroom.wire.mime.addresses import is_valid

LINKS_APART = timedelta(minutes=2)
"""Who asks again and again for a password link gets one mail."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is to come, as what."""

    email: str
    role_id: str
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link to be shown once. `mailed_from` is the address that mails it too, "" where none can."""

    user_id: str
    membership_id: str
    purpose: Purpose
    url: str = field(repr=False)
    mailed_from: str
    date_expires: datetime


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the holder of a link has chosen; a name that is None stays as it is."""

    password: str = field(repr=False)
    first_name: str | None = None
    last_name: str | None = None


async def invite(tools: Tools, organization_id: str, doer: Doer, who: Invitation) -> MadeLink:
    """Make a user who comes by a link. Raises Invalid: no address, a user already, no such role."""
    if not is_valid(who.email.strip()):
        raise Invalid(field_errors={"email": "This is not an email address."})
    now = tools.clock()
    async with tools.db.transaction() as tx:
        choice = await member_store.role_choice(tx, organization_id, who.role_id)
        new = NewUser(who.email, who.first_name, who.last_name, "", choice.standing)
        before = await identity_store.own_addresses(tx, organization_id)
        user = await store.insert_user(tx, organization_id, new, now)
        await judge_own_change(tools, tx, organization_id, before)
        member = await member_store.member(tx, organization_id, user.id)
        if choice.custom_role_id:
            await member_store.save_role(tx, organization_id, member, choice, now)
        entry = Entry(Act.INVITED, user.id, {"email": user.email, "role_id": who.role_id})
        await access_log_store.note(tx, organization_id, doer, entry, now)
        return await _make_link(tools, tx, organization_id, member, doer.user_id)


async def renew_link(tools: Tools, organization_id: str, doer: Doer, membership_id: str) -> MadeLink:
    """Another link for a user: an invitation until they have come, then one for a new password. Raises NotFound."""
    async with tools.db.transaction() as tx:
        (member,) = await member_store.members_by_membership(tx, organization_id, (membership_id,))
        if not member.is_active:
            raise Conflict(f"{member.email} is deactivated. Reactivate the user first.")
        act = Act.INVITED if member.is_invited else Act.RESET_LINK_MADE
        entry = Entry(act, member.user_id, {"email": member.email})
        await access_log_store.note(tx, organization_id, doer, entry, tools.clock())
        return await _make_link(tools, tx, organization_id, member, doer.user_id)


async def withdraw(tools: Tools, organization_id: str, doer: Doer, membership_id: str) -> None:
    """Take an invitation back. Raises NotFound, Conflict for somebody who has come already."""
    now = tools.clock()
    async with tools.db.transaction() as tx:
        (member,) = await member_store.members_by_membership(tx, organization_id, (membership_id,))
        if not member.is_invited:
            raise Conflict(f"{member.email} has signed in already. Deactivate the user instead.")
        entry = Entry(Act.INVITATION_WITHDRAWN, None, {"email": member.email})
        await access_log_store.note(tx, organization_id, doer, entry, now)
        before = await identity_store.own_addresses(tx, organization_id)
        await member_store.delete_invited(tx, organization_id, member, now)
        await judge_own_change(tools, tx, organization_id, before)


async def forgot(tools: Tools, email: str, doer: Doer) -> None:
    """Mail a link to whoever signs in with this address, if there is such a user and an account that can mail it."""
    now = tools.clock()
    async with tools.db.transaction() as tx:
        found = await store.user_by_address(tx, email)
        if found is None:
            return
        organization_id, user_id = found
        last = await link_store.newest_link_date(tx, organization_id, user_id)
        member = await member_store.member(tx, organization_id, user_id)
        account = await _mailing_account(tx, organization_id, user_id, None)
        await access_log_store.note(tx, organization_id, doer, Entry(Act.RESET_ASKED, user_id), now)
        # Without a mail the new link would reach nobody, and end one that an admin has just handed over.
        if account is not None and (last is None or last < now - LINKS_APART):
            await _make_link(tools, tx, organization_id, member, None)


async def opened_link(tools: Tools, token: str) -> FoundLink:
    """What a link is for. Raises NotFound where it works no more."""
    async with tools.db.transaction() as tx:
        return await link_store.find_link(tx, secret_hash(token), tools.clock())


async def use_link(tools: Tools, token: str, chosen: Chosen, doer: Doer) -> ActingUser:
    """Choose a password by a link, which then is used up. Raises NotFound, Invalid for a bad password."""
    await opened_link(tools, token)  # before the slow hash, which anybody could ask for
    password_hash = await hash_password(chosen.password)
    now = tools.clock()
    async with tools.db.transaction() as tx:
        link = await link_store.find_link(tx, secret_hash(token), now)
        org = link.organization_id
        await store.set_password(tx, org, link.user_id, password_hash)
        await session_store.end_sessions(tx, org, link.user_id)
        await link_store.delete_links(tx, org, link.user_id)
        await member_store.save_profile(tx, org, link.user_id, Profile(chosen.first_name, chosen.last_name), now)
        act = Act.INVITATION_ACCEPTED if link.purpose is Purpose.INVITATION else Act.PASSWORD_RESET
        by_holder = Doer(link.user_id, doer.remote, doer.user_agent)
        await access_log_store.note(tx, org, by_holder, Entry(act, link.user_id), now)
        return await store.acting_user(tx, org, link.user_id)


async def _make_link(tools: Tools, tx: Transaction, organization_id: str, member: Member, by: str | None) -> MadeLink:
    """A link for the member, and the hint to mail it."""
    purpose = Purpose.INVITATION if member.is_invited else Purpose.PASSWORD_RESET
    secret, now = new_session(), tools.clock()
    account = await _mailing_account(tx, organization_id, member.user_id, by)
    expires = now + LASTS[purpose]
    new = NewLink(purpose, member.user_id, secret.token_hash, by, expires, account.id if account else None)
    link_id = await link_store.insert_link(tx, organization_id, new, now)
    if account is not None:
        sealed = tools.vault.seal(secret.token.encode(), link_context(organization_id, link_id))
        await link_store.seal_token(tx, organization_id, link_id, sealed)
        await tools.jobs.defer(tx, MAIL_LINKS, {"organization_id": organization_id, "account_id": account.id})
    url = link_url(tools.config.base_url, purpose, secret.token)
    mailed_from = account.email if account else ""
    return MadeLink(member.user_id, member.membership_id, purpose, url, mailed_from, expires)


async def _mailing_account(
    tx: Transaction, organization_id: str, user_id: str, by: str | None
) -> ConnectedAccount | None:
    """Which account mails a link: the user's own, that of the admin who makes it, then any admin's."""
    admins = await member_store.admin_ids(tx, organization_id)
    askers = [user_id, *([by] if by in admins else []), *admins]
    for owner_id in dict.fromkeys(askers):
        account = await account_store.default_account(tx, organization_id, owner_id)
        if account is not None and account.sending.status is Status.OK:
            return account
    return None
