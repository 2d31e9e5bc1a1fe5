"""Smart Views as a sales team keeps them: of leads, opportunities, contacts and tasks, in both languages."""

from typing import Any

LEADS = (
    "*",
    "notifications > 0",
    "created <= 30 days ago sort:-created",
    "last_communication > 90 days ago status:customer",
    "last_email <= 30 days ago",
    "emails = 0",
    'status:"Potential"',
    "calls = 0 status:qualified",
    "status:customer not last_emailed <= 60 days ago",
    "(status:qualified or status:interested) num_received_emails > 3",
    "emails > 30 sort:-emails",
    "last_incoming_email_date > 180 days ago last_outgoing_email_date > 180 days ago",
    "email(direction:incoming date < 7 days ago)",
    "email(direction:outgoing has_reply:no date < 14 days ago) status:interested",
    "email(subject:invoice)",
    'email(subject:"annual report" direction:incoming)',
    "emails > 0 not email(direction:incoming)",
    "name:acme",
    "name:lumen* contacts > 2",
    "email_address:example42.test",
    'email_address:"jo100@example100.test"',
    "contact(title:ceo)",
    'contact(title:"head of sales" email_address:*) status:potential',
    "custom.Source:Fair",
    'custom.Source in ("Web", "Partner") custom.Employees > 400',
    "next_task_date < 1 days ago",
    "task(is_complete:no assigned_to:me)",
    "opportunity(status_type:active value > 500000 user:me)",
    "berlin offer",
    "created >= 2026-01-01 created < 2026-02-01 contacts >= 2 limit:500",
    "emails = 0 calls = 0 notes = 0 created > 7 days ago",
    "email(direction:outgoing date > 5 days ago date < 30 days ago) not email(direction:incoming date < 30 days ago)",
    "last_outgoing_email_date > 5 days ago num_received_emails = 0 status:interested",
    'opportunity(status_type:active pipeline_id:pipe_1 date_won >= "2026-06-01" date_won < "2026-07-01")',
    "custom.Industry:Software status:qualified",
    'custom.Industry in ("Health", "Food") not custom.Source:Call',
    '"Renewal Date" >= "2026-06-01" "Renewal Date" < "2026-07-01" status:customer',
    '"Account Owner":me status:customer',
    'contact(title:ceo or title:cto or title:"head of sales") status:qualified',
    'contact_title in ("CEO", "CTO") last_communication > 30 days ago',
    "calls = 0 status:potential created < 90 days ago",
    "num_incomplete_tasks = 0 status:interested",
    "status:potential sort:-last_email",
    "status:customer sort:last_communication",
    "email(opened:yes date < 14 days ago) not email(direction:incoming date < 14 days ago)",
    "email_opened < 7 days ago",
    "not (email(date < 30 days ago)) status:customer",
    "not last_communication < 30 days ago (status:qualified or status:interested)",
    'emailed_template:"First mail" num_received_emails = 0',
    'emailed_template:"Offer" not opportunity(status_type:won)',
    "lead_status_change(new_status:customer date < 30 days ago)",
    "opportunity(status_type:active) num_incomplete_tasks = 0",
    "opportunities = 0 emails > 5",
    "num_won_opportunities > 0 last_communication > 60 days ago",
    "next_task_date:today",
    "task(is_complete:no date > 7 days ago) user:me",
    "city:Berlin status:potential",
    "updated < 1 day ago sort:-updated",
    "created_by:me created < 30 days ago",
    "not email_address:*",
    "not phone:* status:qualified",
    "opportunity(custom.Product:Whole status_type:active confidence >= 50)",
    "call(direction:outgoing date < 7 days ago user:me)",
    "note(note:visit date < 30 days ago)",
    "contact(custom.Role:Decides) status:qualified",
    "original_lead_status:potential status:customer",
    "total_annualized_active_opportunity_value > 500000 status:customer",
    "num_active_opportunities > 0 sort:-total_annualized_active_opportunity_value",
    "* sort:name",
    "* sort:-contacts,-created",
    "status:canceled not (email(direction:incoming date < 1 year ago) or call(date < 1 year ago))",
)


def _field(kind: str, name: str) -> dict[str, str]:
    return {"type": "regular_field", "object_type": kind, "field_name": name}


def _holds(kind: str, name: str, condition: dict[str, Any]) -> dict[str, Any]:
    return {"type": "field_condition", "field": _field(kind, name), "condition": condition}


def _own(field_id: str, *values: str) -> dict[str, Any]:
    field = {"type": "custom_field", "custom_field_id": field_id}
    return {"type": "field_condition", "field": field, "condition": {"type": "term", "values": list(values)}}


def _related(kinds: tuple[str, str], *inside: dict[str, Any]) -> dict[str, Any]:
    query = {"type": "and", "queries": list(inside)}
    return {
        "type": "has_related", "this_object_type": kinds[0], "related_object_type": kinds[1], "related_query": query,
    }  # fmt: skip


