"""What it takes to log in to an account: its settings with the secret opened, and how that login went.

Both sides use it: `open_mailbox` for IMAP, sending for SMTP. What comes of a login is written down only while the
account still has the settings it was tried with: a failure of the old password must not undo a reconnect.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Invalid, NeedsUser, Permanent, PostroomError, Remedy, Temporary
from postroom.journeys.steps.access_token import opened_token, valid_grant
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import oauth_store, store
from postroom.rooms.accounts.account import (
    ConnectedAccount,
    Encryption,
    ServerLogin,
    Side,
    Standing,
    Status,
    receive_failed,
    recovered,
    secret_context,
    send_failed,
    standing_of,
)
from postroom.rooms.accounts.oauth import SIDE_FEATURE
from postroom.rooms.accounts.oauth_store import Grant
from postroom.rooms.accounts.providers import provider_behind
from postroom.rooms.accounts.remedies import with_remedy
from postroom.wire.imap import types as imap
from postroom.wire.smtp import types as smtp


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Goes where a password would, for an account that was connected by a sign-in. `version` as the grant has it."""

    text: str = field(repr=False)
    version: int


Secret = str | AccessToken
"""A password or an access token, opened."""


@dataclass(frozen=True, slots=True)
class OpenLogin:
    """A login ready to be used: the account as read, which side, where, and the opened secret.

    `sealed` is the stored password, or the number of the consent: a renewed token leaves a connection as good as it
    was.
    """

    account: ConnectedAccount
    side: Side
    login: ServerLogin
    secret: Secret = field(repr=False)
    sealed: bytes = field(repr=False)

    def is_same_as(self, other: "OpenLogin") -> bool:
        """Whether a connection made with one may go on for the other."""
        return self.login == other.login and self.sealed == other.sealed


async def login_to_use(tools: Tools, organization_id: str, account_id: str, side: Side) -> OpenLogin:
    """The login of a side that may be used now.

    Raises NotFound; Conflict for an account that was removed, switched off or lacks that side; NeedsUser while a person
    must act; Temporary before its `retry_after`. None of these is a new failure: nothing was tried. An access token
    that cannot be renewed is one, and is written down.
    """
    async with tools.db.transaction() as tx:
        account = await store.get(tx, organization_id, account_id)
        _usable_login(account, side)
        _must_not_wait(standing_of(account, side), tools.clock())
    return await login_to_try(tools, organization_id, account_id, side)


async def login_to_try(tools: Tools, organization_id: str, account_id: str, side: Side) -> OpenLogin:
    """The login of a side for a person who tests it, however it stands. Raises as `login_to_use` otherwise."""
    async with tools.db.transaction() as tx:
        account = await store.get(tx, organization_id, account_id)
        login = _usable_login(account, side)
        grant = await _grant(tx, account, side)
        sealed = await _sealed(tx, account, side)
    used = OpenLogin(account, side, login, "", sealed)
    try:
        if grant is not None:
            return await _with_token(tools, used, grant)
        return replace(used, secret=_opened(tools, used)) if sealed else used
    except Invalid as error:
        # A key is missing, which is the operator's to mend: the account waits, the reason in sight, and no password is
        # asked for.
        what = "password" if grant is None else "access"
        failure = Temporary(f"The stored {what} cannot be opened. {error}")
        await _write_failure(tools, used, failure)
        raise failure from error


async def _with_token(tools: Tools, used: OpenLogin, grant: Grant) -> OpenLogin:
    """Renewed first where it is time to."""
    try:
        valid = await valid_grant(tools, used.account.organization_id, grant)
    except (NeedsUser, Temporary, Permanent) as error:
        await _write_failure(tools, used, error)
        raise
    token = AccessToken(opened_token(tools, used.account.organization_id, valid), valid.version)
    return replace(used, secret=token, sealed=_consent_mark(valid))


async def imap_settings(tools: Tools, organization_id: str, account_id: str) -> tuple[OpenLogin, imap.ImapSettings]:
    """For a connection of one's own, such as the listener's: settings, and the login to report with.

    Raises as `login_to_use`.
    """
    used = await login_to_use(tools, organization_id, account_id, Side.RECEIVE)
    return used, imap_settings_of(tools, used.login, used.secret)


async def smtp_settings(tools: Tools, organization_id: str, account_id: str) -> tuple[OpenLogin, smtp.SmtpSettings]:
    """The same for sending."""
    used = await login_to_use(tools, organization_id, account_id, Side.SEND)
    return used, smtp_settings_of(tools, used.login, used.secret)


def imap_settings_of(tools: Tools, login: ServerLogin, secret: Secret) -> imap.ImapSettings:
    """A login in the words of `wire.imap`, held to the addresses that may be called."""
    return imap.ImapSettings(
        login.host,
        login.port,
        imap.Encryption(login.encryption.value),
        login.user,
        imap.Password(secret) if isinstance(secret, str) else imap.BearerToken(secret.text),
        check_address=_Allowed(tools, login).check,
    )


def smtp_settings_of(tools: Tools, login: ServerLogin, secret: Secret) -> smtp.SmtpSettings:
    """A login in the words of `wire.smtp`, held to the addresses that may be called."""
    return smtp.SmtpSettings(
        login.host,
        login.port,
        smtp.Encryption(login.encryption.value),
        login.user,
        smtp.Password(secret) if isinstance(secret, str) else smtp.BearerToken(secret.text),
        check_address=_Allowed(tools, login).check,
    )


