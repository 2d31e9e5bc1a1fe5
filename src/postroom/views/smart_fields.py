"""Close's smart fields of leads: what can be counted and looked up about a lead, worked out when somebody asks for it.

Each group is one look at one index for each lead, written as JSON of all its fields; only groups that hold a wanted
field are looked at. What an email says is shown as its reader may see it (`seen_emails`).
"""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.views.selection import as_date, as_name
from postroom.views.smart_fields_of_deals import never_kept, primary_opportunity
from postroom.views.task_dates import task_date, task_due_date

_SENT = "e.direction = 'outgoing' and e.status = 'sent'"
_CAME = "e.direction = 'incoming' and e.status = 'inbox'"
_REAL = "e.status in ('sent', 'inbox')"
_OF_LEAD = "{0}.organization_id = l.organization_id and {0}.lead_id = l.id"
_MOST_PAIRS = 50
_USER = "left join users u on u.organization_id = {0}.organization_id and u.id = {0}.{1}"


def _json(fields: dict[str, str]) -> str:
    """A function of PostgreSQL takes a hundred arguments."""
    pairs = [f"{name!r}, {sql}" for name, sql in fields.items()]
    parts = (pairs[at : at + _MOST_PAIRS] for at in range(0, len(pairs), _MOST_PAIRS))
    return " || ".join(f"jsonb_build_object({', '.join(some)})" for some in parts)


def _one_email(prefix: str, direction: str) -> tuple[dict[str, str], str]:
    fields = {
        f"{prefix}_email_date": as_date("e.activity_at"),
        f"{prefix}_email_subject": "e.subject",
        f"{prefix}_email_from": "e.sender",
        f"{prefix}_email_to": "array_to_string(e.to_list, ', ')",
        f"{prefix}_email_cc": "array_to_string(e.cc_list, ', ')",
        f"{prefix}_email_bcc": "array_to_string(e.bcc_list, ', ')",
        f"{prefix}_email_user": as_name("u"),
        f"{prefix}_email_user_id": "e.user_id",
        f"{prefix}_email_template": "t.name",
        f"{prefix}_email_attachments": "jsonb_array_length(e.attachments)",
        f"{prefix}_email_opens": "(select count(*) from email_opens o where o.organization_id = e.organization_id"
        " and o.email_id = e.id)",
    }
    if prefix == "first":
        fields |= {"first_email": "e.subject", "first_email_created": as_date("e.activity_at")}
    return fields, (
        f"from seen_emails e {_USER.format('e', 'user_id')} left join email_templates t on t.organization_id ="
        f" e.organization_id and t.id = e.template_id where {_OF_LEAD.format('e')} and {_REAL}"
        f" order by e.activity_at {direction}, e.id limit 1"
    )


def _emailed_template(prefix: str, direction: str) -> tuple[dict[str, str], str]:
    return {f"{prefix}_emailed_template": "t.name"}, (
        "from seen_emails e join email_templates t on t.organization_id = e.organization_id and t.id = e.template_id"
        f" where {_OF_LEAD.format('e')} and {_SENT} order by e.activity_at {direction}, e.id limit 1"
    )


def _emails() -> tuple[dict[str, str], str]:
    def edge(which: str, only: str) -> str:
        return as_date(f"({which}(e.activity_at) filter (where {only}))")

    count = "count(*) filter (where {})"
    fields = {
        "num_sent_emails": count.format(_SENT),
        "num_outgoing_emails": count.format(_SENT),
        "num_received_emails": count.format(_CAME),
        "num_incoming_emails": count.format(_CAME),
        "num_email_attachments": f"coalesce(sum(jsonb_array_length(e.attachments)) filter (where {_REAL}), 0)",
        "first_emailed": edge("min", _SENT),
        "last_emailed": edge("max", _SENT),
        "first_outgoing_email_date": edge("min", _SENT),
        "last_outgoing_email_date": edge("max", _SENT),
        "first_incoming_email_date": edge("min", _CAME),
        "last_incoming_email_date": edge("max", _CAME),
        "email_last_opened": as_date(
            "(select max(o.opened_at) from email_opens o join seen_emails w on w.organization_id = o.organization_id"
            f" and w.id = o.email_id where {_OF_LEAD.format('w')})"
        ),
    }
    return fields, f"from seen_emails e where {_OF_LEAD.format('e')}"


