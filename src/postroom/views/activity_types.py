"""The types of custom activities with their fields, as Close prints them."""

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.views.field_list import FieldCard, fields_of_types
from postroom.views.selection import Page, Where, as_date, cut, rows_of


class ActivityTypeCard(msgspec.Struct, frozen=True):
    """A type of custom activities, in the shape of `/custom_activity/`."""

    id: str
    organization_id: str
    name: str
    description: str
    api_create_only: bool
    is_archived: bool
    editable_with_roles: list[str]
    fields: list[FieldCard]
    created_by: str | None
    updated_by: str | None
    date_created: str
    date_updated: str


class ActivityTypePage(msgspec.Struct, frozen=True):
    """Some types of custom activities."""

    data: list[ActivityTypeCard]
    has_more: bool


async def activity_type_page(
    tx: Transaction, organization_id: str, page: Page, type_id: str | None = None
) -> ActivityTypePage:
    """The types by name; one of them where `type_id` is given."""
    where = Where.of("t.organization_id", organization_id)
    where.equal("t.id", type_id)
    cursor = rows_of(tx, ActivityTypeCard)
    await cursor.execute(
        "select t.id, t.organization_id, t.name, t.description, t.api_create_only, t.is_archived,"
        f" to_json(t.editable_with_roles), '[]'::json, t.created_by, t.updated_by, {as_date('t.date_created')},"
        f" {as_date('t.date_updated')} from custom_activity_types t where {where} order by lower(t.name), t.id"
        " limit %(limit)s offset %(skip)s",
        {**where.values, "limit": page.limit + 1, "skip": page.skip},
    )
    types, has_more = cut(await cursor.fetchall(), page)
    fields = await fields_of_types(tx, organization_id, [one.id for one in types])
    return ActivityTypePage([msgspec.structs.replace(one, fields=fields[one.id]) for one in types], has_more)


async def activity_type_card(tx: Transaction, organization_id: str, type_id: str) -> ActivityTypeCard:
    """One type. Raises NotFound."""
    page = await activity_type_page(tx, organization_id, Page(1), type_id)
    if not page.data:
        raise NotFound("There is no such custom activity type.")
    return page.data[0]
