"""Every query of connected accounts; identities and exclude patterns stand in `identity_store.py`.

Statements are bounded by an organization, but for the worker's sweeps over the whole installation, which say so.
Secrets come in and go out sealed; this file never sees one open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from postroom.ground.database import Transaction
from postroom.ground.errors import Conflict, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.rooms.accounts.account import (
    AccountChange,
    AccountSettings,
    ConnectedAccount,
    Encryption,
    ServerLogin,
    Side,
)
from postroom.rooms.accounts.identities import Identity
from postroom.rooms.accounts.identity_store import insert_identities
from postroom.rooms.accounts.tables import ACCOUNT_COLUMNS, SETTINGS_COLUMNS, account_from_row
from postroom.wire.mime.address_key import address_key

_SELECT = f"select {', '.join(ACCOUNT_COLUMNS)} from connected_accounts"
_STANDING_COLUMNS = {
    Side.RECEIVE: (
        "receive_status = %s, receive_error = %s, receive_remedy = %s, retry_after = %s, failures_in_row = %s"
    ),
    Side.SEND: "send_status = %s, send_error = %s, send_remedy = %s, send_retry_after = %s, send_failures_in_row = %s",
}
_LOGIN_COLUMNS = {
    Side.RECEIVE: "imap_host = %s, imap_port = %s, imap_encryption = %s, imap_user = %s",
    Side.SEND: "smtp_host = %s, smtp_port = %s, smtp_encryption = %s, smtp_user = %s",
}
_SECRET_COLUMN = {Side.RECEIVE: "imap_secret", Side.SEND: "smtp_secret"}
_NO_LOGIN = {
    Side.RECEIVE: ServerLogin("", 993, Encryption.TLS, ""),
    Side.SEND: ServerLogin("", 587, Encryption.STARTTLS, ""),
}
_LONGEST_ERROR = 2000


@dataclass(frozen=True, slots=True)
class AccountToAdd:
    """A new account, read and checked. Logins and secrets are set apart, once it has its id."""

    user_id: str | None
    type: str
    provider: str
    email: str
    settings: AccountSettings
    files_own_sent: bool = False


async def add(tx: Transaction, organization_id: str, new: AccountToAdd, now: datetime) -> str:
    """Insert an account with its own address as its first identity; its id.

    Raises Conflict where the address is connected already. The first account of an owner becomes the default.
    """
    account_id = new_id("emailacct")
    settings = [getattr(new.settings, name) for name in SETTINGS_COLUMNS]
    columns = (
        "organization_id, id, user_id, type, provider, email, email_key, files_own_sent,"
        " date_created, date_updated, date_connected"
    )
    values: list[Any] = [
        organization_id,
        account_id,
        new.user_id,
        new.type,
        new.provider,
        new.email,
        address_key(new.email),
    ]
    values += [new.files_own_sent, now, now, now]
    try:
        async with tx.transaction():
            await tx.execute(
                f"insert into connected_accounts ({columns}, {', '.join(SETTINGS_COLUMNS)})"
                f" values ({', '.join(['%s'] * (len(values) + len(settings)))})",
                (*values, *settings),
            )
    except psycopg.errors.UniqueViolation as error:
        raise Conflict(f"{new.email} is connected already.") from error
    await _keep_one_default(tx, organization_id, account_id, new.user_id)
    await insert_identities(tx, organization_id, account_id, [Identity(new.email, new.settings.display_name)])
    await append(tx, organization_id, [Event("connected_account", account_id, "created", user_id=new.user_id)], now)
    return account_id


async def get(tx: Transaction, organization_id: str, account_id: str) -> ConnectedAccount:
    """An account, removed ones too. Raises NotFound."""
    return await _one(tx, f"{_SELECT} where organization_id = %s and id = %s", (organization_id, account_id))


async def get_for_update(tx: Transaction, organization_id: str, account_id: str) -> ConnectedAccount:
    """The same, locked until the transaction ends, so that two changes follow each other."""
    return await _one(
        tx, f"{_SELECT} where organization_id = %s and id = %s for no key update", (organization_id, account_id)
    )


async def list_all(tx: Transaction, organization_id: str) -> list[ConnectedAccount]:
    """All accounts but the removed, oldest first."""
    return await _many(
        tx, f"{_SELECT} where organization_id = %s and not is_deleted order by date_created, id", (organization_id,)
    )


async def accounts_by_id(
    tx: Transaction, organization_id: str, account_ids: Iterable[str]
) -> dict[str, ConnectedAccount]:
    """These accounts, removed ones too, by their ids; unknown ids are left out."""
    found = await _many(
        tx, f"{_SELECT} where organization_id = %s and id = any(%s)", (organization_id, list(account_ids))
    )
    return {account.id: account for account in found}


async def default_account(tx: Transaction, organization_id: str, user_id: str) -> ConnectedAccount | None:
    """What a user sends from when nothing is chosen: the default, else the oldest that can send."""
    found = await _many(
        tx,
        f"{_SELECT} where organization_id = %s and user_id = %s and not is_deleted and is_active and send_enabled"
        " and smtp_host <> '' order by is_default desc, date_created, id limit 1",
        (organization_id, user_id),
    )
    return found[0] if found else None


async def account_of_identity(
    tx: Transaction, organization_id: str, key: str, user_id: str | None
) -> ConnectedAccount | None:
    """The account that sends as an address (key): the user's own first, then a team's, then anyone's."""
    columns = ", ".join(f"a.{name}" for name in ACCOUNT_COLUMNS)
    found = await _many(
        tx,
        f"select {columns} from account_identities i"
        " join connected_accounts a on a.organization_id = i.organization_id and a.id = i.account_id"
        " where i.organization_id = %s and i.address_key = %s and not a.is_deleted and i.proof <> 'pending'"
        " order by (a.user_id is not distinct from %s) desc, (a.user_id is null) desc,"
        " (a.email_key = i.address_key) desc, a.date_created, a.id limit 1",
        (organization_id, key, user_id),
    )
    return found[0] if found else None


