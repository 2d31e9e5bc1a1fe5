"""What bodies give for custom fields, in every spelling, and what values each type takes."""

from typing import Any

import pytest

from postroom.ground.errors import Invalid
from postroom.rooms.custom_fields.field import CustomField, FieldContent, FieldType, Kind, checked_field
from postroom.rooms.custom_fields.values import check_required, given_in, settled, unknown_names

CHOICES = ("Red", "Blue")


def field(kind: FieldType, multiple: bool = False, required: bool = False) -> CustomField:
    content = FieldContent(kind.value.title(), kind, "", CHOICES, multiple, required)
    return CustomField(f"cf_{kind.value}{'s' if multiple else ''}", Kind.LEAD, content)


ALL = tuple(field(kind) for kind in FieldType)


def after(body: dict[str, Any], held: dict[str, Any] | None = None, fields: tuple[CustomField, ...] = ALL) -> Any:
    return settled(fields, held or {}, given_in(body)).custom


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (FieldType.TEXT, "  a ", "a"),
        (FieldType.TEXT, 5, "5"),
        (FieldType.TEXTAREA, "a\nb", "a\nb"),
        (FieldType.NUMBER, "2.50", 2.5),
        (FieldType.NUMBER, 3.0, 3),
        (FieldType.DATE, "2026-12-31", "2026-12-31"),
        (FieldType.DATE, "2026-12-31T10:00:00Z", "2026-12-31"),
        (FieldType.DATETIME, "2026-12-31T10:00:00+02:00", "2026-12-31T08:00:00.000000+00:00"),
        (FieldType.DATETIME, "2026-12-31", "2026-12-31T00:00:00.000000+00:00"),
        (FieldType.CHOICES, "Red", "Red"),
        (FieldType.USER, "user_1", "user_1"),
        (FieldType.HIDDEN, "x", "x"),
        (FieldType.TEXT, "", None),
        (FieldType.NUMBER, None, None),
    ],
)
def test_each_type_keeps_its_values_in_one_form(kind: FieldType, given: Any, kept: Any) -> None:
    key = f"cf_{kind.value}"
    expected = {} if kept is None else {key: kept}
    assert after({f"custom.{key}": given}) == expected
    assert after({"custom": {kind.value.upper(): given}}, {key: "old"}) == expected


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (FieldType.TEXT, {"a": 1}), (FieldType.TEXT, "x" * 10_001), (FieldType.NUMBER, "ten"),
        (FieldType.NUMBER, True), (FieldType.NUMBER, "nan"), (FieldType.NUMBER, 1e300), (FieldType.DATE, "soon"),
        (FieldType.DATE, 20261231), (FieldType.DATETIME, "2026-13-01"), (FieldType.CHOICES, "Green"),
        (FieldType.CHOICES, ["Red", "Blue"]), (FieldType.USER, 7), (FieldType.CONTACT, [1]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_as_the_body_spells_it(kind: FieldType, given: Any) -> None:
    for body in ({f"custom.cf_{kind.value}": given}, {f"custom.{kind.value}": given}):
        with pytest.raises(Invalid) as refused:
            after(body)
        assert list(refused.value.field_errors) == list(body)


def test_several_values_are_replaced_added_and_removed() -> None:
    fields = (field(FieldType.CHOICES, multiple=True),)
    key = "cf_choicess"
    assert after({f"custom.{key}": "Red"}, {}, fields) == {key: ["Red"]}
    assert after({f"custom.{key}": ["Blue", "Red", "Blue"]}, {key: ["Red"]}, fields) == {key: ["Blue", "Red"]}
    assert after({f"custom.{key}.add": "Blue"}, {key: ["Red"]}, fields) == {key: ["Red", "Blue"]}
    assert after({f"custom.{key}.remove": ["Red"]}, {key: ["Red", "Blue"]}, fields) == {key: ["Blue"]}
    assert after({f"custom.{key}.remove": "Red"}, {key: ["Red"]}, fields) == {}
    assert after({f"custom.{key}": []}, {key: ["Red"]}, fields) == {}
    with pytest.raises(Invalid):
        after({"custom.cf_text.add": "x"})


@pytest.mark.parametrize(("flat", "named"), [("new", "old"), ("old", "new"), ("new", "new")])
def test_of_a_value_sent_back_twice_the_one_that_changes_something_counts(flat: str, named: str) -> None:
    body = {"custom": {"Text": named}, "custom.cf_text": flat}
    assert after(body, {"cf_text": "old"}) == {"cf_text": "new"}


def test_names_of_no_field_are_told_and_ids_of_none_refused() -> None:
    assert unknown_names(ALL, given_in({"custom": {"New": 1, "Text": "x", "Gone": None}, "custom.Other one": "y"})) == (
        "New", "Other one",
    )  # fmt: skip
    for key in ("cf_none", "lcf_none"):
        with pytest.raises(Invalid):
            unknown_names(ALL, given_in({f"custom.{key}": "x"}))


def test_users_and_contacts_that_a_change_names_are_told() -> None:
    found = settled(ALL, {"cf_contact": "cont_1"}, given_in({"custom.cf_user": "user_1", "custom.Contact": "cont_1"}))
    assert (dict(found.users), dict(found.contacts)) == ({"user_1": "custom.cf_user"}, {})


def test_a_required_field_wants_a_value() -> None:
    fields = (field(FieldType.TEXT, required=True),)
    with pytest.raises(Invalid):
        check_required(fields, {})
    check_required(fields, {"cf_text": "x"})


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (FieldContent(""), "name"),
        (FieldContent("x" * 201), "name"),
        (FieldContent("x", FieldType.CHOICES), "choices"),
        (FieldContent("x", FieldType.CHOICES, choices=("a", "a")), "choices"),
        (FieldContent("x", FieldType.TEXTAREA, accepts_multiple_values=True), "accepts_multiple_values"),
    ],
)
def test_a_field_that_makes_no_sense_is_refused(content: FieldContent, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_field(Kind.LEAD, content)
    assert wrong in refused.value.field_errors
