"""For monitoring: /healthz (the process lives), /readyz (it can work), /metrics (Prometheus' text format).

Outside of /api/: probes have no user. The metrics name accounts by id alone, and are given to whoever shows the token
of the settings; without one there are none.
"""

import asyncio
import hmac
from collections.abc import Iterable

from litestar import Response, get

from postroom.doors.web.errors import ApiRequest, OpenRequest
from postroom.doors.web.reach import tools_of
from postroom.ground.errors import NotFound
from postroom.journeys.tools import Tools
from postroom.rooms.accounts.account import Side
from postroom.rooms.accounts.providers import provider_behind
from postroom.views.account_health_list import AccountHealth, installation_health

READY_SECONDS = 3.0
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


@get("/healthz", operation_id="healthz", include_in_schema=False, sync_to_thread=False)
def healthz() -> Response[str]:
    """The process answers."""
    return Response("ok\n", media_type="text/plain")


@get("/readyz", operation_id="readyz", include_in_schema=False)
async def readyz(request: ApiRequest) -> Response[str]:
    """The database answers too."""
    try:
        async with asyncio.timeout(READY_SECONDS), tools_of(request).db.reading() as tx:
            await tx.execute("select 1")
    except Exception:
        # Whatever it is, nothing can be done here until it is over.
        return Response("the database does not answer\n", status_code=503, media_type="text/plain")
    return Response("ready\n", media_type="text/plain")


@get("/metrics", operation_id="metrics", include_in_schema=False)
async def metrics(request: ApiRequest) -> Response[str]:
    """Counts and states of every account."""
    tools = tools_of(request)
    _demand_token(request, tools.config.metrics_token)
    now = tools.clock()
    async with tools.db.reading() as tx:
        accounts = await installation_health(tx, now)
    return Response("\n".join([*_lines(tools, accounts), ""]), media_type=_TEXT)


def _demand_token(request: OpenRequest, token: str | None) -> None:
    """Raises NotFound, so that nobody learns whether there are metrics here."""
    given = request.headers.get("authorization", "")
    if token is None or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise NotFound("There is nothing at this address.")


def _lines(tools: Tools, accounts: list[AccountHealth]) -> Iterable[str]:
    now = tools.clock()
    yield from _gauge("postroom_accounts", "Connected accounts.", [("", len(accounts))])
    sides = [(one, side) for one in accounts for side in Side if (one.receives if side is Side.RECEIVE else one.sends)]
    yield from _gauge(
        "postroom_account_up",
        "1 while this side of the account works, 0 while a person must act.",
        [(_labels(one, side.value), int(_status(one, side) == "ok")) for one, side in sides],
    )
    yield from _gauge(
        "postroom_account_last_sync_timestamp_seconds",
        "When the mailbox was last read well.",
        [(_labels(one), one.last_good_sync.timestamp()) for one in accounts if one.last_good_sync],
    )
    yield from _gauge(
        "postroom_account_delay_seconds",
        "How far behind its promised frequency a mailbox is.",
        [(_labels(one), delay) for one in accounts if (delay := one.delay_seconds(now)) is not None],
    )
    for name, help_text in _COUNTS.items():
        values = [(_labels(one), int(getattr(one, name))) for one in accounts]
        yield from _gauge(f"postroom_account_{name}", help_text, values)
    waits = [(_labels(one), (now - one.oldest_waiting).total_seconds()) for one in accounts if one.oldest_waiting]
    yield from _gauge("postroom_account_oldest_waiting_seconds", "How long the oldest due email has waited.", waits)
    limits = [(_labels(one), day) for one in accounts if (day := day_limit(one)) is not None]
    yield from _gauge("postroom_account_day_limit", "Emails that the provider takes in 24 hours.", limits)


_COUNTS = {
    "on_server": "Messages on the server in synced folders.",
    "seen": "Messages in the ledger.",
    "kept": "Messages that are logged.",
    "failed": "Messages that the server did not hand over yet.",
    "unaccounted": "Messages on the server without a line in the ledger; 0 once the history is read.",
    "waiting": "Emails in the outbox that are due.",
    "sent_last_day": "Emails sent in the last 24 hours.",
}


def day_limit(one: AccountHealth) -> int | None:
    """What the provider takes in 24 hours; None where it names no limit."""
    return provider_behind(one.smtp_host, Side.SEND, one.provider).limits.per_day if one.smtp_host else None


def _status(one: AccountHealth, side: Side) -> str:
    return one.receive_status if side is Side.RECEIVE else one.send_status


def _labels(one: AccountHealth, side: str = "") -> str:
    """Ids of ours hold letters, digits and `_`: nothing that needs escaping."""
    more = f',side="{side}"' if side else ""
    return f'{{organization="{one.organization_id}",account="{one.id}"{more}}}'


def _gauge(name: str, help_text: str, values: Iterable[tuple[str, float]]) -> Iterable[str]:
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} gauge"
    for labels, value in values:
        yield f"{name}{labels} {value:.15g}"


ROUTES = [healthz, readyz, metrics]
