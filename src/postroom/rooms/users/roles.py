"""What each role may do: the one table of it. `doors/web/permits.py` says which permission an operation asks for.

Permissions have Close's names, and the four built-in roles Close's ids and names, by which scripts find them. An
organization can make roles of its own out of the same permissions.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The standing that a role comes down to, where rules ask who somebody is and not for one permission."""

    ADMIN = "admin"
    SUPERUSER = "superuser"
    USER = "user"
    RESTRICTED = "restricted"


class Permission(StrEnum):
    """One thing that a role may or may not do."""

    VIEW_ALL_LEADS = "view_all_leads"
    """Leads, with all that is on them, are the organization's. Without it: those that custom fields assign to one."""
    VIEW_COWORKERS_INBOXES = "view_coworkers_inboxes"
    """Coworkers' inboxes and accounts, to read. Without it, those that are one's own or a team's. Not in Close."""
    DELETE_OWN_ACTIVITIES = "delete_own_activities"
    MANAGE_OTHERS_ACTIVITIES = "manage_others_activities"
    BULK_EMAIL = "bulk_email"
    BULK_SEQUENCE_SUBSCRIPTIONS = "bulk_sequence_subscriptions"
    BULK_EDIT = "bulk_edit"
    BULK_DELETE = "bulk_delete"
    DELETE_LEADS = "delete_leads"
    EXPORT = "export"
    IMPORT = "import"
    MANAGE_TEAM_SMART_VIEWS = "manage_team_smart_views"
    MANAGE_CUSTOMIZATIONS = "manage_customizations"
    MANAGE_ORGANIZATION = "manage_organization"


_P = Permission
_RESTRICTED = frozenset({_P.VIEW_ALL_LEADS, _P.DELETE_OWN_ACTIVITIES})
_USER = _RESTRICTED | {
    _P.VIEW_COWORKERS_INBOXES,
    _P.BULK_EMAIL,
    _P.BULK_SEQUENCE_SUBSCRIPTIONS,
    _P.BULK_EDIT,
    _P.DELETE_LEADS,
    _P.IMPORT,
    _P.MANAGE_TEAM_SMART_VIEWS,
}
_SUPERUSER = _USER | {_P.EXPORT, _P.MANAGE_OTHERS_ACTIVITIES, _P.BULK_DELETE, _P.MANAGE_CUSTOMIZATIONS}
_ADMIN = frozenset(Permission)


@dataclass(frozen=True, slots=True)
class BuiltInRole:
    """A role that every organization has and none can change."""

    id: str
    name: str
    standing: Role
    permissions: frozenset[Permission]


BUILT_IN = (
    BuiltInRole("admin", "Admin", Role.ADMIN, _ADMIN),
    BuiltInRole("superuser", "Super User", Role.SUPERUSER, _SUPERUSER),
    BuiltInRole("user", "User", Role.USER, _USER),
    BuiltInRole("restricteduser", "Restricted User", Role.RESTRICTED, _RESTRICTED),
)

PERMISSIONS_OF = {role.standing: role.permissions for role in BUILT_IN}
ROLE_ID_OF = {role.standing: role.id for role in BUILT_IN}
STANDING_OF = {role.id: role.standing for role in BUILT_IN}


@dataclass(frozen=True, slots=True)
class LeadVisibility:
    """Which leads a role sees that may not see all: those on which one of these custom fields names the user, and
    perhaps those on which none of them names anybody.
    """

    field_ids: tuple[str, ...] = ()
    sees_unassigned: bool = False


@dataclass(frozen=True, slots=True)
class CustomRole:
    """A role that an organization has made."""

    id: str
    name: str
    permissions: frozenset[Permission]
    visibility: LeadVisibility = LeadVisibility()


def standing_with(permissions: Collection[Permission]) -> Role:
    """What a role of the organization's own comes down to."""
    if Permission.MANAGE_ORGANIZATION in permissions:
        return Role.ADMIN
    return Role.USER if Permission.VIEW_COWORKERS_INBOXES in permissions else Role.RESTRICTED


def known(names: Collection[str]) -> frozenset[Permission]:
    """The permissions among these names. Close has more (calls, texts), and scripts that copy roles send them all."""
    return frozenset(Permission(name) for name in names if name in _NAMES)


_NAMES = {permission.value for permission in Permission}
