"""What can be searched of opportunities, notes, calls, changes of status and custom activities, and what of them can be
asked of a lead. The rest stands in `search_things.py`.
"""

from postroom.views.search_fields import Column, Count, CountOrNewest, FieldShape, Kind, Newest, Oldest, Thing, Through

BY_A_USER = {
    "created_by": Column(Kind.USER, "{a}.created_by"),
    "updated_by": Column(Kind.USER, "{a}.updated_by"),
}
DATES = {
    "date_created": Column(Kind.MOMENT, "{a}.date_created", is_always=True),
    "date_updated": Column(Kind.MOMENT, "{a}.date_updated", is_always=True),
    "created": Column(Kind.MOMENT, "{a}.date_created", is_always=True),
    "updated": Column(Kind.MOMENT, "{a}.date_updated", is_always=True),
}
_STAGE = "from opportunity_statuses s where s.organization_id = {a}.organization_id and s.id = {a}.status_id"
_PIPELINE = (
    "(select p.name from pipelines p join opportunity_statuses s on s.organization_id = p.organization_id"
    " and s.pipeline_id = p.id where s.organization_id = {a}.organization_id and s.id = {a}.status_id)"
)
_TIMES = "(case {a}.value_period when 'monthly' then 12 else 1 end)"
_EXPECTED = "({a}.value * {a}.confidence / 100)"

_WON_AT = "({a}.date_won::timestamp at time zone %(here_zone)s)"
"""A day, which begins where the asker is, as the days do that it is compared with."""


def _at_stage(value: str) -> tuple[str, str]:
    """A value of an opportunity's status."""
    stages = "select s.id from opportunity_statuses s where s.organization_id = %(organization_id)s"
    return value, f"{{a}}.status_id in ({stages} and {{test}})"


def _stands(kind: str) -> str:
    return f"exists (select 1 {_STAGE} and s.type = '{kind}')"


OPPORTUNITY = Thing(
    table="opportunities {a}",
    lead="{a}.lead_id",
    contact="{a}.contact_id",
    opportunity="{a}.id",
    texts=("{a}.note",),
    custom="{a}.custom",
    fields={
        "id": Column(Kind.ID, "{a}.id"),
        "lead_id": Column(Kind.ID, "{a}.lead_id"),
        "contact_id": Column(Kind.ID, "{a}.contact_id"),
        "status": Column(Kind.STATUS, "{a}.status_id"),
        "status_id": Column(Kind.STATUS, "{a}.status_id"),
        "status_label": Column(Kind.STATUS, "{a}.status_id"),
        "status_type": Column(
            Kind.CHOICE, f"(select s.type {_STAGE})", choices=("active", "won", "lost"), elsewhere=_at_stage("s.type")
        ),
        "pipeline_id": Column(Kind.ID, f"(select s.pipeline_id {_STAGE})", elsewhere=_at_stage("s.pipeline_id")),
        "pipeline_name": Column(Kind.TEXT, _PIPELINE),
        "original_status": Column(
            Kind.STATUS,
            "coalesce((select c.old_status_id from activities c where c.organization_id = {a}.organization_id"
            " and c.object_id = {a}.id and c.kind = 'opportunity_status_change' order by c.activity_at, c.id limit 1),"
            " {a}.status_id)",
        ),
        "user": Column(Kind.USER, "{a}.user_id"),
        "user_id": Column(Kind.USER, "{a}.user_id"),
        "value": Column(Kind.NUMBER, "{a}.value"),
        "value_period": Column(Kind.CHOICE, "{a}.value_period", choices=("one_time", "monthly", "annual")),
        "expected_value": Column(Kind.NUMBER, _EXPECTED),
        "annualized_value": Column(Kind.NUMBER, f"({{a}}.value * {_TIMES})"),
        "annualized_expected_value": Column(Kind.NUMBER, f"({_EXPECTED} * {_TIMES})"),
        "confidence": Column(Kind.NUMBER, "{a}.confidence"),
        "note": Column(Kind.TEXT, "{a}.note"),
        **dict.fromkeys(("date_won", "won", "date"), Column(Kind.MOMENT, _WON_AT)),
        "date_lost": Column(Kind.MOMENT, "{a}.date_lost"),
        **BY_A_USER,
        **DATES,
    },
)
_ACTIVITY: dict[str, FieldShape] = {
    "id": Column(Kind.ID, "{a}.id"),
    "lead_id": Column(Kind.ID, "{a}.lead_id"),
    "contact_id": Column(Kind.ID, "{a}.contact_id"),
    "user": Column(Kind.USER, "{a}.user_id"),
    "user_id": Column(Kind.USER, "{a}.user_id"),
    "date": Column(Kind.MOMENT, "{a}.activity_at", is_always=True),
    "activity_at": Column(Kind.MOMENT, "{a}.activity_at", is_always=True),
    **BY_A_USER,
    **DATES,
}
_TEXT: dict[str, FieldShape] = {
    "note": Column(Kind.TEXT, "{a}.text"),
    "text": Column(Kind.TEXT, "{a}.text"),
    "body": Column(Kind.TEXT, "{a}.text"),
}
_CHANGE: dict[str, FieldShape] = {
    "old_status": Column(Kind.STATUS, "{a}.old_status_id"),
    "old_status_id": Column(Kind.STATUS, "{a}.old_status_id"),
    "new_status": Column(Kind.STATUS, "{a}.new_status_id"),
    "new_status_id": Column(Kind.STATUS, "{a}.new_status_id"),
}


