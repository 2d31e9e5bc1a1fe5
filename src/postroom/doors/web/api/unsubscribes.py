"""/unsubscribe/email/ as Close's, and /suppression/: the whole list of addresses that get no bulk email, with reasons.

Close knows only who has unsubscribed. Bounces, complaints and what people here enter stand in our own list beside it.
"""

import csv
import io
from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import FromPath, JSONBody

from postroom.doors.web.document import takes
from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.query import MOST_PLAIN_LIMIT, Deleted, asked
from postroom.doors.web.reach import close_date, require_admin, tools_of
from postroom.ground.errors import Forbidden, Invalid, NotFound
from postroom.ground.sheet_cells import inert
from postroom.journeys.steps.suppress_addresses import suppress_addresses
from postroom.rooms.suppression import store
from postroom.rooms.suppression.store import Wanted
from postroom.rooms.suppression.suppression import (
    Kind,
    NewSuppression,
    Source,
    Suppression,
    UnsubscribeMode,
    checked_address,
)
from postroom.rooms.users.roles import Role
from postroom.views.kept_things import seen_ids
from postroom.wire.mime.address_key import address_key

_MOST_EXPORTED = 1_000_000
_AT_ONCE = 5_000
_MOST_ASKED = 200


class EmailBody(msgspec.Struct):
    """An address."""

    email: Annotated[str, msgspec.Meta(max_length=1000)]


class UnsubscribedPage(msgspec.Struct):
    """Who has unsubscribed."""

    data: list[EmailBody]
    has_more: bool


class SuppressionBody(msgspec.Struct):
    """An address that is to get no bulk email, and in words why."""

    email: Annotated[str, msgspec.Meta(max_length=1000)]
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


class SuppressionCard(msgspec.Struct):
    """One reason of one address. `email_id` is the email of ours it came from, if any."""

    email: str
    kind: str
    reason: str
    source: str
    email_id: str | None
    created_by: str | None
    date_created: str


class SuppressionPage(msgspec.Struct):
    """A part of the list; `counts` of the whole, by kind."""

    data: list[SuppressionCard]
    has_more: bool
    counts: dict[str, int]


class ReasonsPage(msgspec.Struct):
    """What stands against some addresses."""

    data: list[SuppressionCard]


class LogCard(msgspec.Struct):
    """A line of an address's history: `action` is added or removed."""

    id: str
    email: str
    kind: str
    action: str
    reason: str
    source: str
    email_id: str | None
    user_id: str | None
    date_created: str


class LogPage(msgspec.Struct):
    """The history of an address, newest first."""

    data: list[LogCard]


class UnsubscribeSettings(msgspec.Struct):
    """Whether bulk email carries a way to unsubscribe: `off`, `on`, or `required`, without which it is not sent.

    Without https in POSTROOM_BASE_URL mail programs show no button (RFC 8058): `has_one_click` is false then.
    """

    mode: UnsubscribeMode
    has_one_click: bool


class UnsubscribeSettingsBody(msgspec.Struct):
    """What may be changed of it."""

    mode: UnsubscribeMode


@get("/unsubscribe/email", operation_id="list_unsubscribed", operation_class=takes("_limit", "_skip"))
async def list_unsubscribed(request: ApiRequest) -> UnsubscribedPage:
    """The addresses that have unsubscribed, newest first."""
    page = asked(request).page(MOST_PLAIN_LIMIT)
    rows = await _listed(request, Wanted("", (Kind.UNSUBSCRIBED,), page.limit + 1, page.skip))
    return UnsubscribedPage([EmailBody(one.address) for one in rows[: page.limit]], len(rows) > page.limit)


@post("/unsubscribe/email", operation_id="unsubscribe_email", status_code=201)
async def unsubscribe_email(request: ApiRequest, data: JSONBody[EmailBody]) -> EmailBody:
    """Unsubscribe an address. Of one that has unsubscribed already nothing changes."""
    address = await _add(request, Kind.UNSUBSCRIBED, data.email, "")
    return EmailBody(address)


