"""A user of an organization, a session and an API key, as values."""

from dataclasses import dataclass
from datetime import datetime

from postroom.ground.viewer import LeadBounds
from postroom.rooms.users.roles import Permission, Role


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
    permissions: frozenset[Permission] = frozenset()
    must_enrol: bool = False
    """The organization asks for a second factor that this user does not have yet."""
    role_id: str = ""
    bounds: LeadBounds | None = None
    """To which leads this user's eyes are bounded; None sees all."""

    def may(self, permission: Permission) -> bool:
        """Does the user's role allow this?"""
        return permission in self.permissions

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
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser as its user sees it. `remote` is the address it was last used from."""

    id: str
    user_agent: str
    remote: str
    is_current: bool
    date_created: datetime
    date_seen: datetime
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
class Try:
    """A password given for an address: from which place, and which browser (its token's hash; b"" without one)."""

    email: str
    remote: str
    browser: bytes = b""


@dataclass(frozen=True, slots=True)
class Attempts:
    """Sign-ins that failed lately: for one address from one place, for the address, from the place, and from a browser
    that is known to the user.
    """

    same: int
    address: int
    remote: int
    browser: int = 0
    is_known: bool = False

    @property
    def are_too_many(self) -> bool:
        """Ten tries are enough for a person; an office behind one address gets more. Nobody else's tries shut a known
        browser out.
        """
        if self.is_known:
            return self.browser >= 10
        return self.same >= 10 or self.address >= 100 or self.remote >= 50
