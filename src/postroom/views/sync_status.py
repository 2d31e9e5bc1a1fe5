"""How a connected account stands: when it was last read, what the ledger says, how far the first sync is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.rooms.mailbox.sightings import Verdict

RATE_OVER = timedelta(minutes=5)
"""The estimate of a first sync looks at the pace of the last minutes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A first sync under way. `seconds_left` is None until there is a pace to go by."""

    done: int
    total: int
    seconds_left: int | None


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """One folder's ledger: on the server = kept + left out + failed, once it is read to the bottom."""

    id: int
    name: str
    role: str
    is_synced: bool
    on_server: int
    seen: int
    kept: int
    failed: int
    error: str
    last_pull: datetime | None


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """`state`: ok, error (a person must act), waiting (a temporary failure), first_sync, or off."""

    state: str
    last_sync: datetime | None
    emails_seen: int
    emails_kept: int
    emails_left_out: Mapping[str, int]
    emails_failed: int
    sent_today: int
    received_today: int
    progress: Progress | None
    next_poll: datetime | None
    can_push: bool
    folders: Sequence[FolderStatus]


@dataclass(frozen=True, slots=True)
class PullLine:
    """One row of the history of pulls."""

    time: datetime
    direction: str
    seen: int
    kept: int
    failed: int
    result: str
    error: str


@dataclass(frozen=True, slots=True)
class SyncError:
    """A message that could not be brought in, or a wish that the mailbox did not take."""

    folder: str
    uid: int | None
    error: str
    attempts: int
    next_try: datetime | None


async def sync_status(tx: Transaction, organization_id: str, account_id: str, now: datetime) -> SyncStatus:
    """The whole picture of one account. Raises NotFound."""
    account = await _account(tx, organization_id, account_id)
    folders, unread = await _folders(tx, organization_id, account_id)
    by_verdict = await _by_verdict(tx, organization_id, account_id)
    sent, received = await _today(tx, organization_id, account_id, now)
    seen = sum(folder.seen for folder in folders)
    progress = await _progress(tx, organization_id, account_id, now, seen, folders) if unread else None
    return SyncStatus(
        state=_state(account, now, bool(unread) or account["last_pull_at"] is None),
        last_sync=account["last_pull_at"],
        emails_seen=seen,
        emails_kept=by_verdict.get(Verdict.KEPT, 0),
        emails_left_out={
            verdict.name.lower(): count
            for verdict, count in by_verdict.items()
            if verdict not in (Verdict.KEPT, Verdict.FAILED)
        },
        emails_failed=by_verdict.get(Verdict.FAILED, 0),
        sent_today=sent,
        received_today=received,
        progress=progress,
        next_poll=_next_poll(account),
        can_push=account["server_can_push"],
        folders=folders,
    )


async def sync_history(
    tx: Transaction, organization_id: str, account_id: str, *, skip: int, limit: int
) -> list[PullLine]:
    """The newest pulls first."""
    rows = await (
        await tx.execute(
            "select date_created, direction, seen, kept, failed, error from pull_history"
            " where organization_id = %s and account_id = %s order by id desc limit %s offset %s",
            (organization_id, account_id, limit, skip),
        )
    ).fetchall()
    return [
        PullLine(when, direction, seen, kept, failed, _result(failed, error, seen), error)
        for when, direction, seen, kept, failed, error in rows
    ]


async def sync_errors(tx: Transaction, organization_id: str, account_id: str, *, limit: int) -> list[SyncError]:
    """What failed and is still to be mended, messages first."""
    rows = await (
        await tx.execute(
            "select f.name, m.uid, m.error, m.attempts, m.next_try_at from failed_messages m join folders f"
            " on f.organization_id = m.organization_id and f.id = m.folder_id"
            " where m.organization_id = %(org)s and f.account_id = %(account)s union all"
            " select 'INBOX', null, error, attempts, next_try_at from placements where organization_id = %(org)s"
            " and account_id = %(account)s and needs_push and error <> '' union all"
            " select name, null, error, 1, null from folders where organization_id = %(org)s"
            " and account_id = %(account)s and error <> '' limit %(limit)s",
            {"org": organization_id, "account": account_id, "limit": limit},
        )
    ).fetchall()
    return [SyncError(*row) for row in rows]