@delete("/unsubscribe/email/{email:str}", operation_id="resubscribe_email", status_code=200)
async def resubscribe_email(request: ApiRequest, email: FromPath[str]) -> EmailBody:
    """Let an address get bulk email again, if nothing else stands against it."""
    address = checked_address(email)
    await _remove(request, Kind.UNSUBSCRIBED, address)
    return EmailBody(address)


@get("/suppression", operation_id="list_suppressed", operation_class=takes("_limit", "_skip", "query", "kind"))
async def list_suppressed(request: ApiRequest) -> SuppressionPage:
    """All addresses that get no bulk email, newest first. `query` is a part of the address, `kind` one or several."""
    page, query = asked(request).page(MOST_PLAIN_LIMIT), asked(request).text("query")
    rows = await _listed(request, Wanted(query, _kinds(request), page.limit + 1, page.skip))
    async with tools_of(request).db.reading() as tx:
        counts = await store.counts(tx, request.user.organization_id)
        seen = await seen_ids(tx, request.user.organization_id, [one.email_id for one in rows if one.email_id])
    cards = [_card(one, seen) for one in rows[: page.limit]]
    return SuppressionPage(cards, len(rows) > page.limit, {kind.value: counts.get(kind, 0) for kind in Kind})


@get("/suppression/of", operation_id="get_suppressions_of", operation_class=takes("email"))
async def get_of(request: ApiRequest) -> ReasonsPage:
    """What stands against the addresses in `email`, between commas: for whoever is about to write to them."""
    keys = [address_key(one) for one in asked(request).ids("email") or ()][:_MOST_ASKED]
    async with tools_of(request).db.reading() as tx:
        found = await store.suppressed(tx, request.user.organization_id, keys)
        reasons = [one for of_address in found.values() for one in of_address]
        seen = await seen_ids(tx, request.user.organization_id, [one.email_id for one in reasons if one.email_id])
    return ReasonsPage([_card(one, seen) for one in reasons])


@post("/suppression", operation_id="suppress_email", status_code=201)
async def suppress_email(request: ApiRequest, data: JSONBody[SuppressionBody]) -> SuppressionCard:
    """Enter an address by hand."""
    address = await _add(request, Kind.MANUAL, data.email, data.reason.strip())
    async with tools_of(request).db.reading() as tx:
        key = address_key(address)
        found = await store.suppressed(tx, request.user.organization_id, [key])
    return _card(next(one for one in found[key] if one.kind is Kind.MANUAL), frozenset())


@delete("/suppression/{kind:str}/{email:str}", operation_id="lift_suppression", status_code=200)
async def lift_suppression(request: ApiRequest, kind: FromPath[str], email: FromPath[str]) -> Deleted:
    """Take one reason off an address."""
    if kind not in list(Kind):
        raise NotFound("There is no such kind of suppression.")
    await _remove(request, Kind(kind), checked_address(email))
    return Deleted()


@get("/suppression/log/{email:str}", operation_id="get_suppression_log")
async def get_log(request: ApiRequest, email: FromPath[str]) -> LogPage:
    """What was added and removed for an address, by whom, newest first."""
    async with tools_of(request).db.reading() as tx:
        found = await store.log_of(tx, request.user.organization_id, address_key(email))
        seen = await seen_ids(tx, request.user.organization_id, [one.email_id for one in found if one.email_id])
    if not found:
        raise NotFound("Nothing has been noted for this address.")
    return LogPage(
        [
            LogCard(
                one.id, one.address, one.kind, one.action, one.reason, one.source,
                one.email_id if one.email_id in seen else None, one.user_id, close_date(one.date_created),
            )
            for one in found
        ]
    )  # fmt: skip


