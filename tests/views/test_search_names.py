"""The generator of random searches knows the fields that there are."""

import pytest

from postroom.views.search_smart import SMART_OF_LEADS
from postroom.views.search_things import THINGS
from postroom.views.search_unkept import UNKEPT_OF_LEADS
from postroom.views.search_worth import SUMMED_OF_LEADS
from tests.views.search_trees import FIELDS


@pytest.mark.parametrize("kind", FIELDS)
def test_every_field_that_is_tried_is_there(kind: str) -> None:
    assert set(FIELDS[kind]) <= {*THINGS[kind].fields}


def test_nearly_every_field_of_leads_is_tried_by_chance() -> None:
    """The rest is asked and sorted by in `test_lead_search.py`, but not compared with plain Python."""
    known = THINGS["lead"].fields.keys() - UNKEPT_OF_LEADS.keys() - SMART_OF_LEADS.keys() - SUMMED_OF_LEADS.keys()
    assert len(known & {*FIELDS["lead"]}) > 0.9 * len(known)
