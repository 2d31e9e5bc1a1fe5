"""Every query of OAuth: registered clients, sign-ins under way, and grants. Secrets come in and go out sealed."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, LiteralString

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.rooms.accounts.account import Encryption
from postroom.rooms.accounts.oauth import ClientSettings, Feature, client_context, token_context
from postroom.rooms.accounts.provider import Server


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """What an organization registered at a provider. `secret` is sealed, None for a public client."""

    provider: str
    client_id: str
    secret: bytes | None = field(repr=False)
    settings: ClientSettings


@dataclass(frozen=True, slots=True)
class SignInUnderWay:
    """A user who was sent to a provider's page. `verifier` is sealed. `account_id` None: a new account."""

    state_hash: bytes
    session_hash: bytes
    user_id: str
    provider: str
    features: list[str]
    account_id: str | None
    verifier: bytes = field(repr=False)
    nonce: str = field(repr=False)
    date_expires: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """What a user has granted for an account, tokens sealed.

    `version` grows with every access token, `consent` with every sign-in. `refused_version`: what a mail server
    refused last.
    """

    account_id: str
    provider: str
    email: str
    features: list[str]
    scopes: list[str]
    access_token: bytes = field(repr=False)
    access_expires: datetime
    refresh_after: datetime
    refresh_token: bytes | None = field(repr=False)
    version: int = 1
    consent: int = 1
    refused_version: int | None = None

    def covers(self, feature: Feature) -> bool:
        """Whether it is used for that feature."""
        return feature.value in self.features


@dataclass(frozen=True, slots=True)
class FreshToken:
    """A new access token, sealed; `refresh_token` None keeps the one before."""

    access_token: bytes = field(repr=False)
    refresh_token: bytes | None = field(repr=False)
    access_expires: datetime
    refresh_after: datetime


_CLIENT = "select provider, client_id, client_secret, settings from oauth_clients"
_SIGN_IN_COLUMNS = "state_hash, session_hash, user_id, provider, features, account_id, verifier, nonce, date_expires"
_GRANT_COLUMNS = (
    "account_id, provider, email, features, scopes, access_token, access_expires, refresh_after, refresh_token,"
    " version, consent, refused_version"
)


async def clients(tx: Transaction, organization_id: str) -> list[RegisteredClient]:
    """All of an organization, by provider."""
    rows = await tx.execute(f"{_CLIENT} where organization_id = %s order by provider", (organization_id,))
    return [_client(row) for row in await rows.fetchall()]


async def client_of(tx: Transaction, organization_id: str, provider: str) -> RegisteredClient:
    """Raises NotFound where the organization has registered none."""
    rows = await tx.execute(f"{_CLIENT} where organization_id = %s and provider = %s", (organization_id, provider))
    row = await rows.fetchone()
    if row is None:
        raise NotFound(f"Nobody has registered a client id at {provider} yet. An admin does so in the settings.")
    return _client(row)


async def save_client(tx: Transaction, organization_id: str, client: RegisteredClient, now: datetime) -> None:
    """Register a client, or replace it."""
    await tx.execute(
        "insert into oauth_clients (organization_id, provider, client_id, client_secret, settings, date_updated)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (organization_id, provider) do update set"
        " client_id = excluded.client_id, client_secret = excluded.client_secret, settings = excluded.settings,"
        " date_updated = excluded.date_updated",
        (organization_id, client.provider, client.client_id, client.secret, Jsonb(asdict(client.settings)), now),
    )


async def delete_client(tx: Transaction, organization_id: str, provider: str) -> bool:
    """Take a client away with its secret; False where there was none. Grants stay, and say so when they run out."""
    gone = await tx.execute(
        "delete from oauth_clients where organization_id = %s and provider = %s", (organization_id, provider)
    )
    return gone.rowcount == 1


async def accounts_by_provider(tx: Transaction, organization_id: str) -> dict[str, int]:
    """How many accounts sign in by each provider."""
    rows = await tx.execute(
        "select provider, count(*) from oauth_grants where organization_id = %s group by provider", (organization_id,)
    )
    return {row[0]: row[1] for row in await rows.fetchall()}


