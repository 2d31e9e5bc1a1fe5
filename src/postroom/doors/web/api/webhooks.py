"""/webhook/: programs that are told of events. It takes the permission `manage_organization`, for reading them too.

A webhook sees everything that it asks for.
"""

import secrets
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from postroom.doors.web.bodies import Maybe, tidy
from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, Deleted, asked, shown
from postroom.doors.web.reach import tools_of
from postroom.ground.errors import Forbidden, Invalid
from postroom.ground.events import newest_place
from postroom.ground.ids import new_id
from postroom.journeys.call_webhooks import tell
from postroom.rooms.users.roles import Permission
from postroom.rooms.webhooks import store
from postroom.rooms.webhooks.store import WebhookChange, WebhookToAdd
from postroom.rooms.webhooks.webhook import Webhook, key_context, wanted_events
from postroom.wire.webhooks.call import Target, judge

LONGEST_URL = 2000
_KEY_BYTES = 32


class WantedCard(msgspec.Struct, frozen=True):
    """A kind of event that is wanted."""

    object_type: str
    action: str
    extra_filter: dict[str, Any] | None


class WebhookCard(msgspec.Struct, frozen=True):
    """A webhook as Close prints it. `signature_key` is in the answer that makes it, and nowhere else."""

    id: str
    organization_id: str
    url: str
    events: list[WantedCard]
    status: str
    verify_ssl: bool
    pause_reason: str | None
    health_status: str
    latest_error: str | None
    recent_consecutive_fail_buckets_cnt: int
    date_delivered: str | None
    created_by: str | None
    created_by_id: str | None
    updated_by: str | None
    updated_by_id: str | None
    date_created: str
    date_updated: str
    counters: dict[str, int] = {}
    """Empty: what Close counts in it is not documented."""
    signature_key: str | UnsetType = UNSET


class WebhookPage(msgspec.Struct, frozen=True):
    """All webhooks of the organization."""

    data: list[WebhookCard]
    has_more: bool


class WebhookBody(msgspec.Struct):
    """What may be written of a webhook. `events` are `{object_type, action, extra_filter}`."""

    url: Maybe[str] = UNSET
    events: Maybe[list[Any]] = UNSET
    verify_ssl: Maybe[bool] = UNSET
    status: Maybe[str] = UNSET


class WebhookTry(msgspec.Struct, frozen=True):
    """What came of a try: `error` is "" where the receiver said yes."""

    is_delivered: bool
    error: str


@get("/webhook", operation_id="list_webhooks", operation_class=takes("_limit", "_skip", "_fields"))
async def list_webhooks(request: ApiRequest) -> WebhookPage:
    """The webhooks of the organization, oldest first."""
    _require_permission(request)
    page = asked(request).page(MOST_PLAIN_LIMIT)
    async with tools_of(request).db.reading() as tx:
        found = (await store.webhooks(tx, request.user.organization_id))[page.skip :]
    cards = [_card(request, one) for one in found[: page.limit]]
    return shown(request, WebhookPage(cards, len(found) > page.limit))


@get("/webhook/{webhook_id:str}", operation_id="get_webhook", operation_class=takes("_fields"))
async def get_webhook(request: ApiRequest, webhook_id: FromPath[str]) -> WebhookCard:
    """One webhook."""
    _require_permission(request)
    return shown(request, await _read(request, webhook_id))


@post("/webhook", operation_id="create_webhook", status_code=201)
async def create_webhook(request: ApiRequest, data: JSONBody[WebhookBody]) -> WebhookCard:
    """Have a program told of what happens from now on. The key that it checks signatures with is shown once."""
    _require_permission(request)
    tools, organization_id = tools_of(request), request.user.organization_id
    url, events = _url(data), wanted_events(None if data.events is UNSET else data.events)
    if url is None:
        raise Invalid(field_errors={"url": "This field is required."})
    await judge(Target(url, tools.addresses.check))
    webhook_id, key = new_id("whsub"), secrets.token_hex(_KEY_BYTES)
    sealed = tools.vault.seal(key.encode(), key_context(organization_id, webhook_id))
    async with tools.db.transaction() as tx:
        place = await newest_place(tx, organization_id)
        new = WebhookToAdd(webhook_id, url, events, data.verify_ssl is not False, sealed, place, request.user.id)
        await store.insert(tx, organization_id, new, tools.clock())
    return msgspec.structs.replace(await _read(request, webhook_id), signature_key=key)