async def _account(tx: Transaction, organization_id: str, account_id: str) -> dict[str, Any]:
    names = (
        "receive_status, sync_enabled, is_active, imap_host, retry_after, last_pull_at, poll_seconds, server_can_push"
    )
    row = await (
        await tx.execute(
            f"select {names} from connected_accounts where organization_id = %s and id = %s and not is_deleted",
            (organization_id, account_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such connected account.")
    return dict(zip(names.split(", "), row, strict=True))


async def _folders(tx: Transaction, organization_id: str, account_id: str) -> tuple[list[FolderStatus], list[int]]:
    """All folders that the server still lists, and which of them have history unread."""
    rows = await (
        await tx.execute(
            "select id, name, role, is_synced, exists_on_server, seen_total, seen_kept, seen_failed, error,"
            " last_pull_at, lowest_uid > 1 and last_pull_at is not null from folders"
            " where organization_id = %s and account_id = %s and selectable and not is_gone"
            " order by case role when 'inbox' then 0 when 'sent' then 1 when 'archive' then 2 else 3 end, name",
            (organization_id, account_id),
        )
    ).fetchall()
    return [FolderStatus(*row[:10]) for row in rows], [row[0] for row in rows if row[3] and row[10]]


async def _by_verdict(tx: Transaction, organization_id: str, account_id: str) -> dict[Verdict, int]:
    rows = await (
        await tx.execute(
            "select s.verdict, count(*) from sightings s join folders f"
            " on f.organization_id = s.organization_id and f.id = s.folder_id"
            " where s.organization_id = %s and f.account_id = %s group by s.verdict",
            (organization_id, account_id),
        )
    ).fetchall()
    return {Verdict(row[0]): row[1] for row in rows}


async def _today(tx: Transaction, organization_id: str, account_id: str, now: datetime) -> tuple[int, int]:
    row = await (
        await tx.execute(
            "select count(*) filter (where direction = 'outgoing'), count(*) filter (where direction = 'incoming')"
            " from seen_emails where organization_id = %s and account_id = %s and status in ('sent', 'inbox')"
            " and activity_at >= %s and activity_at <= %s",
            (organization_id, account_id, now.replace(hour=0, minute=0, second=0, microsecond=0), now),
        )
    ).fetchone()
    return (row[0], row[1]) if row else (0, 0)


async def _progress(
    tx: Transaction, organization_id: str, account_id: str, now: datetime, seen: int, folders: Sequence[FolderStatus]
) -> Progress:
    total = sum(folder.on_server for folder in folders if folder.is_synced)
    row = await (
        await tx.execute(
            "select coalesce(sum(seen), 0), min(date_created) from pull_history"
            " where organization_id = %s and account_id = %s and date_created > %s",
            (organization_id, account_id, now - RATE_OVER),
        )
    ).fetchone()
    brought, since = row if row else (0, None)
    elapsed = (now - since).total_seconds() if since else 0.0
    # The first line was written at the end of its slice, so its own time is not in `elapsed`.
    pace = brought / (elapsed + 5.0) if brought else 0.0
    left = max(total - seen, 0)
    return Progress(min(seen, total), total, round(left / pace) if pace else None)


def _state(account: Mapping[str, Any], now: datetime, first_sync: bool) -> str:
    if not account["is_active"] or not account["sync_enabled"] or not account["imap_host"]:
        return "off"
    if account["receive_status"] == "error":
        return "error"
    if account["retry_after"] is not None and account["retry_after"] > now:
        return "waiting"
    return "first_sync" if first_sync else "ok"


def _next_poll(account: Mapping[str, Any]) -> datetime | None:
    last = account["last_pull_at"]
    if last is None:
        return None
    due: datetime = last + timedelta(seconds=account["poll_seconds"])
    waits = account["retry_after"]
    return max(due, waits) if waits else due


def _result(failed: int, error: str, seen: int) -> str:
    if error and not seen:
        return "error"
    return "partial" if failed or error else "success"