async def add_sign_in(tx: Transaction, organization_id: str, sign_in: SignInUnderWay, now: datetime) -> None:
    """Remember who was sent away; what nobody came back with is forgotten."""
    await tx.execute(
        "delete from oauth_sign_ins where organization_id = %s and date_expires < %s", (organization_id, now)
    )
    await tx.execute(
        f"insert into oauth_sign_ins (organization_id, {_SIGN_IN_COLUMNS})"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            organization_id, sign_in.state_hash, sign_in.session_hash, sign_in.user_id, sign_in.provider,
            sign_in.features, sign_in.account_id, sign_in.verifier, sign_in.nonce, sign_in.date_expires,
        ),
    )  # fmt: skip


async def take_sign_in(
    tx: Transaction, organization_id: str, state_hash: bytes, session_hash: bytes, now: datetime
) -> SignInUnderWay | None:
    """The sign-in that this browser session comes back from; it can be come back from once only."""
    async with tx.cursor(row_factory=class_row(SignInUnderWay)) as cursor:
        await cursor.execute(
            "delete from oauth_sign_ins where organization_id = %s and state_hash = %s and session_hash = %s"
            f" and date_expires > %s returning {_SIGN_IN_COLUMNS}".encode(),
            (organization_id, state_hash, session_hash, now),
        )
        return await cursor.fetchone()


async def grant_of(tx: Transaction, organization_id: str, account_id: str) -> Grant | None:
    """What was granted for an account."""
    async with tx.cursor(row_factory=class_row(Grant)) as cursor:
        await cursor.execute(
            f"select {_GRANT_COLUMNS} from oauth_grants where organization_id = %s and account_id = %s".encode(),
            (organization_id, account_id),
        )
        return await cursor.fetchone()


async def save_grant(tx: Transaction, organization_id: str, grant: Grant, now: datetime) -> None:
    """A new consent: it replaces the one before, whose refresh token stays where no new one came."""
    await tx.execute(
        "insert into oauth_grants (organization_id, account_id, provider, email, features, scopes, access_token,"
        " access_expires, refresh_after, refresh_token, date_updated)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (organization_id, account_id) do update set provider = excluded.provider,"
        " email = excluded.email, features = excluded.features, scopes = excluded.scopes,"
        " access_token = excluded.access_token, access_expires = excluded.access_expires,"
        " refresh_after = excluded.refresh_after,"
        " refresh_token = coalesce(excluded.refresh_token, oauth_grants.refresh_token),"
        " version = oauth_grants.version + 1, consent = oauth_grants.consent + 1, refused_version = null,"
        " refreshing_until = null, date_updated = excluded.date_updated",
        (
            organization_id, grant.account_id, grant.provider, grant.email, grant.features, grant.scopes,
            grant.access_token, grant.access_expires, grant.refresh_after, grant.refresh_token, now,
        ),
    )  # fmt: skip


async def claim_refresh(tx: Transaction, organization_id: str, seen: Grant, now: datetime, lasts: timedelta) -> bool:
    """Become the one who renews this very token; False while another is, or once it has been renewed."""
    claimed = await tx.execute(
        "update oauth_grants set refreshing_until = %s where organization_id = %s and account_id = %s"
        " and version = %s and (refreshing_until is null or refreshing_until < %s)",
        (now + lasts, organization_id, seen.account_id, seen.version, now),
    )
    return claimed.rowcount == 1


async def save_fresh(tx: Transaction, organization_id: str, seen: Grant, fresh: FreshToken, now: datetime) -> bool:
    """Keep what a refresh gave; False where the user has signed in anew meanwhile, which counts for more."""
    saved = await tx.execute(
        "update oauth_grants set access_token = %s, access_expires = %s, refresh_after = %s,"
        " refresh_token = coalesce(%s, refresh_token), version = version + 1, refreshing_until = null,"
        " date_updated = %s where organization_id = %s and account_id = %s and version = %s",
        (
            fresh.access_token, fresh.access_expires, fresh.refresh_after, fresh.refresh_token, now,
            organization_id, seen.account_id, seen.version,
        ),
    )  # fmt: skip
    return saved.rowcount == 1