async def note_failure(tools: Tools, used: OpenLogin, error: PostroomError) -> None:
    """Write down that this login, or the account behind it, failed.

    A refused access token is renewed and tried once more, as it may have been ended early; only when the server refuses
    the new one too must a person act.
    """
    if isinstance(used.secret, AccessToken) and isinstance(error, NeedsUser) and error.remedy in _TOKEN_REFUSED:
        error = await _refused(tools, used, used.secret, error)
    await _write_failure(tools, used, error)


async def note_success(tools: Tools, used: OpenLogin) -> None:
    """Write down that it worked; costs nothing where the account stood well before."""
    if recovered(used.account, used.side) is None:
        return
    now = tools.clock()
    async with tools.db.transaction() as tx:
        account = await _still_with(tx, used)
        change = None if account is None else recovered(account, used.side)
        if change is not None:
            await store.save_standing(tx, used.account.organization_id, used.account.id, change, now)
            await oauth_store.note_accepted(tx, used.account.organization_id, used.account.id)


_TOKEN_REFUSED = (Remedy.PASSWORD, Remedy.APP_PASSWORD, Remedy.CONSENT)
"""What a server's refusal of a login is taken for, when it does not say more."""


async def _refused(tools: Tools, used: OpenLogin, token: AccessToken, error: NeedsUser) -> PostroomError:
    """What it means that a server refused this token."""
    organization_id, account_id = used.account.organization_id, used.account.id
    async with tools.db.transaction() as tx:
        grant = await oauth_store.grant_of(tx, organization_id, account_id)
        if grant is None:
            return error
        again = Temporary(f"{used.login.host} did not take our access; it is renewed.")
        again.__cause__ = error
        if grant.version != token.version or grant.refused_version == token.version:
            return again  # the other side, or another process, has noticed before us
        if grant.refused_version == token.version - 1:
            lasting = NeedsUser(f"{error} Connect the account again.", remedy=Remedy.CONSENT)
            lasting.__cause__ = error
            return lasting
        await oauth_store.note_refused(tx, organization_id, account_id, token.version, tools.clock())
        return again


async def _write_failure(tools: Tools, used: OpenLogin, error: PostroomError) -> None:
    now = tools.clock()
    failed = receive_failed if used.side is Side.RECEIVE else send_failed
    async with tools.db.transaction() as tx:
        account = await _still_with(tx, used)
        if account is not None:
            key = provider_behind(used.login.host, used.side, account.provider).key
            change = failed(account, with_remedy(key, error), now)
            await store.save_standing(tx, account.organization_id, account.id, change, now)


def _usable_login(account: ConnectedAccount, side: Side) -> ServerLogin:
    if account.is_deleted:
        raise Conflict(f"The account {account.email} was removed.")
    if not account.settings.is_active:
        raise Conflict(f"The account {account.email} is switched off.")
    login = account.imap if side is Side.RECEIVE else account.smtp
    if login is None:
        raise Conflict(f"The account {account.email} has no server to {side.value} with.")
    return login


def _must_not_wait(standing: Standing, now: datetime) -> None:
    if standing.status is Status.ERROR:
        raise NeedsUser(standing.error, remedy=standing.remedy or Remedy.SETTINGS)
    if standing.retry_after is not None and standing.retry_after > now:
        raise Temporary(standing.error, retry_after_seconds=(standing.retry_after - now).total_seconds())


def _opened(tools: Tools, used: OpenLogin) -> str:
    context = secret_context(used.account.organization_id, used.account.id, used.side)
    return tools.vault.open(used.sealed, context).decode()


async def _still_with(tx: Transaction, used: OpenLogin) -> ConnectedAccount | None:
    """The account, locked, if it still has the login and the secret that were used."""
    account = await store.get_for_update(tx, used.account.organization_id, used.account.id)
    login = account.imap if used.side is Side.RECEIVE else account.smtp
    return account if login == used.login and await _sealed(tx, account, used.side) == used.sealed else None


async def _grant(tx: Transaction, account: ConnectedAccount, side: Side) -> Grant | None:
    """The grant that this side signs in with, if it does."""
    grant = await oauth_store.grant_of(tx, account.organization_id, account.id)
    return grant if grant is not None and grant.covers(SIDE_FEATURE[side]) else None


async def _sealed(tx: Transaction, account: ConnectedAccount, side: Side) -> bytes:
    """What tells whether the secret is still the same: the stored password, or which consent is in use."""
    grant = await _grant(tx, account, side)
    if grant is not None:
        return _consent_mark(grant)
    return await store.sealed_secret(tx, account.organization_id, account.id, side) or b""


def _consent_mark(grant: Grant) -> bytes:
    return b"consent %d" % grant.consent


@dataclass(frozen=True, slots=True)
class _Allowed:
    """Which addresses a login may reach: the installation's policy; without encryption this machine alone."""

    tools: Tools
    login: ServerLogin

    def check(self, address: IPv4Address | IPv6Address) -> None:
        """Raises Invalid for an address that must not be reached."""
        self.tools.addresses.check(address)
        if self.login.encryption is Encryption.NONE and not address.is_loopback:
            raise Invalid(f"{self.login.host} is another machine: choose TLS or STARTTLS.")
