"""Close's smart fields of a lead that tell of one thing alone: its first or last email, communication or activity, and
its next task. They are answered as `smart_fields.py` shows them.
"""

from postroom.views.search_fields import Column, Count, FieldShape, Kind, OfEdge
from postroom.views.search_histories import COMMUNICATION

_REAL = "{a}.status in ('sent', 'inbox')"
_NOT_A_DRAFT = "{a}.status <> 'draft'"
_AT = "{a}.activity_at"
_OF_EMAILS = {
    "subject": "subject", "from": "from", "to": "to", "cc": "cc", "bcc": "bcc", "user": "user", "user_id": "user",
    "template": "template", "attachments": "attachments", "opens": "opens",
}  # fmt: skip
_OF_ACTIVITIES = {"type": "type", "user": "user", "user_id": "user", "user_name": "user", "summary": "subject"}
TASK_OF_LEAD = "{a}.kind = 'lead'"
"""What somebody has to do, as a lead shows it; what waits for an answer to an email is not counted."""
OPEN_TASK = f"not {{a}}.is_complete and {TASK_OF_LEAD}"
_ATTACHMENTS = (
    "(select coalesce(sum(jsonb_array_length(se.attachments)), 0) from seen_emails se where se.organization_id ="
    " {a}.organization_id and se.lead_id = {a}.id and se.status in ('sent', 'inbox'))"
)


def _of_edges(name: str, edge: tuple[str, str, str], fields: dict[str, str]) -> dict[str, FieldShape]:
    """`first_…` and `last_…` of one kind of thing: (kind, moment, only)."""
    thing, sql, only = edge
    return {
        f"{side}_{name}_{outside}": OfEdge(thing, inside, sql, side == "last", only)
        for side in ("first", "last")
        for outside, inside in fields.items()
    }


SMART_OF_LEADS: dict[str, FieldShape] = {
    **_of_edges("email", ("email", _AT, _REAL), _OF_EMAILS),
    **_of_edges("communication", ("activity", _AT, COMMUNICATION), _OF_ACTIVITIES),
    **_of_edges("activity", ("activity", _AT, _NOT_A_DRAFT), _OF_ACTIVITIES),
    "first_email": OfEdge("email", "subject", _AT, False, _REAL),
    "first_emailed_template": OfEdge("email", "template", _AT, False, "{a}.status = 'sent'"),
    "last_emailed_template": OfEdge("email", "template", _AT, True, "{a}.status = 'sent'"),
    **{
        f"next_task_{name}": OfEdge("task", field, "{a}.due_at", False, OPEN_TASK)
        for name, field in (("text", "text"), ("user", "user"), ("user_id", "user"), ("user_name", "user"))
    },
    "num_email_attachments": Column(Kind.NUMBER, _ATTACHMENTS),
    "num_urls": Count("contact_url"),
}
