"""What the routes of all kinds of activities share: the filters of their lists, and one activity shown or written."""

from datetime import datetime
from typing import Any, TypeVar, cast

from postroom.doors.web.errors import ApiRequest
from postroom.doors.web.groups import asked_of_users
from postroom.doors.web.query import Asked, Deleted, shown
from postroom.doors.web.reach import stamp_of, tools_of
from postroom.doors.web.telling import told, told_made
from postroom.ground.database import Transaction
from postroom.journeys.log_activity import log_activity
from postroom.rooms.activities import store
from postroom.rooms.activities.activity import EVENT_TYPES, Activity, Kind
from postroom.views.record_list import RecordCard, RecordFilter, record_card, record_page
from postroom.views.references import require_contact, require_user

C = TypeVar("C")

FILTERS = (
    "lead_id", "contact_id", "user_id", "id__in",
    "date_created__gt", "date_created__gte", "date_created__lt", "date_created__lte",
    "activity_at__gt", "activity_at__gte", "activity_at__lt", "activity_at__lte",
    "_limit", "_skip", "_fields", "_order_by",
)  # fmt: skip


async def cards_asked(request: ApiRequest, kind: Kind, card: type[C]) -> tuple[list[C], bool]:
    """Activities of this kind, as the query string filters them, and whether there are more."""
    async with tools_of(request).db.reading() as tx:
        query = await asked_of_users(request, tx)
        found = await record_page(tx, request.user.organization_id, (kind.value, record_filter(query)), query.page())
    return cast(tuple[list[C], bool], found)


async def card_of(request: ApiRequest, tx: Transaction, thing: tuple[Kind, str], card: type[C]) -> C:
    """One activity (`thing` is kind, id), cut down to `_fields`. Raises NotFound."""
    found: RecordCard = await record_card(tx, request.user.organization_id, thing[0].value, thing[1])
    return shown(request, cast(C, found))


async def log_record(request: ApiRequest, tx: Transaction, made: tuple[Activity, datetime | None], card: type[C]) -> C:
    """Put a new activity on its lead, with the moment of its making if one is given. Raises Invalid."""
    await check_people(request, tx, made[0])
    record_id = await log_activity(tx, request.user.organization_id, made, stamp_of(request))
    await told_made(request, tx, EVENT_TYPES[made[0].kind], record_id)
    return await card_of(request, tx, (made[0].kind, record_id), card)


async def change_record(request: ApiRequest, tx: Transaction, after: tuple[str, Activity], card: type[C]) -> C:
    """Make an activity (`after` is id, content) what it is now, and tell of it. Raises Invalid."""
    record_id, activity = after
    await check_people(request, tx, activity)
    async with told(request, tx, EVENT_TYPES[activity.kind], record_id):
        await store.change_activity(tx, request.user.organization_id, after, stamp_of(request))
    return await card_of(request, tx, (activity.kind, record_id), card)


async def delete_record(request: ApiRequest, kind: Kind, record_id: str) -> Deleted:
    """Take an activity off its lead. Raises NotFound."""
    async with tools_of(request).db.transaction() as tx, told(request, tx, EVENT_TYPES[kind], record_id):
        await store.delete_activity(tx, request.user.organization_id, kind, record_id, stamp=stamp_of(request))
    return Deleted()


async def check_people(request: ApiRequest, tx: Transaction, given: Any) -> None:
    """Raises Invalid where an activity names a user or contact that is not of the organization."""
    await require_user(tx, request.user.organization_id, "user_id", given.user_id)
    await require_contact(tx, request.user.organization_id, "contact_id", given.contact_id)


def record_filter(query: Asked) -> RecordFilter:
    """The filters that all kinds share."""
    type_ids = query.ids("custom_activity_type_id", "custom_activity_type_id__in")
    return RecordFilter(
        ids=query.ids("id__in", "id"),
        type_ids=type_ids and tuple(type_id.removeprefix("custom.") for type_id in type_ids),
        lead_ids=query.ids("lead_id", "lead_id__in"),
        contact_ids=query.ids("contact_id", "contact_id__in"),
        user_ids=query.ids("user_id", "user_id__in"),
        date_created=query.span("date_created"),
        activity_at=query.span("activity_at"),
        order=query.order(),
    )