def _activities(kind: str) -> str:
    """The rows of one kind. The planner takes such a subquery apart."""
    return f"(select * from activities where kind = '{kind}') {{a}}"


def _activity(kind: str, fields: dict[str, FieldShape], *, texts: tuple[str, ...] = (), opportunity: str = "") -> Thing:
    return Thing(
        table=_activities(kind),
        lead="{a}.lead_id",
        contact="{a}.contact_id",
        opportunity=opportunity,
        texts=texts,
        custom="{a}.custom" if kind == "custom" else "",
        fields={**_ACTIVITY, **fields},
    )


_PLACES = ("address_1", "address_2", "city", "state", "zipcode", "country")
_SAID = ", ".join(f"nullif({{a}}_address ->> '{part}', '')" for part in _PLACES)
LOCATION = f"concat_ws(' ', {_SAID})"
"""An address in one line."""
_STATE = "folded(concat({a}_address ->> 'country', ' ', trim({a}_address ->> 'state'), '|'))"
"""As `rooms/leads/time_zones.py` names it."""
ZONE_NAMES = ("timezone_id", "timezone", "local_time", "localtime")
_DIRECTIONS = {"outgoing": "outbound", "incoming": "inbound", "sent": "outbound", "received": "inbound"}
RECORDS: dict[str, Thing] = {
    "opportunity": OPPORTUNITY,
    "note": _activity("note", {**_TEXT, "title": Column(Kind.TEXT, "{a}.title")}, texts=("{a}.text", "{a}.title")),
    "call": _activity(
        "call",
        {
            **_TEXT,
            "direction": Column(Kind.CHOICE, "{a}.direction", _DIRECTIONS, choices=("inbound", "outbound")),
            "status": Column(Kind.CHOICE, "lower({a}.status)"),
            "disposition": Column(Kind.CHOICE, "lower({a}.details ->> 'disposition')"),
            "duration": Column(Kind.NUMBER, "{a}.duration"),
            **dict.fromkeys(("phone", "phone_number", "remote_phone"), Column(Kind.TEXT, "{a}.phone", is_phone=True)),
            "outgoing_call_date": Column(
                Kind.MOMENT, "(case when {a}.direction = 'outbound' then {a}.activity_at end)"
            ),
            "incoming_call_date": Column(Kind.MOMENT, "(case when {a}.direction = 'inbound' then {a}.activity_at end)"),
        },
        texts=("{a}.text",),
    ),
    "lead_status_change": _activity("lead_status_change", _CHANGE),
    "status_change": _activity("opportunity_status_change", _CHANGE, opportunity="{a}.object_id"),
    "task_completed": _activity("task_completed", {}),
    "created_activity": _activity("created", {}),
    "lead_merge": _activity("lead_merge", {}),
    "custom_activity": _activity(
        "custom",
        {
            "type": Column(Kind.ID, "{a}.type_id"),
            "custom_activity_type_id": Column(Kind.ID, "{a}.type_id"),
            "status": Column(Kind.CHOICE, "{a}.status"),
        },
    ),
    "contact_url": Thing(
        table="contacts {a} cross join lateral jsonb_array_elements({a}.urls) {a}_url",
        lead="{a}.lead_id",
        contact="{a}.id",
        texts=("({a}_url ->> 'url')",),
        fields={
            "url": Column(Kind.TEXT, "({a}_url ->> 'url')"),
            "type": Column(Kind.CHOICE, "lower({a}_url ->> 'type')"),
        },
    ),
    "address": Thing(
        table="leads {a} cross join lateral jsonb_array_elements({a}.addresses) {a}_address",
        lead="{a}.id",
        texts=(LOCATION,),
        fields={
            "location": Column(Kind.TEXT, LOCATION),
            "label": Column(Kind.CHOICE, "lower({a}_address ->> 'label')"),
            **{part: Column(Kind.TEXT, f"({{a}}_address ->> '{part}')") for part in _PLACES},
            **dict.fromkeys(ZONE_NAMES, Column(Kind.ZONE, _STATE)),
        },
    ),
}
CONTACT_COUNTS: dict[str, FieldShape] = {
    "emails_count": Count("contact_email"),
    "phones_count": Column(Kind.NUMBER, "jsonb_array_length({a}.phones)"),
    "urls_count": Column(Kind.NUMBER, "jsonb_array_length({a}.urls)"),
}
"""Named as in Close's guide to advanced filtering."""

