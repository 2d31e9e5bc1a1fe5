"""A user of an organization, a session and an API key, as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a user may do: admins also settings of others, restricted users only their own mail."""

    ADMIN = "admin"
    USER = "user"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class ActingUser:
    """Who makes a request: everything that is asked of a caller, read once."""

    organization_id: str
    organization_name: str
    id: str
    email: str
    first_name: str
    last_name: str
    role: Role
    timezone: str

    @property
    def is_admin(self) -> bool:
        """May this user change what belongs to the whole organization?"""
        return self.role is Role.ADMIN


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to be made. `password_hash` is argon2id, "" for one who cannot sign in with a password."""

    email: str
    first_name: str
    last_name: str
    password_hash: str
    role: Role = Role.USER
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class StoredPassword:
    """The password hash kept for an address, and whose it is."""

    organization_id: str
    user_id: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class NewSession:
    """A signed-in browser. Only the hash of its secret is stored."""

    user_id: str
    token_hash: bytes
    user_agent: str
    date_expires: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as shown later: its public half and its name. The secret half is never read back."""

    id: str
    user_id: str
    name: str
    date_created: datetime
    date_used: datetime | None


@dataclass(frozen=True, slots=True)
class Attempts:
    """Sign-ins that failed lately: for one address from one place, for the address, and from the place."""

    same: int
    address: int
    remote: int

    @property
    def are_too_many(self) -> bool:
        """Ten tries are enough for a person; an office behind one address, or a user under attack, gets more."""
        return self.same >= 10 or self.address >= 100 or self.remote >= 50