def _edge_of(name: str, rows: str, sides: tuple[str, str]) -> tuple[dict[str, str], str]:
    """The first or last of rows in the shape of `_EMAIL_ROWS`: `sides` are the prefix and the order."""
    prefix, direction = sides
    fields = {
        f"{prefix}_{name}_date": as_date("x.activity_at"),
        f"{prefix}_{name}_type": _TYPE,
        f"{prefix}_{name}_summary": "x.summary",
        f"{prefix}_{name}_user_id": "x.user_id",
        f"{prefix}_{name}_user_name": as_name("u"),
    }
    if (prefix, name) == ("last", "activity"):
        del fields["last_activity_date"]  # the lead's own
    return fields, f"from ({rows}) x {_USER.format('x', 'user_id')} order by x.activity_at {direction} limit 1"


_EMAIL_ROWS = (
    "select 'email' as kind, e.organization_id, e.user_id, e.activity_at, e.subject as summary from seen_emails e"
    f" where {_OF_LEAD.format('e')} and {{0}}"
)
_RECORD_ROWS = (
    "select a.kind, a.organization_id, a.user_id, a.activity_at, a.title from activities a"
    f" where {_OF_LEAD.format('a')} and {{0}}"
)
_COMMUNICATIONS = " union all ".join((_EMAIL_ROWS.format(_REAL), _RECORD_ROWS.format("a.kind = 'call'")))
_ACTIVITIES = " union all ".join((_EMAIL_ROWS.format("e.status <> 'draft'"), _RECORD_ROWS.format("true")))
_TYPE = "case x.kind when 'custom' then 'CustomActivity' else replace(initcap(replace(x.kind, '_', ' ')), ' ', '') end"
"""Of a kind, as its activity says itself: `LeadStatusChange`."""


def _one_call(prefix: str, direction: str) -> tuple[dict[str, str], str]:
    fields = {
        f"{prefix}_call_created": as_date("a.activity_at"),
        f"{prefix}_call_duration": "a.duration",
        f"{prefix}_call_disposition": "a.details ->> 'disposition'",
        f"{prefix}_call_note": "a.text",
        f"{prefix}_call_user": as_name("u"),
        f"{prefix}_call_user_id": "a.user_id",
    }
    return fields, (
        f"from activities a {_USER.format('a', 'user_id')} where {_OF_LEAD.format('a')} and a.kind = 'call'"
        f" order by a.activity_at {direction}, a.id limit 1"
    )


def _records() -> tuple[dict[str, str], str]:
    def edge(which: str, only: str) -> str:
        return as_date(f"({which}(a.activity_at) filter (where {only}))")

    count = "count(*) filter (where {})"
    call = "a.kind = 'call'"
    called, came = f"{call} and a.direction = 'outbound'", f"{call} and a.direction = 'inbound'"
    fields = {
        "num_notes": count.format("a.kind = 'note'"),
        "num_calls": count.format(call),
        "num_outgoing_calls": count.format(called),
        "num_incoming_calls": count.format(came),
        "num_missed_calls": count.format(f"{came} and coalesce(a.duration, 0) = 0"),
        "first_call_date": edge("min", call),
        "last_call_date": edge("max", call),
        "first_outgoing_call_date": edge("min", called),
        "last_outgoing_call_date": edge("max", called),
        "first_incoming_call_date": edge("min", came),
        "last_incoming_call_date": edge("max", came),
        "last_note_created": edge("max", "a.kind = 'note'"),
        "last_lead_status_change_date": edge("max", "a.kind = 'lead_status_change'"),
        "last_opportunity_status_change_date": edge("max", "a.kind = 'opportunity_status_change'"),
    }
    return fields, f"from activities a where {_OF_LEAD.format('a')}"


def _opportunities() -> tuple[dict[str, str], str]:
    """In cents, as everywhere; annualized are all of them, a monthly value twelve times."""
    count = "count(*) filter (where {})"
    states = {"": "true", "active_": "s.type = 'active'", "won_": "s.type = 'won'", "lost_": "s.type = 'lost'"}
    periods = {period: f"o.value_period = '{period}'" for period in ("annual", "monthly", "one_time")}
    fields = {f"num_{state}opportunities": count.format(only) for state, only in states.items()}
    fields |= {f"num_{period}_opportunities": count.format(only) for period, only in periods.items()}
    yearly = "o.value * case o.value_period when 'monthly' then 12 else 1 end"
    fields["last_opportunity_won_date"] = "max(o.date_won) filter (where s.type = 'won')"
    for name, which in (("total", "sum"), ("avg", "avg"), ("min", "min"), ("max", "max")):
        for state, only in states.items():
            for period, also in periods.items():
                worth = f"{which}(o.value) filter (where {only} and {also})"
                fields[f"{name}_{period}_{state}opportunity_value"] = worth
            fields[f"{name}_annualized_{state}opportunity_value"] = f"{which}({yearly}) filter (where {only})"
    return fields, (
        "from opportunities o join opportunity_statuses s on s.organization_id = o.organization_id"
        f" and s.id = o.status_id where {_OF_LEAD.format('o')}"
    )


