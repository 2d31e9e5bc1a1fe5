"""/connected_account/health/: how every account of the organization is doing, for admins. Not in Close."""

import msgspec
from litestar import get

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.monitoring import day_limit
from postroom.doors.web.reach import close_date, require_admin, tools_of
from postroom.views.account_health_list import AccountHealth, accounts_health


class HealthCard(msgspec.Struct):
    """One account. `ledger`: even, reading (its history), or uneven; `delay_seconds` behind its promised frequency."""

    id: str
    email: str
    user_id: str | None
    provider: str
    receives: bool
    sends: bool
    receive_status: str
    receive_error: str
    send_status: str
    send_error: str
    last_good_sync: str | None
    delay_seconds: int | None
    ledger: str
    on_server: int
    seen: int
    kept: int
    failed: int
    waiting: int
    sent_last_day: int
    day_limit: int | None


class HealthPage(msgspec.Struct):
    """All accounts, broken ones first."""

    data: list[HealthCard]


@get("/connected_account/health", operation_id="list_account_health")
async def list_health(request: ApiRequest) -> HealthPage:
    """Every account: last good sync, delay, ledger, errors, and how much of the provider's limit is used. Admins."""
    require_admin(request)
    tools = tools_of(request)
    now = tools.clock()
    async with tools.db.reading() as tx:
        accounts = await accounts_health(tx, request.user.organization_id, now)
    return HealthPage(
        [
            HealthCard(
                one.id, one.email, one.user_id, one.provider, one.receives, one.sends, one.receive_status,
                one.receive_error, one.send_status, one.send_error,
                close_date(one.last_good_sync) if one.last_good_sync else None, one.delay_seconds(now), _ledger(one),
                one.on_server, one.seen, one.kept, one.failed, one.waiting, one.sent_last_day, day_limit(one),
            )
            for one in accounts
        ]
    )  # fmt: skip


def _ledger(one: AccountHealth) -> str:
    if one.has_history:
        return "reading"
    return "even" if one.unaccounted == 0 else "uneven"


ROUTES = [list_health]