LEAD_DATES: dict[str, FieldShape] = {
    "last_call": Newest("call", "{a}.activity_at"),
    "last_call_date": Newest("call", "{a}.activity_at"),
    "first_call_date": Oldest("call", "{a}.activity_at"),
    "called": CountOrNewest(Count("call"), Newest("call", "{a}.activity_at")),
    "last_note_created": Newest("note", "{a}.activity_at"),
    "last_lead_status_change_date": Newest("lead_status_change", "{a}.activity_at"),
    "last_opportunity_won_date": Newest("opportunity", _WON_AT, _stands("won")),
}
LEAD_COUNTS: dict[str, FieldShape] = {
    "addresses_count": Column(Kind.NUMBER, "jsonb_array_length({a}.addresses)"),
    "contacts_count": Count("contact"),
    "all_emails_count": Count("contact_email"),
    "all_phones_count": Count("contact_phone"),
    "all_urls_count": Count("contact_url"),
    "calls": Count("call"),
    "num_calls": Count("call"),
    "notes": Count("note"),
    "num_notes": Count("note"),
    "opportunities": Count("opportunity"),
    "num_opportunities": Count("opportunity"),
    "num_active_opportunities": Count("opportunity", _stands("active")),
    "num_won_opportunities": Count("opportunity", _stands("won")),
    "num_lost_opportunities": Count("opportunity", _stands("lost")),
}
LEAD_FIELDS: dict[str, FieldShape] = {
    "opportunity": Through("opportunity", "status"),
    "opportunity_status": Through("opportunity", "status"),
    "opportunity_user": Through("opportunity", "user"),
    "opportunity_note": Through("opportunity", "note"),
    "note": Through("note", "text"),
    "original_lead_status": Column(
        Kind.STATUS,
        "coalesce((select c.old_status_id from activities c where c.organization_id = {a}.organization_id"
        " and c.lead_id = {a}.id and c.kind = 'lead_status_change' order by c.activity_at, c.id limit 1),"
        " {a}.status_id)",
    ),
}