def _not(node: dict[str, Any]) -> dict[str, Any]:
    return {**node, "negate": True}


def _term(*values: str) -> dict[str, Any]:
    return {"type": "term", "values": list(values)}


def _status(*ids: str) -> dict[str, Any]:
    return {"type": "reference", "reference_type": "status.lead", "object_ids": list(ids)}


def _words(text: str, mode: str = "full_words") -> dict[str, Any]:
    return {"type": "text", "mode": mode, "value": text}


def _days_ago(days: int) -> dict[str, Any]:
    offset = {"years": 0, "months": 0, "weeks": 0, "days": days, "hours": 0, "minutes": 0, "seconds": 0}
    return {
        "type": "offset",
        "direction": "past",
        "moment": {"type": "now"},
        "offset": offset,
        "which_day_end": "start",
    }


def _since(days: int) -> dict[str, Any]:
    return {"type": "moment_range", "on_or_after": _days_ago(days), "before": None}


def _until(days: int) -> dict[str, Any]:
    return {"type": "moment_range", "on_or_after": None, "before": _days_ago(days)}


def _this_month() -> dict[str, Any]:
    period = {"type": "start_end_of_predefined_relative_period", "range": "this-month"}
    return {"type": "moment_range", "on_or_after": {**period, "which": "start"}, "before": {**period, "which": "end"}}


_ME = {"type": "current_user"}
_OPEN = _holds("task", "is_complete", {"type": "boolean", "value": False})
_ACTIVE = _holds("opportunity", "status_type", _term("active"))
_SENT = _holds("activity.email", "direction", _term("outgoing"))
_CAME = _holds("activity.email", "direction", _term("incoming"))
_EMAILS, _DEALS, _PEOPLE, _TASKS = (("lead", kind) for kind in ("activity.email", "opportunity", "contact", "task"))
_AT = ("activity.email", "date")


def _view(kind: str, *nodes: dict[str, Any], sort: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    order = [{"direction": direction, "field": _field(kind, name)} for name, direction in sort]
    queries = [{"type": "object_type", "object_type": kind}, *nodes]
    return {"query": {"type": "and", "queries": queries}, "sort": order, "results_limit": None}


STRUCTURED = (
    _view("lead", _not(_related(_EMAILS, _holds(*_AT, _since(30)))), _holds("lead", "status_id", _status("stat_4"))),
    _view("lead", _related(_EMAILS, _SENT, _holds(*_AT, _since(30))), _not(_related(_EMAILS, _CAME))),
    _view("lead", _not(_related(_TASKS, _OPEN)), _related(_DEALS, _ACTIVE)),
    _view("lead", _related(_PEOPLE, _holds("contact", "title", _words("engineer")))),
    _view("lead", _own("cf_industry", "Software", "Health"), sort=(("last_activity_date", "desc"),)),
    _view("lead", _related(_DEALS, _ACTIVE, _holds("opportunity", "date_won", _this_month()))),
    _view(
        "lead",
        _related(
            _PEOPLE,
            _related(
                ("contact", "contact_email"), _holds("contact_email", "email", _words("jo77@example77.test", "phrase"))
            ),
        ),
    ),
    _view("opportunity", _ACTIVE, sort=(("date_won", "asc"),)),
    _view("opportunity", _ACTIVE, _holds("opportunity", "user_id", _ME), sort=(("value", "desc"),)),
    _view(
        "opportunity",
        _ACTIVE,
        _holds("opportunity", "pipeline_id", _term("pipe_2")),
        _holds("opportunity", "date_won", _this_month()),
    ),
    _view(
        "opportunity", _holds("opportunity", "status_type", _term("won")), _holds("opportunity", "date_won", _since(90))
    ),
    _view("opportunity", _ACTIVE, _not(_related(("opportunity", "lead"), _related(_EMAILS, _holds(*_AT, _since(30)))))),
    _view("contact", _holds("contact", "title", _words("ceo")), sort=(("name", "asc"),)),
    _view("contact", _not(_related(("contact", "activity.email"))), sort=(("date_created", "desc"),)),
    _view(
        "contact",
        _own("cf_role", "Decides"),
        _related(("contact", "lead"), _holds("lead", "status_id", _status("stat_3"))),
    ),
    _view("contact", _related(("contact", "activity.email"), _CAME, _holds(*_AT, _since(7)))),
    _view("contact", sort=(("name", "asc"),)),
    _view("task", _OPEN, _holds("task", "due_date", _until(0)), _holds("task", "assigned_to", _ME)),
    _view("activity.email", _CAME, _holds(*_AT, _since(1))),
    _view("activity.call", _holds("activity.call", "user_id", _ME), _holds("activity.call", "date", _since(30))),
)