@get("/suppression/export", operation_id="export_suppressed", media_type="text/csv", operation_class=takes("kind"))
async def export_suppressed(request: ApiRequest) -> Response[str]:
    """The list as CSV (RFC 4180)."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(("email", "kind", "reason", "source", "date_created"))
    for skip in range(0, _MOST_EXPORTED, _AT_ONCE):
        part = await _listed(request, Wanted("", _kinds(request), _AT_ONCE, skip))
        rows.writerows(
            (inert(one.address), one.kind, inert(one.reason), one.source, close_date(one.date_created)) for one in part
        )
        if len(part) < _AT_ONCE:
            break
    headers = {"Content-Disposition": 'attachment; filename="suppressed-addresses.csv"'}
    return Response(written.getvalue(), media_type="text/csv", headers=headers)


@get("/unsubscribe/settings", operation_id="get_unsubscribe_settings")
async def get_settings(request: ApiRequest) -> UnsubscribeSettings:
    """Whether bulk email carries a way to unsubscribe."""
    tools = tools_of(request)
    async with tools.db.reading() as tx:
        mode = await store.unsubscribe_mode(tx, request.user.organization_id)
    return UnsubscribeSettings(mode, tools.config.base_url.startswith("https://"))


@put("/unsubscribe/settings", operation_id="update_unsubscribe_settings")
async def put_settings(request: ApiRequest, data: JSONBody[UnsubscribeSettingsBody]) -> UnsubscribeSettings:
    """Change it. Admins only."""
    require_admin(request)
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        stamp = (request.user.id, tools.clock())
        await store.save_unsubscribe_mode(tx, request.user.organization_id, data.mode, stamp)
    return UnsubscribeSettings(data.mode, tools.config.base_url.startswith("https://"))


async def _listed(request: ApiRequest, wanted: Wanted) -> Sequence[Suppression]:
    async with tools_of(request).db.reading() as tx:
        return await store.listed(tx, request.user.organization_id, wanted)


async def _add(request: ApiRequest, kind: Kind, email: str, reason: str) -> str:
    """The address as checked."""
    _require_whole_user(request)
    address = checked_address(email)
    new = NewSuppression(address, kind, _source(request), reason, user_id=request.user.id)
    tools = tools_of(request)
    async with tools.db.transaction() as tx:
        await suppress_addresses(tx, request.user.organization_id, [new], tools.clock())
    return address


async def _remove(request: ApiRequest, kind: Kind, address: str) -> None:
    _require_whole_user(request)
    tools = tools_of(request)
    old = NewSuppression(address, kind, _source(request), user_id=request.user.id)
    async with tools.db.transaction() as tx:
        if not await store.lift(tx, request.user.organization_id, [old], tools.clock()):
            raise NotFound(f"{address} is not on this list.")


def _require_whole_user(request: ApiRequest) -> None:
    if request.user.role is Role.RESTRICTED:
        raise Forbidden("A restricted user may not change who gets mail.")


def _source(request: ApiRequest) -> Source:
    return Source.USER if request.auth else Source.API


def _kinds(request: ApiRequest) -> tuple[Kind, ...]:
    named = asked(request).ids("kind") or ()
    if unknown := [one for one in named if one not in list(Kind)]:
        raise Invalid(field_errors={"kind": f"There is no kind {unknown[0]!r}; there are {', '.join(Kind)}."})
    return tuple(Kind(one) for one in named)


def _card(one: Suppression, seen: frozenset[str]) -> SuppressionCard:
    """`seen`: the emails that the caller may know of."""
    email_id = one.email_id if one.email_id in seen else None
    return SuppressionCard(
        one.address, one.kind, one.reason, one.source, email_id, one.created_by, close_date(one.date_created)
    )


ROUTES = [
    list_unsubscribed, unsubscribe_email, resubscribe_email, list_suppressed, get_of, suppress_email, lift_suppression,
    get_log, export_suppressed, get_settings, put_settings,
]  # fmt: skip
