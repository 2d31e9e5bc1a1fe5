"""Close's smart fields of leads: what can be counted and looked up about a lead, worked out when somebody asks for it.

Each group is one look at one index for each lead, written as JSON of all its fields; only groups that hold a wanted
field are looked at. What an email says is shown as its reader may see it (`seen_emails`).
"""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from postroom.ground.database import Transaction
from postroom.views.opportunity_list import as_name
from postroom.views.selection import as_date

_SENT = "e.direction = 'outgoing' and e.status = 'sent'"
_CAME = "e.direction = 'incoming' and e.status = 'inbox'"
_REAL = "e.status in ('sent', 'inbox')"
_OF_LEAD = "{0}.organization_id = l.organization_id and {0}.lead_id = l.id"
_USER = "left join users u on u.organization_id = {0}.organization_id and u.id = {0}.{1}"


def _json(fields: dict[str, str]) -> str:
    return f"jsonb_build_object({', '.join(f'{name!r}, {sql}' for name, sql in fields.items())})"


def _one_email(prefix: str, direction: str) -> tuple[dict[str, str], str]:
    fields = {
        f"{prefix}_email_date": as_date("e.activity_at"),
        f"{prefix}_email_subject": "e.subject",
        f"{prefix}_email_from": "e.sender",
        f"{prefix}_email_to": "array_to_string(e.to_list, ', ')",
        f"{prefix}_email_cc": "array_to_string(e.cc_list, ', ')",
        f"{prefix}_email_bcc": "array_to_string(e.bcc_list, ', ')",
        f"{prefix}_email_user": as_name("u"),
        f"{prefix}_email_template": "t.name",
        f"{prefix}_email_attachments": "jsonb_array_length(e.attachments)",
    }
    if prefix == "first":
        fields |= {"first_email": "e.subject", "first_email_created": as_date("e.activity_at")}
    return fields, (
        f"from seen_emails e {_USER.format('e', 'user_id')} left join email_templates t on t.organization_id ="
        f" e.organization_id and t.id = e.template_id where {_OF_LEAD.format('e')} and {_REAL}"
        f" order by e.activity_at {direction}, e.id limit 1"
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


def _communication(prefix: str, direction: str) -> tuple[dict[str, str], str]:
    fields = {
        f"{prefix}_communication_date": as_date("x.activity_at"),
        f"{prefix}_communication_type": "x.kind",
        f"{prefix}_communication_user_id": "x.user_id",
        f"{prefix}_communication_user_name": as_name("u"),
    }
    rows = (
        f"(select 'Email' as kind, e.organization_id, e.user_id, e.activity_at from seen_emails e"
        f" where {_OF_LEAD.format('e')} and {_REAL} union all"
        f" select 'Call', a.organization_id, a.user_id, a.activity_at from activities a"
        f" where {_OF_LEAD.format('a')} and a.kind = 'call') x"
    )
    return fields, f"from {rows} {_USER.format('x', 'user_id')} order by x.activity_at {direction} limit 1"


_GROUPS: tuple[tuple[dict[str, str], str], ...] = (
    _one_email("last", "desc"),
    _one_email("first", "asc"),
    _emails(),
    _communication("last", "desc"),
    _communication("first", "asc"),
    (
        {
            "num_notes": "count(*) filter (where a.kind = 'note')",
            "num_calls": "count(*) filter (where a.kind = 'call')",
            "last_call_date": as_date("(max(a.activity_at) filter (where a.kind = 'call'))"),
            "last_lead_status_change_date": as_date(
                "(max(a.activity_at) filter (where a.kind = 'lead_status_change'))"
            ),
        },
        f"from activities a where {_OF_LEAD.format('a')}",
    ),
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
            "next_task_date": as_date("k.due_at"),
            "next_task_due_date": as_date("k.due_at"),
            "next_task_text": "k.text",
            "next_task_user_id": "k.assigned_to",
            "next_task_user_name": as_name("u"),
        },
        f"from tasks k {_USER.format('k', 'assigned_to')} where {_OF_LEAD.format('k')} and k.kind = 'lead'"
        " and not k.is_complete order by k.due_at, k.id limit 1",
    ),
    (
        {
            "num_opportunities": "count(*)",
            **{f"num_{kind}_opportunities": f"count(*) filter (where s.type = '{kind}')" for kind in
               ("active", "won", "lost")},
        },
        "from opportunities o join opportunity_statuses s on s.organization_id = o.organization_id"
        f" and s.id = o.status_id where {_OF_LEAD.format('o')}",
    ),
    (
        {
            "num_contacts": "count(*)",
            "num_phone_numbers": "coalesce(sum(jsonb_array_length(c.phones)), 0)",
            "num_urls": "coalesce(sum(jsonb_array_length(c.urls)), 0)",
        },
        f"from contacts c where {_OF_LEAD.format('c')}",
    ),
    ({"num_email_addresses": "count(*)"}, f"from contact_emails m where {_OF_LEAD.format('m')}"),
    ({"num_addresses": "jsonb_array_length(l.addresses)"}, ""),
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
