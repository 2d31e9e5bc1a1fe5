"""The generator of random searches knows the fields that there are."""

from postroom.views.search_fields import Absent
from postroom.views.search_things import THINGS
from tests.views.search_trees import FIELDS

UNTRIED = {
    "lead": {"all_urls_count", "last_opportunity_won_date", "notifications", "updated_by"},
    "contact": {"created_by", "date_updated", "id", "lead_id", "updated", "updated_by", "urls_count"},
}
"""Asked and sorted by in `test_lead_search.py`, but not compared with plain Python."""


def test_every_field_of_leads_and_contacts_is_tried_by_chance() -> None:
    for kind, untried in UNTRIED.items():
        known = {name for name, shape in THINGS[kind].fields.items() if not isinstance(shape, Absent)}
        assert known - set(FIELDS[kind]) == untried, kind
        assert set(FIELDS[kind]) <= known, kind
