"""Custom fields as Close prints them."""

from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.views.selection import Page, Where, as_date, cut, rows_of


class FieldCard(msgspec.Struct, frozen=True):
    """A custom field, in the shape of `/custom_field/`."""

    id: str
    name: str
    description: str
    type: str
    choices: list[str]
    accepts_multiple_values: bool
    editable_with_roles: list[str]
    is_shared: bool
    associations: list[dict[str, Any]]
    required: bool
    custom_activity_type_id: str | None
    referenced_custom_type_id: str | None
    organization_id: str
    created_by: str | None
    updated_by: str | None
    date_created: str
    date_updated: str


class FieldPage(msgspec.Struct, frozen=True):
    """Some custom fields."""

    data: list[FieldCard]
    has_more: bool


class FieldSchema(msgspec.Struct, frozen=True):
    """All fields that stand on a kind of thing, shared ones included, in order."""

    fields: list[FieldCard]


async def field_page(tx: Transaction, organization_id: str, wanted: tuple[str, str], page: Page) -> FieldPage:
    """The fields of a kind (`wanted` is kind, type id or ""), in order."""
    kind, type_id = wanted
    where = Where.of("f.organization_id", organization_id)
    where.equal("f.kind", kind)
    where.equal("f.type_id", type_id or None)
    cursor = rows_of(tx, FieldCard)
    await cursor.execute(
        f"select {_COLUMNS} from custom_fields f where {where} order by f.position, f.id"
        " limit %(limit)s offset %(skip)s",
        {**where.values, "limit": page.limit + 1, "skip": page.skip},
    )
    return FieldPage(*cut(await cursor.fetchall(), page))


async def field_card(tx: Transaction, organization_id: str, kind: str, field_id: str) -> FieldCard:
    """One field of this kind. Raises NotFound."""
    cursor = rows_of(tx, FieldCard)
    await cursor.execute(
        f"select {_COLUMNS} from custom_fields f where f.organization_id = %s and f.kind = %s and f.id = %s",
        (organization_id, kind, field_id),
    )
    card = await cursor.fetchone()
    if card is None:
        raise NotFound("There is no such custom field.")
    return card


async def fields_by_id(tx: Transaction, organization_id: str, field_ids: list[str]) -> list[FieldCard]:
    """These fields, in this order."""
    cursor = rows_of(tx, FieldCard)
    await cursor.execute(
        f"select {_COLUMNS} from custom_fields f where f.organization_id = %s and f.id = any(%s)"
        " order by array_position(%s::text[], f.id)",
        (organization_id, field_ids, field_ids),
    )
    return await cursor.fetchall()


async def fields_of_types(tx: Transaction, organization_id: str, type_ids: list[str]) -> dict[str, list[FieldCard]]:
    """The fields of these types of custom activities, shared ones included, by type."""
    found: dict[str, list[FieldCard]] = {type_id: [] for type_id in type_ids}
    cursor = rows_of(tx, FieldCard)
    await cursor.execute(
        f"select {_COLUMNS} from custom_fields f where f.organization_id = %s"
        " and (f.kind = 'shared' or (f.kind = 'activity' and f.type_id = any(%s))) order by f.position, f.id",
        (organization_id, type_ids),
    )
    for card in await cursor.fetchall():
        if card.custom_activity_type_id:
            found[card.custom_activity_type_id].append(card)
            continue
        for association in msgspec.json.decode(msgspec.json.encode(card.associations)):
            found.get(str(association.get("custom_activity_type_id")), []).append(card)
    return found


_COLUMNS = ", ".join(
    (
        "f.id", "f.name", "f.description", "f.type", "to_json(f.choices)", "f.accepts_multiple_values",
        "to_json(f.editable_with_roles)", "f.kind = 'shared'", "f.associations", "f.is_required",
        "nullif(f.type_id, '')", "null", "f.organization_id", "f.created_by", "f.updated_by",
        as_date("f.date_created"), as_date("f.date_updated"),
    )
)  # fmt: skip