_GROUPS: tuple[tuple[dict[str, str], str], ...] = (
    _one_email("last", "desc"),
    _one_email("first", "asc"),
    _emails(),
    _emailed_template("last", "desc"),
    _emailed_template("first", "asc"),
    _edge_of("communication", _COMMUNICATIONS, ("last", "desc")),
    _edge_of("communication", _COMMUNICATIONS, ("first", "asc")),
    _edge_of("activity", _ACTIVITIES, ("last", "desc")),
    _edge_of("activity", _ACTIVITIES, ("first", "asc")),
    _one_call("last", "desc"),
    _one_call("first", "asc"),
    _records(),
    _opportunities(),
    primary_opportunity(),
    never_kept(),
    (
        {
            "num_tasks": "count(*)",
            "num_incomplete_tasks": "count(*) filter (where not k.is_complete)",
            "num_completed_tasks": "count(*) filter (where k.is_complete)",
        },
        f"from tasks k where {_OF_LEAD.format('k')} and k.kind = 'lead'",
    ),
    (
        {
            "next_task_date": task_date("k"),
            "next_task_due_date": task_due_date("k"),
            "next_task_text": "k.text",
            "next_task_user_id": "k.assigned_to",
            "next_task_user_name": as_name("u"),
        },
        f"from tasks k {_USER.format('k', 'assigned_to')} where {_OF_LEAD.format('k')} and k.kind = 'lead'"
        " and not k.is_complete order by k.due_at, k.id limit 1",
    ),
    (
        {
            **dict.fromkeys(("num_contacts", "contacts_count"), "count(*)"),
            **dict.fromkeys(
                ("num_phone_numbers", "all_phones_count"), "coalesce(sum(jsonb_array_length(c.phones)), 0)"
            ),
            **dict.fromkeys(("num_urls", "all_urls_count"), "coalesce(sum(jsonb_array_length(c.urls)), 0)"),
        },
        f"from contacts c where {_OF_LEAD.format('c')}",
    ),
    (
        dict.fromkeys(("num_email_addresses", "all_emails_count"), "count(*)"),
        f"from contact_emails m where {_OF_LEAD.format('m')}",
    ),
    (dict.fromkeys(("num_addresses", "addresses_count"), "jsonb_array_length(l.addresses)"), ""),
    (
        {
            "times_communicated": f"(select count(*) from seen_emails e where {_OF_LEAD.format('e')} and {_REAL})"
            f" + (select count(*) from activities a where {_OF_LEAD.format('a')} and a.kind = 'call')",
            "num_activities": f"(select count(*) from seen_emails e where {_OF_LEAD.format('e')}"
            " and e.status <> 'draft')"
            f" + (select count(*) from activities a where {_OF_LEAD.format('a')})",
        },
        "",
    ),
)  # fmt: skip
SMART_FIELDS = frozenset(name for fields, _ in _GROUPS for name in fields)


async def smart_fields(
    tx: Transaction, organization_id: str, lead_ids: Sequence[str], names: Collection[str]
) -> dict[str, dict[str, Any]]:
    """By lead, the wanted fields with their values; null where there is nothing to tell."""
    groups = [(fields, source) for fields, source in _GROUPS if not fields.keys().isdisjoint(names)]
    wanted = [name for fields, _ in groups for name in fields if name in names]
    if not groups or not lead_ids:
        return {lead_id: {} for lead_id in lead_ids}
    looks = ", ".join(f"(select {_json(fields)} {source})" for fields, source in groups)
    rows = await (
        await tx.execute(
            f"select l.id, {looks} from leads l where l.organization_id = %s and l.id = any(%s)",
            (organization_id, list(lead_ids)),
        )
    ).fetchall()
    found: dict[str, dict[str, Any]] = {}
    for lead_id, *parts in rows:
        known: dict[str, Any] = {}
        for part in parts:
            known |= (msgspec.json.decode(part) if isinstance(part, str | bytes) else part) or {}
        found[lead_id] = {name: known.get(name) for name in wanted}
    return found
