"""What a body gives for custom fields, in all spellings that clients use, and what comes of it. Pure.

    custom.cf_…          by id; `.add` and `.remove` after it for one of several values
    custom.Name          by name
    custom: {Name: …}    the same, as Close's older clients write it

Clients send whole objects back in which one value stands twice; then the spelling that changes something counts.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from postroom.ground.errors import Invalid
from postroom.rooms.custom_fields.field import CustomField, FieldType

MOST_VALUES = 500
LONGEST_TEXT = 10_000
LONGEST_TEXTAREA = 100_000


@dataclass(frozen=True, slots=True)
class Given:
    """One value as a body gives it. `how`: set, add or remove."""

    key: str
    value: Any
    how: str = "set"

    @property
    def is_id(self) -> bool:
        """Whether the field is named by its id; older ids begin with lcf."""
        return self.key.startswith(("cf_", "lcf_"))

    @property
    def spelled(self) -> str:
        """As the body spells it, for what is said about it."""
        return f"custom.{self.key}"


@dataclass(frozen=True, slots=True)
class Settled:
    """All values of a thing by field id; the users and contacts that new ones name, with how these were spelled."""

    custom: Mapping[str, Any]
    users: Mapping[str, str]
    contacts: Mapping[str, str]


def given_in(body: Mapping[str, Any]) -> tuple[Given, ...]:
    """The custom values in a body, those named by id first."""
    named = body.get("custom")
    inside = named.items() if isinstance(named, Mapping) else ()
    found = [_flat(str(key).removeprefix("custom."), value) for key, value in inside]
    for spelled, value in body.items():
        if spelled.startswith("custom."):
            found.append(_flat(spelled.removeprefix("custom."), value))
    return tuple(sorted(found, key=lambda one: not one.is_id))


def unknown_names(fields: Sequence[CustomField], given: Sequence[Given]) -> tuple[str, ...]:
    """Names of no field yet that hold a value: Close makes text fields of them. Raises Invalid for ids of none, and for
    a value without a name."""
    missing = [one for one in given if _field_of(fields, one) is None]
    for one in missing:
        if one.is_id:
            raise Invalid(field_errors={one.spelled: "There is no such custom field."})
        if not one.key.strip() and one.value not in (None, "", []):
            raise Invalid(field_errors={one.spelled: "Name the custom field that this value is for."})
    return tuple(dict.fromkeys(one.key.strip() for one in missing if one.value is not None and one.key.strip()))


def settled(fields: Sequence[CustomField], held: Mapping[str, Any], given: Sequence[Given]) -> Settled:
    """The values after a change. Raises Invalid with the spelling whose value does not fit its field."""
    custom, users, contacts = dict(held), dict[str, str](), dict[str, str]()
    chosen: set[str] = set()
    for one in given:
        field = _field_of(fields, one)
        if field is None or field.id in chosen:
            continue
        after = _after(field, one, held.get(field.id))
        if after == held.get(field.id):
            continue
        chosen.add(field.id)
        if after is None:
            custom.pop(field.id, None)
            continue
        custom[field.id] = after
        named = {FieldType.USER: users, FieldType.CONTACT: contacts}.get(field.content.type)
        if named is not None:
            named.update(dict.fromkeys(after if isinstance(after, list) else [after], one.spelled))
    return Settled(custom, users, contacts)


def closed_among(
    fields: Sequence[CustomField], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[CustomField, ...]:
    """The fields whose values differ, and that only some roles may change."""
    limited = (field for field in fields if field.content.editable_with_roles)
    return tuple(field for field in limited if before.get(field.id) != after.get(field.id))


def check_required(fields: Sequence[CustomField], custom: Mapping[str, Any]) -> None:
    """Raises Invalid where a field that must have a value has none."""
    missing = [field for field in fields if field.content.is_required and field.id not in custom]
    if missing:
        raise Invalid(field_errors={f"custom.{field.id}": f"{field.content.name} is required." for field in missing})


def _flat(rest: str, value: Any) -> Given:
    for how in ("add", "remove"):
        if rest.endswith(f".{how}"):
            return Given(rest.removesuffix(f".{how}"), value, how)
    return Given(rest, value)


def _field_of(fields: Sequence[CustomField], given: Given) -> CustomField | None:
    for field in fields:
        if field.id == given.key:
            return field
    wanted = given.key.strip().casefold()
    return next((field for field in fields if not given.is_id and field.content.name.casefold() == wanted), None)


def _after(field: CustomField, given: Given, held: Any) -> Any:
    """What the field holds after the change; None: nothing."""
    values = given.value if isinstance(given.value, list) else [given.value]
    before = held if isinstance(held, list) else [] if held is None else [held]
    values = [_read(field, value, given, before) for value in values if value is not None and value != ""]
    if not field.content.accepts_multiple_values:
        if given.how != "set" or len(values) > 1:
            raise Invalid(field_errors={given.spelled: f"{field.content.name} holds one value only."})
        return values[0] if values else None
    if given.how == "add":
        values = [*before, *values]
    elif given.how == "remove":
        values = [value for value in before if value not in values]
    values = list(dict.fromkeys(values))
    if len(values) > MOST_VALUES:
        raise Invalid(field_errors={given.spelled: f"A field holds {MOST_VALUES} values at most."})
    return values or None


def _read(field: CustomField, value: Any, given: Given, before: Sequence[Any]) -> Any:
    """What stands there may be sent back or taken away, even where the field has since lost it as a choice."""
    if value in before:
        return value
    try:
        return _READERS[field.content.type](value, field)
    except ValueError as error:
        if given.how == "remove":
            return value
        raise Invalid(field_errors={given.spelled: str(error)}) from error


def _text(value: Any, field: CustomField) -> str:
    if isinstance(value, bool):  # a form's checkbox
        return str(value).lower()
    if not isinstance(value, str | int | float):
        raise ValueError("This must be a text.")
    longest = LONGEST_TEXTAREA if field.content.type is FieldType.TEXTAREA else LONGEST_TEXT
    text = str(value)
    if len(text) > longest:
        raise ValueError(f"This may be {longest} characters long.")
    return text.strip()


def _number(value: Any, _field: CustomField) -> float:
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError
        number = float(value)
        whole = int(number)
    except (ValueError, OverflowError) as error:
        raise ValueError("This must be a number.") from error
    if not math.isfinite(number) or abs(number) > 10**15:
        raise ValueError("This number is too large.")
    return whole if whole == number else number


def _date(value: Any, _field: CustomField) -> str:
    try:
        return date.fromisoformat(value[:10]).isoformat() if isinstance(value, str) else _refuse()
    except ValueError as error:
        raise ValueError("This must be a date, as 2026-12-31.") from error


def _datetime(value: Any, _field: CustomField) -> str:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else _refuse()
        known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return known.astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError) as error:
        raise ValueError("This must be a date-time, as 2026-12-31T09:30:00+00:00.") from error


def _refuse() -> Any:
    raise ValueError


def _choice(value: Any, field: CustomField) -> str:
    if value not in field.content.choices:
        raise ValueError(f"This must be one of: {', '.join(field.content.choices)}.")
    return str(value)


def _id(value: Any, field: CustomField) -> str:
    if not isinstance(value, str):
        raise ValueError(f"This must be the id of a {field.content.type.value}.")
    return value


_READERS: Mapping[FieldType, Callable[[Any, CustomField], Any]] = {
    FieldType.TEXT: _text,
    FieldType.TEXTAREA: _text,
    FieldType.HIDDEN: _text,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.CHOICES: _choice,
    FieldType.USER: _id,
    FieldType.CONTACT: _id,
}
