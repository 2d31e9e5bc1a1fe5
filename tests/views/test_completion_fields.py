"""The fields that the page's search box suggests are fields that a search understands."""

import json

from postroom.views.search_fields import Column, Count, Through
from postroom.views.search_things import THINGS
from tests.house.sources import ROOT

_SUGGESTED: dict[str, dict[str, str]] = json.loads(
    (ROOT / "ui/src/features/leadList/queryFields.json").read_text(encoding="utf-8")
)


def _kind(thing: str, name: str) -> str:
    """What values a field has, as the page calls it."""
    shape = THINGS[thing].fields[name]
    if isinstance(shape, Through):
        return _kind(shape.thing, shape.field)
    if isinstance(shape, Column):
        return shape.kind.name.lower()
    return "number" if isinstance(shape, Count) else "moment"


def test_every_suggested_field_is_there_with_the_kind_of_values_that_the_page_suggests() -> None:
    understood = {
        thing: {
            kind: " ".join(name for name in names.split() if _kind(thing, name) == kind)
            for kind, names in kinds.items()
        }
        for thing, kinds in _SUGGESTED.items()
    }
    assert understood == _SUGGESTED
