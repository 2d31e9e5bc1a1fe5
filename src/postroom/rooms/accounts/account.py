"""A connected account as a value: where it logs in, what its owner wants of it, how receiving and sending stand.

Receiving and sending stand apart: what an error does to one side never touches the other. Secrets are no part of the
value; they stay sealed in their columns until a connection is opened.
"""

import zlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from postroom.ground.errors import Invalid, NeedsUser, Permanent, PostroomError, Remedy, Temporary

FIRST_WAIT_SECONDS = 10.0
"""After one failure: most are over by then (a server restarting, a dropped line)."""

LONGEST_WAIT_SECONDS = 1800.0
"""Our own waits stop growing here: mail of an account that is well again is at most half an hour late."""

LONGEST_SERVER_WAIT_SECONDS = 86_400.0
"""A server's own wish is honoured up to a day, the longest that providers block an account for (Google)."""


class Encryption(StrEnum):
    """How a connection is protected. NONE is accepted to this machine only."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Side(StrEnum):
    """One of the two things an account does."""

    RECEIVE = "receive"
    SEND = "send"


class Status(StrEnum):
    """Whether a side is connected. ERROR lasts until a person changes something."""

    OK = "ok"
    ERROR = "error"


class CoworkersSee(StrEnum):
    """What coworkers see of mail that only this account holds: all of it, that it is there, or not even that."""

    EVERYTHING = "everything"
    METADATA = "metadata"
    NOTHING = "nothing"


class SyncDirection(StrEnum):
    """Which way a mailbox follows: both, only mailbox to us (incoming), only us to mailbox (outgoing)."""

    BOTH = "both"
    INCOMING = "incoming"
    OUTGOING = "outgoing"


@dataclass(frozen=True, slots=True)
class ServerLogin:
    """Where to log in, and as whom. `host` is a name in ASCII or an IP address without brackets."""

    host: str
    port: int
    encryption: Encryption
    user: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How one side stands. `error` is for a person; with status OK it says why we wait until `retry_after`.

    `failures_in_row` counts temporary failures since the last success.
    """

    status: Status = Status.OK
    error: str = ""
    remedy: Remedy | None = None
    retry_after: datetime | None = None
    failures_in_row: int = 0

    def waits(self, now: datetime) -> bool:
        """Whether no connection may be tried yet."""
        return self.retry_after is not None and self.retry_after > now


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """What the owner chose; everything here can be edited.

    `poll_seconds` is the sync frequency of folders and servers that cannot push. `history_from`: mail older
    than this is left out, None for all of the past. `link_by_name` and `link_by_domain` make proposals, never links.
    """

    display_name: str = ""
    reply_to: str = ""
    is_default: bool = False
    is_active: bool = True
    sync_enabled: bool = True
    send_enabled: bool = True
    poll_seconds: int = 60
    sync_direction: SyncDirection = SyncDirection.BOTH
    history_from: datetime | None = None
    auto_link: bool = True
    archive_sync: bool = True
    read_sync: bool = True
    track_opens: bool = False
    track_clicks: bool = False
    link_by_name: bool = False
    link_by_domain: bool = False
    coworkers_see: CoworkersSee = CoworkersSee.EVERYTHING


@dataclass(frozen=True, slots=True)
class ConnectedAccount:
    """A login to a provider: a row without its secrets.

    `user_id` None is a team's account. `imap` None: it only sends; `smtp` None: it only receives. `date_connected`:
    mail older than this is history. `is_deleted`: removed, its credentials gone, its emails kept.
    """

    organization_id: str
    id: str
    user_id: str | None
    type: str
    provider: str
    email: str
    email_key: str
    imap: ServerLogin | None
    smtp: ServerLogin | None
    settings: AccountSettings
    receiving: Standing
    sending: Standing
    files_own_sent: bool
    server_can_push: bool
    is_deleted: bool
    date_created: datetime
    date_updated: datetime
    date_connected: datetime
    last_pull_at: datetime | None
    folders_read_at: datetime | None

    @property
    def syncs(self) -> bool:
        """Whether its mail is wanted, whatever happened last."""
        return self.imap is not None and self._in_use and self.settings.sync_enabled

    @property
    def sends(self) -> bool:
        """Whether mail may be sent with it, whatever happened last."""
        return self.smtp is not None and self._in_use and self.settings.send_enabled

    @property
    def _in_use(self) -> bool:
        return self.settings.is_active and not self.is_deleted


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What one side is to become. `disconnects`: it worked until now, and now a person must act."""

    side: Side
    standing: Standing
    disconnects: bool = field(default=False)


def receive_failed(account: ConnectedAccount, error: PostroomError, now: datetime) -> AccountChange:
    """What a failure to read the mailbox does to receiving."""
    return _failed(account, Side.RECEIVE, error, now)


def send_failed(account: ConnectedAccount, error: PostroomError, now: datetime) -> AccountChange:
    """What a failure of the account (not of one email or recipient) does to sending."""
    return _failed(account, Side.SEND, error, now)


def recovered(account: ConnectedAccount, side: Side) -> AccountChange | None:
    """What a success does to a side; None when it stood well already, so that nothing needs writing."""
    return None if standing_of(account, side) == Standing() else AccountChange(side, Standing())


def standing_of(account: ConnectedAccount, side: Side) -> Standing:
    """How that side stands."""
    return account.receiving if side is Side.RECEIVE else account.sending


def secret_context(organization_id: str, account_id: str, side: Side) -> bytes:
    """The associated data a secret is sealed with, so that no sealed value can be moved to another row or column."""
    column = "imap_secret" if side is Side.RECEIVE else "smtp_secret"
    return f"connected_accounts/{organization_id}/{account_id}/{column}".encode()


def _failed(account: ConnectedAccount, side: Side, error: PostroomError, now: datetime) -> AccountChange:
    standing = standing_of(account, side)
    match error:
        case NeedsUser():
            return _disconnected(side, standing, str(error), error.remedy)
        case Permanent() | Invalid():
            # A server that is not one, an address that must not be reached: nothing but other settings will help.
            return _disconnected(side, standing, str(error), Remedy.SETTINGS)
        case Temporary() if standing.status is Status.ERROR:
            # Waiting mends nothing here; the reason that a person must act on stays in sight.
            return AccountChange(side, standing)
        case _:
            return AccountChange(side, _waiting(account, standing, error, now))


def _disconnected(side: Side, before: Standing, text: str, remedy: Remedy) -> AccountChange:
    after = Standing(Status.ERROR, text, remedy)
    return AccountChange(side, after, disconnects=before.status is Status.OK)


def _waiting(account: ConnectedAccount, standing: Standing, error: PostroomError, now: datetime) -> Standing:
    failures = standing.failures_in_row + 1
    wait = _wait_seconds(account.id, failures)
    asked = error.retry_after_seconds if isinstance(error, Temporary) else None
    if asked is not None:
        wait = max(wait, min(asked, LONGEST_SERVER_WAIT_SECONDS))
    return replace(
        standing, error=str(error), remedy=None, retry_after=now + timedelta(seconds=wait), failures_in_row=failures
    )


def _wait_seconds(account_id: str, failures: int) -> float:
    """Doubling, and up to a quarter more by the account's id: accounts that fell together come back apart."""
    wait = min(FIRST_WAIT_SECONDS * 2.0 ** min(failures - 1, 20), LONGEST_WAIT_SECONDS)
    spread = zlib.crc32(f"{account_id}:{failures}".encode()) / 2**32
    return wait * (1 + spread / 4)
