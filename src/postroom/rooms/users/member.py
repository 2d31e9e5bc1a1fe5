"""A user's place in an organization, and what may be changed of it, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from postroom.ground.errors import Conflict
from postroom.rooms.users.roles import Role


@dataclass(frozen=True, slots=True)
class Member:
    """A user as the rules about members see it. `is_invited`: has never signed in."""

    user_id: str
    membership_id: str
    email: str
    standing: Role
    custom_role_id: str | None
    is_active: bool
    is_invited: bool


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """A built-in role (`custom_role_id` None), or one of the organization's own and what it comes down to."""

    standing: Role
    custom_role_id: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a user tells about themself; None leaves it as it is."""

    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    phone: str | None = None
    timezone: str | None = None

    def given(self) -> Mapping[str, Any]:
        """Only what is to change."""
        fields = {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "title": self.title,
            "phone": self.phone,
            "timezone": self.timezone,
        }
        return {name: value.strip() for name, value in fields.items() if value is not None}


def must_leave_an_admin(member: Member, admins: int) -> None:
    """Raises Conflict where this change would take away the last admin who can sign in."""
    if member.standing is Role.ADMIN and member.is_active and not member.is_invited and admins <= 1:
        raise Conflict(f"{member.email} is the only admin. Make somebody else an admin first.")
