"""The generator of random searches knows the fields that there are."""

import pytest

from postroom.views.search_fields import Absent
from postroom.views.search_things import THINGS
from tests.views.search_trees import FIELDS


@pytest.mark.parametrize("kind", FIELDS)
def test_every_field_that_is_tried_is_there(kind: str) -> None:
    assert set(FIELDS[kind]) <= {*THINGS[kind].fields}


def test_nearly_every_field_of_leads_is_tried_by_chance() -> None:
    """The rest is asked and sorted by in `test_lead_search.py`, but not compared with plain Python."""
    known = {name for name, shape in THINGS["lead"].fields.items() if not isinstance(shape, Absent)}
    assert len(known & {*FIELDS["lead"]}) > 0.9 * len(known)