async def give_up_refresh(tx: Transaction, organization_id: str, seen: Grant) -> None:
    """It failed: the next one may try."""
    await tx.execute(
        "update oauth_grants set refreshing_until = null where organization_id = %s and account_id = %s"
        " and version = %s",
        (organization_id, seen.account_id, seen.version),
    )


async def note_refused(tx: Transaction, organization_id: str, account_id: str, version: int, now: datetime) -> None:
    """A mail server refused this token: nobody uses it again."""
    await tx.execute(
        "update oauth_grants set refused_version = version, access_expires = %s, refresh_after = %s"
        " where organization_id = %s and account_id = %s and version = %s",
        (now, now, organization_id, account_id, version),
    )


async def note_accepted(tx: Transaction, organization_id: str, account_id: str) -> None:
    """A mail server took the token: what was refused before is forgotten."""
    await tx.execute(
        "update oauth_grants set refused_version = null where organization_id = %s and account_id = %s"
        " and refused_version is not null",
        (organization_id, account_id),
    )


async def drop_feature(tx: Transaction, organization_id: str, account_id: str, feature: Feature) -> None:
    """A password is used for it from now on."""
    await tx.execute(
        "update oauth_grants set features = array_remove(features, %s), consent = consent + 1"
        " where organization_id = %s and account_id = %s and %s = any(features)",
        (feature.value, organization_id, account_id, feature.value),
    )


async def delete_grant(tx: Transaction, organization_id: str, account_id: str) -> Grant | None:
    """Take the tokens away; what they were, so that the provider can be told."""
    async with tx.cursor(row_factory=class_row(Grant)) as cursor:
        await cursor.execute(
            "delete from oauth_grants where organization_id = %s and account_id = %s"
            f" returning {_GRANT_COLUMNS}".encode(),
            (organization_id, account_id),
        )
        return await cursor.fetchone()


def _client(row: tuple[Any, ...]) -> RegisteredClient:
    provider, client_id, secret, stored = row
    settings = {**stored, "imap": _server(stored.get("imap")), "smtp": _server(stored.get("smtp"))}
    known = {name: settings[name] for name in ClientSettings.__dataclass_fields__ if name in settings}
    return RegisteredClient(provider, client_id, secret, ClientSettings(**known))


def _server(stored: dict[str, Any] | None) -> Server | None:
    return Server(stored["host"], stored["port"], Encryption(stored["encryption"])) if stored else None


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One sealed value and where it stands: `key` is the account, or the provider of a client."""

    organization_id: str
    table: str
    key: str
    column: str
    sealed: bytes = field(repr=False)

    @property
    def context(self) -> bytes:
        """What it was sealed with."""
        if self.table == "oauth_clients":
            return client_context(self.organization_id, self.key)
        return token_context(self.organization_id, self.key, self.column)


async def all_sealed(tx: Transaction) -> list[SealedColumn]:
    """Of the whole installation, for sealing anew with another key. Sign-ins under way end before a key is gone."""
    rows = await tx.execute(
        "select organization_id, 'oauth_clients', provider, 'client_secret', client_secret from oauth_clients"
        " where client_secret is not null"
        " union all select organization_id, 'oauth_grants', account_id, 'access_token', access_token from oauth_grants"
        " union all select organization_id, 'oauth_grants', account_id, 'refresh_token', refresh_token"
        " from oauth_grants where refresh_token is not null"
    )
    return [SealedColumn(*row) for row in await rows.fetchall()]


async def exchange_sealed(tx: Transaction, old: SealedColumn, new: bytes) -> None:
    """The same secret sealed anew; one that has changed meanwhile stays."""
    await tx.execute(_EXCHANGE[old.table, old.column], (new, old.organization_id, old.key, old.sealed))


_EXCHANGE: dict[tuple[str, str], LiteralString] = {
    ("oauth_clients", "client_secret"): (
        "update oauth_clients set client_secret = %s"
        " where organization_id = %s and provider = %s and client_secret = %s"
    ),
    ("oauth_grants", "access_token"): (
        "update oauth_grants set access_token = %s where organization_id = %s and account_id = %s and access_token = %s"
    ),
    ("oauth_grants", "refresh_token"): (
        "update oauth_grants set refresh_token = %s"
        " where organization_id = %s and account_id = %s and refresh_token = %s"
    ),
}
