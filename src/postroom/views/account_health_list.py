"""How every account is doing, for admins and for monitoring: one row each, from counters kept as mail comes."""

from dataclasses import dataclass
from datetime import datetime

from postroom.ground.database import Transaction


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """One account. `on_server`, `seen`, `kept`, `failed`: messages of its synced folders. `waiting`: in the outbox."""

    organization_id: str
    id: str
    email: str
    user_id: str | None
    provider: str
    smtp_host: str
    receives: bool
    sends: bool
    receive_status: str
    receive_error: str
    send_status: str
    send_error: str
    last_good_sync: datetime | None
    poll_seconds: int
    on_server: int
    seen: int
    kept: int
    failed: int
    has_history: bool
    waiting: int
    oldest_waiting: datetime | None
    sent_last_day: int

    @property
    def unaccounted(self) -> int:
        """On the server and not in the ledger; None of them once the history is read."""
        return max(self.on_server - self.seen, 0)

    def delay_seconds(self, now: datetime) -> int | None:
        """By how much its reading is behind what was promised; None where nothing is read."""
        if not self.receives or self.last_good_sync is None:
            return None
        return max(0, round((now - self.last_good_sync).total_seconds()) - self.poll_seconds)


_QUERY = (
    "select a.organization_id, a.id, a.email, a.user_id, a.provider, a.smtp_host,"
    " a.imap_host <> '' and a.sync_enabled and a.is_active, a.smtp_host <> '' and a.send_enabled and a.is_active,"
    " a.receive_status, a.receive_error, a.send_status, a.send_error, a.last_pull_at, a.poll_seconds,"
    " f.on_server, f.seen, f.kept, f.failed, f.has_history, d.waiting, d.oldest, s.sent"
    " from connected_accounts a"
    " cross join lateral (select coalesce(sum(exists_on_server), 0)::bigint as on_server,"
    " coalesce(sum(seen_total), 0)::bigint as seen, coalesce(sum(seen_kept), 0)::bigint as kept,"
    " coalesce(sum(seen_failed), 0)::bigint as failed, coalesce(bool_or(lowest_uid > 1), false) as has_history"
    " from folders where organization_id = a.organization_id and account_id = a.id and is_synced and not is_gone) f"
    " cross join lateral (select count(*) as waiting, min(due_at) as oldest from deliveries"
    " where organization_id = a.organization_id and account_id = a.id and state = 'waiting' and due_at <= %(now)s) d"
    " cross join lateral (select count(*) as sent from deliveries where organization_id = a.organization_id"
    " and account_id = a.id and state = 'sent' and date_sent > %(now)s - interval '24 hours') s"
    " where not a.is_deleted"
)


async def accounts_health(tx: Transaction, organization_id: str, now: datetime) -> list[AccountHealth]:
    """All accounts of an organization: broken ones first, then by address."""
    rows = await (
        await tx.execute(
            f"{_QUERY} and a.organization_id = %(org)s"
            " order by (a.receive_status = 'error' or a.send_status = 'error') desc, a.email, a.id",
            {"org": organization_id, "now": now},
        )
    ).fetchall()
    return [AccountHealth(*row) for row in rows]


async def installation_health(tx: Transaction, now: datetime) -> list[AccountHealth]:
    """Of the whole installation, for monitoring: every account, in every organization_id."""
    rows = await (await tx.execute(f"{_QUERY} order by a.organization_id, a.id", {"now": now})).fetchall()
    return [AccountHealth(*row) for row in rows]
