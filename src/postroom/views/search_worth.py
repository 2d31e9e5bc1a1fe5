"""Close's smart fields of a lead that are summed up: its calls one way and the other, what its opportunities are worth,
and what the first among these says. Smart Views that were made for Close ask for them.
"""

from itertools import product

from postroom.views.search_fields import Column, Count, FieldShape, Kind, Newest, OfEdge, Oldest

_AT, _ANY = "{a}.activity_at", "true"
_CALLED, _CAME = "{a}.direction = 'outbound'", "{a}.direction = 'inbound'"
_MISSED = f"{_CAME} and coalesce({{a}}.duration, 0) = 0"
_TIMES = "(case o.value_period when 'monthly' then 12 else 1 end)"
_OF_LEAD = (
    "(select {0} from opportunities o join opportunity_statuses s on s.organization_id = o.organization_id"
    " and s.id = o.status_id where o.organization_id = {{a}}.organization_id and o.lead_id = {{a}}.id and {1})"
)
_SUMS = {"total": "sum", "avg": "avg", "min": "min", "max": "max"}
_STATES = {"": "true", "active_": "s.type = 'active'", "won_": "s.type = 'won'", "lost_": "s.type = 'lost'"}
_PERIODS = ("annual", "monthly", "one_time")


def _worth(name: str, period: str, state: str) -> FieldShape:
    """In cents, as everywhere; annualized are all of them, a monthly value twelve times."""
    if period == "annualized":
        return Column(Kind.NUMBER, _OF_LEAD.format(f"{_SUMS[name]}(o.value * {_TIMES})", _STATES[state]))
    only = f"{_STATES[state]} and o.value_period = '{period}'"
    return Column(Kind.NUMBER, _OF_LEAD.format(f"{_SUMS[name]}(o.value)", only))


PRIMARY_ORDER = (
    "(select row((case s.type when 'active' then 2 when 'won' then 1 else 0 end), {a}.date_created)"
    " from opportunity_statuses s where s.organization_id = {a}.organization_id and s.id = {a}.status_id)"
)
"""The primary opportunity of a lead: of the open ones, else the won, else the lost, the newest. Close does not say."""
PRIMARY = {
    **{
        name: name
        for name in (
            "id",
            "status_id",
            "status_label",
            "status_type",
            "pipeline_id",
            "pipeline_name",
            "user_id",
            "value",
            "value_period",
            "expected_value",
            "annualized_value",
            "annualized_expected_value",
            "confidence",
            "note",
            "date_won",
            "date_lost",
            "date_created",
            "date_updated",
            "created_by",
            "updated_by",
        )
    },
    "status": "status_id",
    "user": "user_id",
    "user_name": "user_id",
    "created": "date_created",
    "updated": "date_updated",
}
"""By the end of a smart field's name the field of the opportunity."""
SUMMED_OF_LEADS: dict[str, FieldShape] = {
    "first_call_created": Oldest("call", _AT),
    "last_call_created": Newest("call", _AT),
    "first_outgoing_call_date": Oldest("call", _AT, _CALLED),
    "last_outgoing_call_date": Newest("call", _AT, _CALLED),
    "first_incoming_call_date": Oldest("call", _AT, _CAME),
    "last_incoming_call_date": Newest("call", _AT, _CAME),
    **{
        f"{side}_call_{name}": OfEdge("call", field, _AT, side == "last", _ANY)
        for side in ("first", "last")
        for name, field in (
            ("duration", "duration"), ("disposition", "disposition"), ("note", "note"), ("user", "user"),
            ("user_id", "user"),
        )
    },
    **{
        f"primary_opportunity_{name}": OfEdge("opportunity", field, PRIMARY_ORDER, True, _ANY)
        for name, field in PRIMARY.items()
    },
    "num_outgoing_calls": Count("call", _CALLED),
    "num_incoming_calls": Count("call", _CAME),
    "num_missed_calls": Count("call", _MISSED),
    "last_opportunity_status_change_date": Newest("status_change", _AT),
    **{f"num_{period}_opportunities": Count("opportunity", f"{{a}}.value_period = '{period}'") for period in _PERIODS},
    **{
        f"{name}_{period}_{state}opportunity_value": _worth(name, period, state)
        for name, period, state in product(_SUMS, (*_PERIODS, "annualized"), _STATES)
    },
}  # fmt: skip
