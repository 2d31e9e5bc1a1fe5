"""`postroom user …`: what the operator can do at a terminal when nobody can get in."""

import argparse
import getpass
import sys

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.ground.passwords import hash_password, new_session
from postroom.journeys import set_up
from postroom.journeys.steps.judge_own_change import judge_own_change
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import identity_store
from postroom.rooms.users import (
    access_log_store,
    attempt_store,
    factor_store,
    link_store,
    member_store,
    session_store,
    store,
)
from postroom.rooms.users.access_link import LASTS, NewLink, Purpose, link_url
from postroom.rooms.users.access_log import OPERATOR, Act, Entry
from postroom.rooms.users.member import RoleChoice
from postroom.rooms.users.organization_store import organizations
from postroom.rooms.users.roles import Role
from postroom.rooms.users.user import NewUser

_ACTS = (
    ("list", "every user, and how they stand"),
    ("add", "add a user; the first one founds the organization"),
    ("password", "set a password"),
    ("link", "print a link by which the user chooses a password"),
    ("admin", "make a user an admin, and active again"),
    ("two-factor-off", "take away a lost second factor"),
    ("unlock", "forget wrong passwords and codes at once"),
)


def add_user_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe them."""
    user = commands.add_parser("user", help="add users, and let in who is locked out").add_subparsers(
        dest="act", required=True
    )
    for act, help_text in _ACTS:
        parser = user.add_parser(act, help=help_text)
        if act != "list":
            parser.add_argument("email")
    added = user.choices["add"]
    added.add_argument("--first-name", default="")
    added.add_argument("--last-name", default="")
    added.add_argument("--admin", action="store_true")
    added.add_argument("--organization", default="", help="its name; needed for the first user only")


async def run_user_command(tools: Tools, options: argparse.Namespace) -> int:
    """Do one."""
    if options.act == "list":
        return await _list(tools)
    if options.act == "add":
        return await _add(tools, options)
    async with tools.db.transaction() as tx:
        owner = await _known(tx, options.email)
    password_hash = await hash_password(_ask_password()) if options.act == "password" else ""
    async with tools.db.transaction() as tx:
        print(await _mend(tools, tx, owner, (options.act, options.email, password_hash)))
    return 0


async def _mend(tools: Tools, tx: Transaction, owner: tuple[str, str], wish: tuple[str, str, str]) -> str:
    """Do what was asked for, in the open transaction; what to print."""
    (org, user_id), (act, email, password_hash), now = owner, wish, tools.clock()
    if act == "password":
        await store.set_password(tx, org, user_id, password_hash)
        await link_store.delete_links(tx, org, user_id)
        await _note(tools, tx, owner, Act.PASSWORD_RESET)
        return "The password is set, and all sessions of this user are signed out."
    if act == "link":
        secret, expires = new_session(), now + LASTS[Purpose.PASSWORD_RESET]
        link = NewLink(Purpose.PASSWORD_RESET, user_id, secret.token_hash, None, expires)
        await link_store.insert_link(tx, org, link, now)
        await _note(tools, tx, owner, Act.RESET_LINK_MADE)
        address = link_url(tools.config.base_url, Purpose.PASSWORD_RESET, secret.token)
        return f"{address}\nIt works once, until {expires:%Y-%m-%d %H:%M} UTC."
    if act == "admin":
        member = await member_store.member(tx, org, user_id)
        await member_store.save_role(tx, org, member, RoleChoice(Role.ADMIN), now)
        await member_store.save_active(tx, org, member, True, now)
        await _note(tools, tx, owner, Act.ROLE_CHANGED, role_id="admin")
        return f"{email} is an active admin."
    if act == "two-factor-off":
        had = await factor_store.delete_factor(tx, org, user_id)
        await session_store.end_sessions(tx, org, user_id)
        await _note(tools, tx, owner, Act.TWO_FACTOR_OFF)
        return "Two-factor sign-in is off for this user." if had else "It was off already."
    await attempt_store.forget_attempts(tx, email)
    await attempt_store.forget_codes(tx, user_id)
    return f"Wrong passwords and codes of {email} are forgotten."


async def _list(tools: Tools) -> int:
    async with tools.db.transaction() as tx:
        for organization_id, name in await organizations(tx):
            print(name)
            for member in await member_store.everybody(tx, organization_id):
                state = "inactive" if not member.is_active else "invited" if member.is_invited else "active"
                factor = await factor_store.factor_of(tx, organization_id, member.user_id)
                second = ", two-factor" if factor and factor.is_confirmed else ""
                print(f"  {member.email}  {member.standing.value}, {state}{second}")
    return 0


async def _add(tools: Tools, options: argparse.Namespace) -> int:
    role = Role.ADMIN if options.admin else Role.USER
    hashed = await hash_password(_ask_password())
    new = NewUser(options.email, options.first_name, options.last_name, hashed, role)
    async with tools.db.transaction() as tx:
        known, now = await organizations(tx), tools.clock()
        if not known:
            user = await set_up.found_first(tx, options.organization or "My company", new, now)
        else:
            org = _chosen(known, options.organization)
            before = await identity_store.own_addresses(tx, org)
            user = await store.insert_user(tx, org, new, now)
            await judge_own_change(tools, tx, org, before)
        await _note(tools, tx, (user.organization_id, user.id), Act.USER_ADDED, email=user.email)
    print(f"{options.email} can sign in.")
    return 0


async def _known(tx: Transaction, email: str) -> tuple[str, str]:
    found = await store.user_by_address_at_all(tx, email)
    if found is None:
        raise Invalid(f"There is no user {email}.")
    return found


async def _note(tools: Tools, tx: Transaction, owner: tuple[str, str], act: Act, **detail: str) -> None:
    await access_log_store.note(tx, owner[0], OPERATOR, Entry(act, owner[1], detail), tools.clock())


def _chosen(known: list[tuple[str, str]], name: str) -> str:
    fitting = [organization_id for organization_id, its_name in known if name in ("", its_name)]
    if len(fitting) != 1:
        raise Invalid("Say which organization with --organization: " + ", ".join(name for _, name in known))
    return fitting[0]


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass("Password: ")
