"""Every query of custom fields. A change and its event are one; values stand with the things that carry them."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.ground.events import Event, append
from postroom.ground.ids import new_id
from postroom.ground.stamp import Stamp
from postroom.rooms.custom_fields.field import (
    CustomField,
    FieldContent,
    FieldType,
    Kind,
    Target,
    as_it_stands,
    checked_field,
)

_COLUMNS = (
    "id, kind, name, type, description, choices, accepts_multiple_values, is_required, editable_with_roles, type_id,"
    " associations"
)


async def fields_on(tx: Transaction, organization_id: str, target: Target) -> tuple[CustomField, ...]:
    """The fields that stand on a kind of thing, shared ones included, in order."""
    rows = await (
        await tx.execute(
            f"select {_COLUMNS} from custom_fields where organization_id = %s"
            " and ((kind = %s and type_id = %s) or (kind = 'shared' and associations @> %s)) order by position, id",
            (organization_id, target.kind.value, target.type_id, Jsonb([dict(target.association)])),
        )
    ).fetchall()
    return tuple(as_it_stands(_field(row), target) for row in rows)


async def field_to_change(tx: Transaction, organization_id: str, kind: Kind, field_id: str) -> CustomField:
    """One field, locked until the transaction ends. Raises NotFound, also for one of another kind."""
    row = await (
        await tx.execute(
            f"select {_COLUMNS} from custom_fields where organization_id = %s and kind = %s and id = %s for update",
            (organization_id, kind.value, field_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such custom field.")
    return _field(row)


async def insert_field(tx: Transaction, organization_id: str, given: tuple[Kind, FieldContent], stamp: Stamp) -> str:
    """Make a field after the others; its id. Raises Invalid, also for a name that is taken."""
    field_id = await _insert(tx, organization_id, given, stamp)
    if field_id is None:
        raise _taken(given[1].name)
    return field_id


async def ensure_field(tx: Transaction, organization_id: str, given: tuple[Kind, FieldContent], stamp: Stamp) -> None:
    """Make a field unless there is one of this name: another request may just have named it first. Raises Invalid."""
    await _insert(tx, organization_id, given, stamp)


async def _insert(tx: Transaction, organization_id: str, given: tuple[Kind, FieldContent], stamp: Stamp) -> str | None:
    """The new field's id; None where the name is taken. Waits for whoever is just making a field of this name."""
    kind, content = given
    checked_field(kind, content)
    field_id = new_id("cf")
    made = await tx.execute(
        "insert into custom_fields (organization_id, id, kind, type_id, name, description, type, choices,"
        " accepts_multiple_values, is_required, editable_with_roles, position, created_by, updated_by, date_created,"
        " date_updated) values (%(org)s, %(id)s, %(kind)s, %(type_id)s, %(name)s, %(description)s, %(type)s,"
        " %(choices)s, %(multiple)s, %(required)s, %(roles)s, (select coalesce(max(position) + 1, 0) from custom_fields"
        " where organization_id = %(org)s and kind = %(kind)s), %(by)s, %(by)s, %(now)s, %(now)s)"
        " on conflict (organization_id, kind, type_id, name) do nothing",
        {**_values(content), "org": organization_id, "id": field_id, "kind": kind.value, **_by(stamp)},
    )
    if not made.rowcount:
        return None
    await _tell(tx, organization_id, (kind, field_id, "created"), stamp)
    return field_id


async def change_field(
    tx: Transaction, organization_id: str, change: tuple[Kind, str, FieldContent], stamp: Stamp
) -> None:
    """Make a field what `change` (kind, id, content) says; its type stays. Raises NotFound, Invalid."""
    kind, field_id, content = change
    checked_field(kind, content)
    changed = await tx.execute(
        "update custom_fields set name = %(name)s, description = %(description)s, choices = %(choices)s,"
        " accepts_multiple_values = %(multiple)s, is_required = %(required)s, editable_with_roles = %(roles)s,"
        " updated_by = %(by)s, date_updated = %(now)s where organization_id = %(org)s and id = %(id)s"
        " and not exists (select 1 from custom_fields o where o.organization_id = %(org)s and o.kind = %(kind)s"
        " and o.type_id = %(type_id)s and o.name = %(name)s and o.id <> %(id)s)",
        {**_values(content), "org": organization_id, "id": field_id, "kind": kind.value, **_by(stamp)},
    )
    if not changed.rowcount:
        raise _taken(content.name)
    await _tell(tx, organization_id, (kind, field_id, "updated"), stamp)


async def delete_field(tx: Transaction, organization_id: str, kind: Kind, field_id: str, *, stamp: Stamp) -> None:
    """Remove a field; its values are shown no more. Raises NotFound."""
    removed = await tx.execute(
        "delete from custom_fields where organization_id = %s and kind = %s and id = %s",
        (organization_id, kind.value, field_id),
    )
    if not removed.rowcount:
        raise NotFound("There is no such custom field.")
    await _tell(tx, organization_id, (kind, field_id, "deleted"), stamp)


async def set_associations(
    tx: Transaction, organization_id: str, change: tuple[str, Sequence[Mapping[str, object]]], stamp: Stamp
) -> None:
    """Where a shared field stands (`change` is its id and all of it)."""
    field_id, associations = change
    await tx.execute(
        "update custom_fields set associations = %s, updated_by = %s, date_updated = %s"
        " where organization_id = %s and id = %s",
        (Jsonb([dict(one) for one in associations]), stamp.user_id, stamp.now, organization_id, field_id),
    )
    await _tell(tx, organization_id, (Kind.SHARED, field_id, "updated"), stamp)


async def place_fields(tx: Transaction, organization_id: str, field_ids: Sequence[str]) -> None:
    """Put these fields in this order."""
    await tx.execute(
        "update custom_fields f set position = o.place from unnest(%s::text[]) with ordinality o (id, place)"
        " where f.organization_id = %s and f.id = o.id",
        (list(field_ids), organization_id),
    )


def _field(row: Sequence[Any]) -> CustomField:
    field_id, kind, name, kind_of_value, description, choices, multiple, required, roles, type_id, associations = row
    content = FieldContent(
        name, FieldType(kind_of_value), description, tuple(choices), multiple, required, tuple(roles), type_id
    )
    return CustomField(field_id, Kind(kind), content, tuple(associations))


def _values(content: FieldContent) -> dict[str, object]:
    return {
        "name": content.name,
        "description": content.description,
        "type": content.type.value,
        "choices": list(content.choices),
        "multiple": content.accepts_multiple_values,
        "required": content.is_required,
        "roles": list(content.editable_with_roles),
        "type_id": content.type_id,
    }


def _by(stamp: Stamp) -> dict[str, object]:
    return {"by": stamp.user_id, "now": stamp.now}


async def _tell(tx: Transaction, organization_id: str, happened: tuple[Kind, str, str], stamp: Stamp) -> None:
    kind, field_id, action = happened
    event = Event(f"custom_fields.{kind.value}", field_id, action, user_id=stamp.user_id)
    await append(tx, organization_id, [event], stamp.now)


def _taken(name: str) -> Invalid:
    return Invalid(field_errors={"name": f"There is a custom field {name!r} already."})
