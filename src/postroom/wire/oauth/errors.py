"""What a token endpoint's refusal means: Temporary, Permanent or NeedsUser; a password is never the matter here."""

import re
from collections.abc import Mapping

from postroom.ground.errors import NeedsUser, Permanent, PostroomError, Remedy, Temporary

_ADMIN_CONSENT = re.compile(r"AADSTS(65001|90094|900941|90008|650052|650056)\b|admin_policy_enforced")
"""Microsoft: the tenant lets no user, or not this one, agree by themselves. Google: the Workspace admin blocks it."""

_SIGN_IN_AGAIN = {"invalid_grant", "interaction_required", "consent_required", "login_required", "access_denied"}
"""RFC 6749 5.2 (the refresh token is revoked, expired, or somebody else's) and OpenID Connect Core 3.1.2.6."""

_OUR_REGISTRATION = {"invalid_client", "unauthorized_client"}
_LATER = {"temporarily_unavailable", "server_error", "slow_down"}


def refusal(provider: str, status: int, answer: Mapping[str, str], retry_after: str = "") -> PostroomError:
    """The error for an answer that is not 200."""
    error, words = answer.get("error", ""), answer.get("error_description", "")[:300]
    said = f" ({words or error})" if words or error else ""
    if status >= 500 or status == 429 or error in _LATER:
        wait = float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else None
        return Temporary(f"{provider} gives no access at the moment: HTTP {status}{said}.", retry_after_seconds=wait)
    if _ADMIN_CONSENT.search(f"{error} {words}"):
        return NeedsUser(
            f"An administrator of your organization at {provider} has to allow Postroom first{said}.",
            remedy=Remedy.CONSENT,
        )
    if error in _SIGN_IN_AGAIN:
        return NeedsUser(f"{provider} has ended our access{said}. Connect the account again.", remedy=Remedy.CONSENT)
    if error in _OUR_REGISTRATION:
        # An admin mends it in the settings, once for all accounts, which then go on by themselves.
        return Temporary(
            f"{provider} does not accept this installation's client id or secret{said}. An admin has to correct it in"
            " the settings."
        )
    return Permanent(f"{provider} refused the request for access: HTTP {status}{said}.")
