"""Sensitive acts, as the access log has them: who came in, and who changed who may."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Act(StrEnum):
    """What was done."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    CODE_FAILED = "code_failed"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  the name of an act
    RESET_ASKED = "reset_asked"
    RESET_LINK_MADE = "reset_link_made"
    PASSWORD_RESET = "password_reset"  # noqa: S105
    INVITED = "invited"
    INVITATION_ACCEPTED = "invitation_accepted"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    USER_ADDED = "user_added"
    ROLE_CHANGED = "role_changed"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    ROLE_MADE = "role_made"
    ROLE_EDITED = "role_edited"
    ROLE_DELETED = "role_deleted"
    TWO_FACTOR_ON = "two_factor_on"
    TWO_FACTOR_OFF = "two_factor_off"
    TWO_FACTOR_REQUIRED = "two_factor_required"
    TWO_FACTOR_OPTIONAL = "two_factor_optional"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    KEY_MADE = "key_made"
    KEY_REVOKED = "key_revoked"
    ACCOUNTS_STOPPED = "accounts_stopped"
    ACCOUNTS_MOVED = "accounts_moved"
    DOMAIN_OURS = "domain_ours"
    DOMAIN_NOT_OURS = "domain_not_ours"
    DOMAIN_UNSAID = "domain_unsaid"


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it, from where. `user_id` None: nobody is signed in, or it is the operator at a terminal."""

    user_id: str | None
    remote: str = ""
    user_agent: str = ""


OPERATOR = Doer(None, user_agent="postroom user")


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `subject_id` is the user it was done to, where there is one; `detail` never holds a secret."""

    act: Act
    subject_id: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
