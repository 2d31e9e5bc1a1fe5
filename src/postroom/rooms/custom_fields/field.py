"""A custom field as a value, and the rules of what may be written of one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from postroom.ground.errors import Invalid

MOST_CHOICES = 1_000
LONGEST_NAME = 200


class Kind(StrEnum):
    """On what a field stands. A shared one stands where its associations say."""

    LEAD = "lead"
    CONTACT = "contact"
    OPPORTUNITY = "opportunity"
    ACTIVITY = "activity"
    SHARED = "shared"


class FieldType(StrEnum):
    """What values it takes. Hidden ones are texts for programs, not shown on the page."""

    TEXT = "text"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    CHOICES = "choices"
    USER = "user"
    CONTACT = "contact"
    HIDDEN = "hidden"


SINGLE = (FieldType.TEXTAREA, FieldType.HIDDEN)
"""Types that hold one value only."""


@dataclass(frozen=True, slots=True)
class FieldContent:
    """What a person may write of a field; `type_id` is that of the custom activities it stands on, else ""."""

    name: str
    type: FieldType = FieldType.TEXT
    description: str = ""
    choices: tuple[str, ...] = ()
    accepts_multiple_values: bool = False
    is_required: bool = False
    editable_with_roles: tuple[str, ...] = ()
    type_id: str = ""


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field that is stored."""

    id: str
    kind: Kind
    content: FieldContent
    associations: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What carries values: leads, contacts, opportunities, or custom activities of one type."""

    kind: Kind
    type_id: str = ""

    @property
    def association(self) -> Mapping[str, object]:
        """How a shared field says that it stands here."""
        if self.kind is Kind.ACTIVITY:
            return {"object_type": "custom_activity_type", "custom_activity_type_id": self.type_id}
        return {"object_type": self.kind.value}


def as_it_stands(field: CustomField, target: Target) -> CustomField:
    """The field on this kind of thing: for a shared one, whether it is required and who may change it is said there."""
    for one in field.associations:
        place = {name: one[name] for name in ("object_type", "custom_activity_type_id") if one.get(name)}
        if place == target.association:
            roles = one.get("editable_with_roles")
            given = tuple(str(role) for role in roles) if isinstance(roles, list) else ()
            is_required = one.get("required") is True
            return replace(field, content=replace(field.content, is_required=is_required, editable_with_roles=given))
    return field


def checked_field(kind: Kind, content: FieldContent) -> FieldContent:
    """The field if it may be stored. Raises Invalid with what is wrong."""
    if not content.name:
        raise Invalid(field_errors={"name": "This field is required."})
    if len(content.name) > LONGEST_NAME:
        raise Invalid(field_errors={"name": f"This may be {LONGEST_NAME} characters long."})
    if content.type is FieldType.CHOICES and not content.choices:
        raise Invalid(field_errors={"choices": "A field of choices needs at least one."})
    if len(content.choices) > MOST_CHOICES or len(set(content.choices)) != len(content.choices):
        raise Invalid(field_errors={"choices": f"These must differ, and be at most {MOST_CHOICES}."})
    if content.accepts_multiple_values and content.type in SINGLE:
        raise Invalid(field_errors={"accepts_multiple_values": f"A {content.type.value} field holds one value."})
    if kind is Kind.ACTIVITY and not content.type_id:
        raise Invalid(field_errors={"custom_activity_type_id": "This field is required."})
    return content


def field_type(text: str) -> FieldType:
    """The type of this name. Raises Invalid."""
    try:
        return FieldType(text or "text")
    except ValueError as error:
        known = ", ".join(FieldType)
        raise Invalid(field_errors={"type": f"There is no type {text!r}; there are {known}."}) from error
