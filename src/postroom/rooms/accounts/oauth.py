"""What is known of OAuth 2 at each provider, as data, and the rules of a sign-in there.

A provider asks for as little as each feature needs; features are added one by one (incremental consent).
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from postroom.ground.errors import NeedsUser, Remedy
from postroom.rooms.accounts.account import Side
from postroom.rooms.accounts.provider import Server


class Feature(StrEnum):
    """What a user switches on, each with scopes of its own."""

    SYNC = "sync"
    SEND = "send"


SIDE_FEATURE = {Side.RECEIVE: Feature.SYNC, Side.SEND: Feature.SEND}

SIGN_IN_LASTS = timedelta(minutes=15)
LONGEST_LEEWAY = timedelta(minutes=5)
"""So long before its end a token is renewed: a batch that has begun with it ends before it does."""

LAST_USE = timedelta(seconds=30)
"""A token that ends sooner is not given out any more."""


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """What an admin says about a provider beside id and secret.

    `tenant`: Microsoft only; "common" admits every organization. The rest is for providers that are not known here:
    their endpoints, the scopes of each feature (blanks between), and their servers.
    """

    name: str = ""
    tenant: str = ""
    authorize_url: str = ""
    token_url: str = ""
    revoke_url: str = ""
    sync_scope: str = ""
    send_scope: str = ""
    imap: Server | None = None
    smtp: Server | None = None


@dataclass(frozen=True, slots=True)
class OauthProvider:
    """A provider's sign-in. `extra` goes into the address of its page. `revoke_url` "": it has none."""

    key: str
    name: str
    authorize_url: str
    token_url: str
    revoke_url: str
    identity_scopes: tuple[str, ...]
    scopes: Mapping[Feature, tuple[str, ...]]
    extra: tuple[tuple[str, str], ...] = ()


GOOGLE = OauthProvider(
    "google", "Google",
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    "https://oauth2.googleapis.com/revoke",
    ("openid", "email"),
    {
        # IMAP and SMTP know one scope only (developers.google.com/workspace/gmail/imap/xoauth2-protocol).
        Feature.SYNC: ("https://mail.google.com/",),
        Feature.SEND: ("https://mail.google.com/",),
    },
    # Without "consent" a second sign-in brings no refresh token.
    (("access_type", "offline"), ("include_granted_scopes", "true"), ("prompt", "consent")),
)  # fmt: skip


def microsoft(tenant: str) -> OauthProvider:
    """Microsoft's, for one tenant or all ("common"). It takes no token back: users do so in their account."""
    place = f"https://login.microsoftonline.com/{tenant or 'common'}/oauth2/v2.0"
    return OauthProvider(
        "microsoft", "Microsoft", f"{place}/authorize", f"{place}/token", "",
        ("openid", "email", "profile", "offline_access"),
        {
            Feature.SYNC: ("https://outlook.office.com/IMAP.AccessAsUser.All",),
            Feature.SEND: ("https://outlook.office.com/SMTP.Send",),
        },
        (("prompt", "select_account"),),
    )  # fmt: skip


def oauth_provider(key: str, settings: ClientSettings) -> OauthProvider:
    """The provider of a registered client."""
    if key == "google":
        return GOOGLE
    if key == "microsoft":
        return microsoft(settings.tenant)
    return OauthProvider(
        key, settings.name or key, settings.authorize_url, settings.token_url, settings.revoke_url,
        ("openid", "email"),
        {
            Feature.SYNC: tuple(settings.sync_scope.split()),
            Feature.SEND: tuple(settings.send_scope.split()),
        },
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What the provider's page is opened with. `state`, `verifier` and `nonce` are random texts, used once."""

    client_id: str
    redirect_uri: str
    features: frozenset[Feature]
    email: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)
    nonce: str = field(repr=False)


def page_address(provider: OauthProvider, question: Question) -> str:
    """Where the user is sent to agree (RFC 6749 4.1.1, RFC 7636 4.3)."""
    hint = [("login_hint", question.email)] if question.email else []
    fields = [
        ("response_type", "code"),
        ("client_id", question.client_id),
        ("redirect_uri", question.redirect_uri),
        ("scope", " ".join((*provider.identity_scopes, *_scopes(provider, question.features)))),
        ("state", question.state),
        ("nonce", question.nonce),
        ("code_challenge", challenge(question.verifier)),
        ("code_challenge_method", "S256"),
        *hint,
        *provider.extra,
    ]
    joint = "&" if "?" in provider.authorize_url else "?"
    return f"{provider.authorize_url}{joint}{urlencode(fields)}"


def challenge(verifier: str) -> str:
    """S256 (RFC 7636 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def admin_consent_page(provider: OauthProvider, settings: ClientSettings, client_id: str, redirect_uri: str) -> str:
    """Where a directory's administrator agrees once for all of its users; "" where the provider has no such page.

    learn.microsoft.com/entra/identity-platform/v2-admin-consent: "organizations" where no tenant is named.
    """
    if provider.key != "microsoft":
        return ""
    fields = [
        ("client_id", client_id),
        ("scope", " ".join((*provider.identity_scopes, *_scopes(provider, Feature)))),
        ("redirect_uri", redirect_uri),
        ("state", "admin"),
    ]
    tenant = settings.tenant if settings.tenant not in ("", "common") else "organizations"
    return f"https://login.microsoftonline.com/{tenant}/v2.0/adminconsent?{urlencode(fields)}"


def missing_features(
    provider: OauthProvider, features: Iterable[Feature], granted: Iterable[str] | None
) -> tuple[Feature, ...]:
    """What the user did not allow: some pages let single boxes be unticked. `granted` None: all that was asked for."""
    if granted is None:
        return ()
    known = {scope.lower() for scope in granted}
    return tuple(feature for feature in features if not {scope.lower() for scope in provider.scopes[feature]} <= known)


def denial(provider: str, error: str, words: str) -> NeedsUser:
    """The page's own refusal (RFC 6749 4.1.2.1), for the person who comes back with it."""
    said = f" ({words[:300]})" if words else ""
    if "AADSTS90094" in words or "AADSTS65001" in words or error == "admin_policy_enforced":
        text = f"An administrator of your organization at {provider} has to allow Postroom first{said}."
    elif error in ("access_denied", "consent_required"):
        text = f"You did not allow access at {provider}{said}. Start again when you want to connect the account."
    else:
        text = f"{provider} did not finish the sign-in: {error[:100]}{said}."
    return NeedsUser(text, remedy=Remedy.CONSENT)


def refresh_moment(now: datetime, lifetime_seconds: float) -> datetime:
    """When a token that was given now is to be renewed: five minutes before its end, sooner for a short one."""
    lifetime = timedelta(seconds=lifetime_seconds)
    return now + lifetime - min(LONGEST_LEEWAY, lifetime / 5)


def token_context(organization_id: str, account_id: str, column: str) -> bytes:
    """The associated data that a token is sealed with."""
    return f"oauth_grants/{organization_id}/{account_id}/{column}".encode()


def client_context(organization_id: str, provider: str) -> bytes:
    """The associated data that a client's secret is sealed with."""
    return f"oauth_clients/{organization_id}/{provider}/client_secret".encode()


def verifier_context(organization_id: str, state_hash: bytes) -> bytes:
    """The associated data that a PKCE verifier is sealed with."""
    return f"oauth_sign_ins/{organization_id}/{state_hash.hex()}/verifier".encode()


def _scopes(provider: OauthProvider, features: Iterable[Feature]) -> list[str]:
    return list(dict.fromkeys(scope for feature in sorted(features) for scope in provider.scopes[feature]))