@put("/webhook/{webhook_id:str}", operation_id="update_webhook")
async def update_webhook(request: ApiRequest, webhook_id: FromPath[str], data: JSONBody[WebhookBody]) -> WebhookCard:
    """Change what is given. Status active tries a paused webhook again, from where it stopped."""
    _require_permission(request)
    tools, status = tools_of(request), tidy(data.status) or None
    if status not in (None, "active", "paused"):
        raise Invalid(field_errors={"status": "This must be active or paused."})
    url = _url(data)
    given = None if data.events is UNSET or data.events is None else wanted_events(data.events)
    verify = None if isinstance(data.verify_ssl, UnsetType) else data.verify_ssl
    await _read(request, webhook_id)
    if url:
        await judge(Target(url, tools.addresses.check))
    async with tools.db.transaction() as tx:
        change = WebhookChange(url, given, status, verify)
        await store.change(tx, request.user.organization_id, (webhook_id, change), (request.user.id, tools.clock()))
    return shown(request, await _read(request, webhook_id))


@delete("/webhook/{webhook_id:str}", operation_id="delete_webhook", status_code=200)
async def delete_webhook(request: ApiRequest, webhook_id: FromPath[str]) -> Deleted:
    """Tell this program nothing any more."""
    _require_permission(request)
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        await store.delete(tx, request.user.organization_id, webhook_id, (request.user.id, tools.clock()))
    return Deleted()


@post("/webhook/{webhook_id:str}/test", operation_id="test_webhook", status_code=200)
async def test_webhook(request: ApiRequest, webhook_id: FromPath[str]) -> WebhookTry:
    """Send an event of the type `webhook`, action `test`, at once and once. Not in Close."""
    _require_permission(request)
    tools, organization_id = tools_of(request), request.user.organization_id
    async with tools.db.transaction() as tx:
        webhook = await store.webhook(tx, organization_id, webhook_id)
    problem = await tell(tools, organization_id, webhook, _test_event(request, webhook_id))
    return WebhookTry(not problem, problem)


def _test_event(request: ApiRequest, webhook_id: str) -> dict[str, Any]:
    """Of the same shape as any event of the log; it is not in it."""
    now = _naive(tools_of(request).clock())
    nothing = ("lead_id", "request_id", "api_key_id", "oauth_client_id", "oauth_scope")
    return {
        "id": new_id("ev"), "object_type": "webhook", "object_id": webhook_id, "action": "test", "changed_fields": [],
        "data": {"id": webhook_id}, "previous_data": {}, "meta": {}, "user_id": request.user.id,
        "organization_id": request.user.organization_id, "date_created": now, "date_updated": now,
        **dict.fromkeys(nothing),
    }  # fmt: skip


def _require_permission(request: ApiRequest) -> None:
    if not request.user.may(Permission.MANAGE_ORGANIZATION):
        raise Forbidden("Your role does not show webhooks; an admin can give you one that does.")


def _url(data: WebhookBody) -> str | None:
    url = tidy(data.url)
    if url is not None and not 0 < len(url) <= LONGEST_URL:
        raise Invalid(field_errors={"url": f"This must be a URL of at most {LONGEST_URL} characters."})
    return url


async def _read(request: ApiRequest, webhook_id: str) -> WebhookCard:
    async with tools_of(request).db.reading() as tx:
        return _card(request, await store.webhook(tx, request.user.organization_id, webhook_id))


def _card(request: ApiRequest, webhook: Webhook) -> WebhookCard:
    events = [
        WantedCard(one.object_type, one.action, None if one.extra_filter is None else dict(one.extra_filter))
        for one in webhook.events
    ]
    return WebhookCard(
        webhook.id, request.user.organization_id, webhook.url, events, webhook.status, webhook.verify_ssl,
        webhook.pause_reason or None, "failing" if webhook.failures_in_row else "healthy",
        webhook.latest_error or None, webhook.failures_in_row,
        _naive(webhook.date_delivered) if webhook.date_delivered else None, webhook.created_by, webhook.created_by,
        webhook.updated_by, webhook.updated_by, _naive(webhook.date_created), _naive(webhook.date_updated),
    )  # fmt: skip


def _naive(moment: datetime) -> str:
    """Close's newer form of dates: UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


ROUTES = [list_webhooks, get_webhook, create_webhook, update_webhook, delete_webhook, test_webhook]
