"""Smart fields of a lead for `smart_fields.py`: what its primary opportunity says, and what tells of things that are
not kept here, of which there are none.
"""

from postroom.views.search_fields import Count
from postroom.views.search_unkept import UNKEPT_OF_LEADS
from postroom.views.search_worth import PRIMARY_ORDER
from postroom.views.selection import as_date, as_name

_TIMES = "case o.value_period when 'monthly' then 12 else 1 end"
_EXPECTED = "o.value * o.confidence / 100"
_SHOWN = {
    "id": "o.id", "status": "s.label", "status_id": "o.status_id", "status_label": "s.label", "status_type": "s.type",
    "pipeline_id": "s.pipeline_id", "pipeline_name": "p.name", "user": as_name("u"), "user_id": "o.user_id",
    "user_name": as_name("u"), "value": "o.value", "value_period": "o.value_period", "expected_value": _EXPECTED,
    "annualized_value": f"o.value * {_TIMES}", "annualized_expected_value": f"{_EXPECTED} * {_TIMES}",
    "confidence": "o.confidence", "note": "o.note", "date_won": "o.date_won", "date_lost": as_date("o.date_lost"),
    "date_created": as_date("o.date_created"), "date_updated": as_date("o.date_updated"),
    "created": as_date("o.date_created"), "updated": as_date("o.date_updated"), "created_by": "o.created_by",
    "updated_by": "o.updated_by",
}  # fmt: skip


def primary_opportunity() -> tuple[dict[str, str], str]:
    """Its fields, and what they are selected from for a lead `l`."""
    order = PRIMARY_ORDER.replace("{a}", "o")
    return {f"primary_opportunity_{name}": sql for name, sql in _SHOWN.items()}, (
        "from opportunities o join opportunity_statuses s on s.organization_id = o.organization_id"
        " and s.id = o.status_id join pipelines p on p.organization_id = s.organization_id and p.id = s.pipeline_id"
        " left join users u on u.organization_id = o.organization_id and u.id = o.user_id"
        " where o.organization_id = l.organization_id and o.lead_id = l.id"
        f" order by {order} desc, o.id limit 1"
    )


def never_kept() -> tuple[dict[str, str], str]:
    """Counts of 0, dates of null."""
    return {
        name: "0" if isinstance(shape, Count) else "null::text"
        for name, shape in UNKEPT_OF_LEADS.items()
        if name.startswith(("num_", "first_", "last_", "next_"))
    }, ""
