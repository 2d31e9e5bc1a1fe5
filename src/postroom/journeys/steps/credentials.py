"""What it takes to log in to an account: its settings with the secret opened, and how that login went.

Both sides use it: `open_mailbox` for IMAP, sending for SMTP. What comes of a login is written down only while the
account still has the settings it was tried with: a failure of the old password must not undo a reconnect.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, Invalid, NeedsUser, PostroomError, Remedy, Temporary
from postroom.journeys.tools import Tools
from postroom.rooms.accounts import store
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
from postroom.rooms.accounts.providers import provider_behind
from postroom.rooms.accounts.remedies import with_remedy
from postroom.wire.imap import types as imap
from postroom.wire.smtp import types as smtp


@dataclass(frozen=True, slots=True)
class OpenLogin:
    """A login ready to be used: the account as read, which side, where, and the opened secret."""

    account: ConnectedAccount
    side: Side
    login: ServerLogin
    secret: str = field(repr=False)
    sealed: bytes = field(repr=False)

    def is_same_as(self, other: "OpenLogin") -> bool:
        """Whether a connection made with one may go on for the other."""
        return self.login == other.login and self.sealed == other.sealed


async def login_to_use(tools: Tools, organization_id: str, account_id: str, side: Side) -> OpenLogin:
    """The login of a side that may be used now.

    Raises NotFound; Conflict for an account that was removed, switched off or lacks that side; NeedsUser while a person
    must act; Temporary before its `retry_after`. None of these is a new failure: nothing was tried.
    """
    async with tools.db.transaction() as tx:
        account = await store.get(tx, organization_id, account_id)
        login = _usable_login(account, side)
        _must_not_wait(standing_of(account, side), tools.clock())
        sealed = await store.sealed_secret(tx, organization_id, account_id, side)
    used = OpenLogin(account, side, login, "", sealed or b"")
    try:
        return used if sealed is None else replace(used, secret=_opened(tools, used))
    except Invalid as error:
        # A key is missing, which is the operator's to mend: the account waits, the reason in sight, and no password is
        # asked for.
        failure = Temporary(f"The stored password cannot be opened. {error}")
        await note_failure(tools, used, failure)
        raise failure from error


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


def imap_settings_of(tools: Tools, login: ServerLogin, secret: str) -> imap.ImapSettings:
    """A login in the words of `wire.imap`, held to the addresses that may be called."""
    return imap.ImapSettings(
        login.host,
        login.port,
        imap.Encryption(login.encryption.value),
        login.user,
        imap.Password(secret),
        check_address=_Allowed(tools, login).check,
    )


def smtp_settings_of(tools: Tools, login: ServerLogin, secret: str) -> smtp.SmtpSettings:
    """A login in the words of `wire.smtp`, held to the addresses that may be called."""
    return smtp.SmtpSettings(
        login.host,
        login.port,
        smtp.Encryption(login.encryption.value),
        login.user,
        smtp.Password(secret),
        check_address=_Allowed(tools, login).check,
    )


async def note_failure(tools: Tools, used: OpenLogin, error: PostroomError) -> None:
    """Write down that this login, or the account behind it, failed."""
    now = tools.clock()
    failed = receive_failed if used.side is Side.RECEIVE else send_failed
    async with tools.db.transaction() as tx:
        account = await _still_with(tx, used)
        if account is not None:
            key = provider_behind(used.login.host, used.side, account.provider).key
            change = failed(account, with_remedy(key, error), now)
            await store.save_standing(tx, account.organization_id, account.id, change, now)


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
    sealed = await store.sealed_secret(tx, account.organization_id, account.id, used.side)
    login = account.imap if used.side is Side.RECEIVE else account.smtp
    return account if login == used.login and (sealed or b"") == used.sealed else None


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