async def keep_choice(tx: Transaction, organization_id: str, account_id: str) -> None:
    """What coworkers see of the account stays as it is until the transaction ends: no mail is filed by the choice
    before. Taken before any email is touched, as by whoever chooses anew."""
    await tx.execute(
        "select 1 from connected_accounts where organization_id = %s and id = %s for share",
        (organization_id, account_id),
    )


async def has_private(tx: Transaction, organization_id: str) -> bool:
    """Whether some account's mail, or some thread, is not for every coworker. Threads are read here beside.

    To be asked when the threads of the new mail are locked: one of them may just have been made private.
    """
    row = await (
        await tx.execute(
            "select exists (select 1 from connected_accounts where organization_id = %(org)s"
            " and coworkers_see <> 'everything')"
            " or exists (select 1 from email_threads where organization_id = %(org)s and is_private)",
            {"org": organization_id},
        )
    ).fetchone()
    return bool(row and row[0])


async def accounts_to_listen(tx: Transaction) -> list[ConnectedAccount]:
    """Of the whole installation: the accounts a connection may idle for. `receiving.retry_after` still holds."""
    return await _many(tx, f"{_SELECT} where {_SYNCS} order by organization_id, id", ())


async def accounts_due(tx: Transaction, now: datetime, *, limit: int = 1000) -> list[tuple[str, str]]:
    """Of the whole installation: (organization, account) whose next poll has come, the longest waiting first."""
    rows = await (
        await tx.execute(
            f"select organization_id, id from connected_accounts where {_SYNCS}"
            " and (retry_after is null or retry_after <= %s)"
            " and (last_pull_at is null or last_pull_at + make_interval(secs => poll_seconds) <= %s"
            " or last_pull_at > %s)"  # the clock was set back since: no poll waits for it to come round again
            " order by last_pull_at nulls first, organization_id, id limit %s",
            (now, now, now + CLOCKS_DIFFER_BY, limit),
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


CLOCKS_DIFFER_BY = timedelta(minutes=2)
"""At most, those of two machines that work on one installation."""

_SYNCS = "sync_enabled and is_active and not is_deleted and imap_host <> '' and receive_status = 'ok'"


async def save_settings(
    tx: Transaction, organization_id: str, account_id: str, settings: AccountSettings, now: datetime
) -> None:
    """Replace what the owner chose. One account of an owner is the default. Raises NotFound."""
    before = await get_for_update(tx, organization_id, account_id)
    assignments = ", ".join(f"{name} = %s" for name in SETTINGS_COLUMNS)
    await tx.execute(
        f"update connected_accounts set {assignments}, date_updated = %s where organization_id = %s and id = %s",
        (*(getattr(settings, name) for name in SETTINGS_COLUMNS), now, organization_id, account_id),
    )
    await _keep_one_default(tx, organization_id, account_id, before.user_id)
    changed = [name for name in SETTINGS_COLUMNS if getattr(before.settings, name) != getattr(settings, name)]
    if changed:
        await _append_updated(tx, before, changed, now)


async def save_login(
    tx: Transaction, account: ConnectedAccount, side: Side, login: ServerLogin | None, now: datetime
) -> None:
    """Where this side logs in; None takes the side away with its secret."""
    new = login or _NO_LOGIN[side]
    await tx.execute(
        f"update connected_accounts set {_LOGIN_COLUMNS[side]}, date_updated = %s"
        f"{'' if login else f', {_SECRET_COLUMN[side]} = null'} where organization_id = %s and id = %s",
        (new.host, new.port, new.encryption.value, new.user, now, account.organization_id, account.id),
    )
    await _append_updated(tx, account, ["imap" if side is Side.RECEIVE else "smtp"], now)


async def save_files_own_sent(tx: Transaction, account: ConnectedAccount, files: bool) -> None:
    """Whether what is sent appears in the Sent folder by itself, which follows from the two servers."""
    if files != account.files_own_sent:
        await tx.execute(
            "update connected_accounts set files_own_sent = %s where organization_id = %s and id = %s",
            (files, account.organization_id, account.id),
        )


async def save_secret(tx: Transaction, organization_id: str, account_id: str, side: Side, sealed: bytes) -> None:
    """Keep a sealed password or token of this side."""
    await tx.execute(
        f"update connected_accounts set {_SECRET_COLUMN[side]} = %s"
        " where organization_id = %s and id = %s and not is_deleted",
        (sealed, organization_id, account_id),
    )


async def exchange_secret(tx: Transaction, account: tuple[str, str], side: Side, old: bytes, new: bytes) -> bool:
    """The same secret sealed anew, for (organization, account); False where the user has typed another meanwhile."""
    changed = await tx.execute(
        f"update connected_accounts set {_SECRET_COLUMN[side]} = %s"
        f" where organization_id = %s and id = %s and {_SECRET_COLUMN[side]} = %s",
        (new, *account, old),
    )
    return changed.rowcount == 1


async def sealed_secret(tx: Transaction, organization_id: str, account_id: str, side: Side) -> bytes | None:
    """What was kept, still sealed; None where there is none or the account was removed."""
    row = await (
        await tx.execute(
            f"select {_SECRET_COLUMN[side]} from connected_accounts where organization_id = %s and id = %s",
            (organization_id, account_id),
        )
    ).fetchone()
    return bytes(row[0]) if row and row[0] is not None else None


async def all_sealed_secrets(tx: Transaction) -> list[tuple[str, str, Side, bytes]]:
    """Of the whole installation, for sealing anew with another key: organization, account, side, sealed; locked."""
    rows = await (
        await tx.execute(
            "select organization_id, id, imap_secret, smtp_secret from connected_accounts"
            " where imap_secret is not null or smtp_secret is not null order by organization_id, id for no key update"
        )
    ).fetchall()
    pairs = [(row[0], row[1], side, row[2 + at]) for row in rows for at, side in enumerate(Side)]
    return [(organization, account, side, bytes(sealed)) for organization, account, side, sealed in pairs if sealed]


async def save_standing(
    tx: Transaction, organization_id: str, account_id: str, change: AccountChange, now: datetime
) -> None:
    """How a side stands now; an event when what a person sees of it has changed."""
    before = await get_for_update(tx, organization_id, account_id)
    after = change.standing
    await tx.execute(
        f"update connected_accounts set {_STANDING_COLUMNS[change.side]} where organization_id = %s and id = %s",
        (
            after.status.value, after.error[:_LONGEST_ERROR].replace("\x00", ""), after.remedy or "",
            after.retry_after, after.failures_in_row, organization_id, account_id,
        ),
    )  # fmt: skip
    old = before.receiving if change.side is Side.RECEIVE else before.sending
    if (old.status, old.error, old.remedy) != (after.status, after.error, after.remedy):
        await _append_updated(tx, before, [f"{change.side}_status", f"latest_{change.side}_error"], now)


async def note_pull(tx: Transaction, organization_id: str, account_id: str, *, can_push: bool, now: datetime) -> None:
    """A pull has ended well: the next poll counts from here. `can_push`: the server offers IDLE."""
    await tx.execute(
        "update connected_accounts set last_pull_at = %s, server_can_push = %s where organization_id = %s and id = %s",
        (now, can_push, organization_id, account_id),
    )


async def note_folders_read(tx: Transaction, organization_id: str, account_id: str, now: datetime) -> None:
    """The list of the account's folders has been read from the server."""
    await tx.execute(
        "update connected_accounts set folders_read_at = %s where organization_id = %s and id = %s",
        (now, organization_id, account_id),
    )


async def move_to(tx: Transaction, organization_id: str, account_id: str, user_id: str, now: datetime) -> None:
    """Give the account to another user, whose default it becomes only if there is none. Raises NotFound."""
    before = await get_for_update(tx, organization_id, account_id)
    await tx.execute(
        "update connected_accounts set user_id = %s, is_default = false, date_updated = %s"
        " where organization_id = %s and id = %s",
        (user_id, now, organization_id, account_id),
    )
    await _keep_one_default(tx, organization_id, account_id, user_id)
    await _append_updated(tx, before, ["user_id"], now)


async def mark_removed(tx: Transaction, organization_id: str, account_id: str, now: datetime) -> None:
    """Take an account away: its secrets go at once, its row and identities stay for the emails that name it."""
    removed = await tx.execute(
        "update connected_accounts set is_deleted = true, is_active = false, is_default = false, imap_secret = null,"
        " smtp_secret = null, retry_after = null, send_retry_after = null, date_updated = %s"
        " where organization_id = %s and id = %s and not is_deleted",
        (now, organization_id, account_id),
    )
    if not removed.rowcount:
        raise NotFound("There is no such connected account.")
    await append(tx, organization_id, [Event("connected_account", account_id, "deleted")], now)


async def _keep_one_default(tx: Transaction, organization_id: str, account_id: str, user_id: str | None) -> None:
    """Of an owner's accounts one is the default: this one if it is so marked, and when there is no other."""
    await tx.execute(
        "update connected_accounts set is_default = true where organization_id = %s and id = %s and not exists"
        " (select 1 from connected_accounts o where o.organization_id = %s and o.user_id is not distinct from %s"
        " and o.is_default and not o.is_deleted)",
        (organization_id, account_id, organization_id, user_id),
    )
    await tx.execute(
        "update connected_accounts set is_default = false where organization_id = %s"
        " and user_id is not distinct from %s and id <> %s and is_default and exists"
        " (select 1 from connected_accounts o where o.organization_id = %s and o.id = %s and o.is_default)",
        (organization_id, user_id, account_id, organization_id, account_id),
    )


async def _append_updated(tx: Transaction, account: ConnectedAccount, changed: Sequence[str], now: datetime) -> None:
    event = Event("connected_account", account.id, "updated", user_id=account.user_id, changed_fields=tuple(changed))
    await append(tx, account.organization_id, [event], now)


async def _many(tx: Transaction, query: str, values: Sequence[Any]) -> list[ConnectedAccount]:
    async with tx.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(query.encode(), values)
        return [account_from_row(row) for row in await cursor.fetchall()]


async def _one(tx: Transaction, query: str, values: Sequence[Any]) -> ConnectedAccount:
    found = await _many(tx, query, values)
    if not found:
        raise NotFound("There is no such connected account.")
    return found[0]
