"""Who may read, send from, mark Done in, or change a connected account.

A coworker's Inbox can be read and never changed: Done moves messages in a mailbox, and that is its owner's alone.
"""

from dataclasses import dataclass

from postroom.ground.errors import Forbidden
from postroom.rooms.accounts.account import ConnectedAccount


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. `role` is admin, user or restricted, as the users room has it."""

    organization_id: str
    user_id: str
    role: str = "user"


def may_read(user: Asker, account: ConnectedAccount) -> bool:
    """See the account's Inbox and status: everyone of the organization; restricted users only what is theirs."""
    if user.organization_id != account.organization_id:
        return False
    return user.role != "restricted" or _is_theirs(user, account)


def may_send_from(user: Asker, account: ConnectedAccount) -> bool:
    """Send with it: its owner, and everyone for a team's account. Not an admin: their name would not stand there."""
    return user.organization_id == account.organization_id and not account.is_deleted and _is_theirs(user, account)


def may_mark_done(user: Asker, account: ConnectedAccount) -> bool:
    """Done, reopen, read, snooze: its owner, and everyone for a team's account. Never a coworker, admin or not."""
    return user.organization_id == account.organization_id and _is_theirs(user, account)


def may_change(user: Asker, account: ConnectedAccount) -> bool:
    """Edit, reconnect, remove: its owner and admins. A team's account: admins."""
    if user.organization_id != account.organization_id:
        return False
    return user.role == "admin" or account.user_id == user.user_id


def may_add(user: Asker, owner_id: str | None) -> bool:
    """Connect an account for that owner: everyone their own; admins also a team's (None) and other users'."""
    return user.role == "admin" or owner_id == user.user_id


def demand(allowed: bool, what: str) -> None:
    """Raises Forbidden in words, where an answer above was no."""
    if not allowed:
        raise Forbidden(f"You may not {what}.")


def _is_theirs(user: Asker, account: ConnectedAccount) -> bool:
    return account.user_id is None or account.user_id == user.user_id
