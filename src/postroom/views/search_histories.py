"""What can be searched that stands in several tables: activities of every kind, conversations, and the statuses that
leads and opportunities had from one day to another.
"""

from postroom.views.kept_things import seen_email
from postroom.views.search_fields import Column, FieldShape, Kind, Thing, Through
from postroom.views.search_records import BY_A_USER, DATES

COMMUNICATION = "({a}.kind = 'call' or ({a}.kind = 'email' and {a}.status in ('sent', 'inbox')))"
"""What counts as talking to somebody: emails either way, and calls."""

# Without a WHERE in either part the planner takes the union for one table, and uses the indexes of both.
_ACTIVITIES = """(
select e.organization_id, e.id, e.lead_id, e.contact_id, 'email' as kind, e.status, e.direction, e.subject as title,
  e.body_text, e.sender, array_to_string(e.to_list, ', ') as recipients, e.template_id, e.has_reply, e.user_id,
  e.activity_at, e.date_sent, e.coworkers_see, e.users, e.shared_with, e.created_by, e.updated_by, e.date_created,
  e.date_updated
from emails e union all
select r.organization_id, r.id, r.lead_id, r.contact_id, r.kind, r.status, case r.direction when 'outbound' then
  'outgoing' when 'inbound' then 'incoming' else r.direction end, r.title, r.text, '', '', null, null, r.user_id,
  r.activity_at, null, 'everything', array[]::text[], array[]::text[], r.created_by, r.updated_by, r.date_created,
  r.date_updated
from activities r) {a}"""
_DIRECTIONS = {"sent": "outgoing", "received": "incoming", "inbound": "incoming", "outbound": "outgoing"}
_KINDS = ("email", "call", "note", "custom", "lead_status_change", "opportunity_status_change", "task_completed")
_TITLE = Column(Kind.TEXT, "{a}.title", is_private=True)
_TEXT = Column(Kind.TEXT, "{a}.body_text", is_private=True)
ACTIVITY = Thing(
    table=_ACTIVITIES,
    lead="{a}.lead_id",
    contact="{a}.contact_id",
    seen=seen_email("{a}"),
    texts=("{a}.title", "{a}.body_text", "{a}.sender", "{a}.recipients"),
    fields={
        "id": Column(Kind.ID, "{a}.id", is_always=True),
        "lead_id": Column(Kind.ID, "{a}.lead_id"),
        "contact_id": Column(Kind.ID, "{a}.contact_id"),
        "type": Column(Kind.CHOICE, "{a}.kind", {"custom_activity": "custom"}, choices=_KINDS),
        "status": Column(Kind.CHOICE, "lower({a}.status)"),
        "direction": Column(Kind.CHOICE, "{a}.direction", _DIRECTIONS, choices=("incoming", "outgoing")),
        "subject": _TITLE,
        "title": _TITLE,
        "body": _TEXT,
        "body_text": _TEXT,
        "note": _TEXT,
        "text": _TEXT,
        "from": Column(Kind.TEXT, "{a}.sender", of_people=True),
        "sender": Column(Kind.TEXT, "{a}.sender", of_people=True),
        "to": Column(Kind.TEXT, "{a}.recipients", of_people=True),
        "template": Column(Kind.TEMPLATE, "{a}.template_id"),
        "template_id": Column(Kind.TEMPLATE, "{a}.template_id"),
        "has_reply": Column(Kind.YES_NO, "{a}.has_reply"),
        "user": Column(Kind.USER, "{a}.user_id"),
        "user_id": Column(Kind.USER, "{a}.user_id"),
        "date": Column(Kind.MOMENT, "{a}.activity_at", is_always=True),
        "activity_at": Column(Kind.MOMENT, "{a}.activity_at", is_always=True),
        "sent": Column(Kind.MOMENT, "{a}.date_sent"),
        "date_sent": Column(Kind.MOMENT, "{a}.date_sent"),
        **BY_A_USER,
        **DATES,
    },
)

EMAIL_THREAD = Thing(
    table="seen_threads {a}",
    lead="{a}.lead_id",
    contact="{a}.contact_id",
    texts=("{a}.normalized_subject", "{a}.participants::text"),
    fields={
        "id": Column(Kind.ID, "{a}.id", is_always=True),
        "lead_id": Column(Kind.ID, "{a}.lead_id"),
        "contact_id": Column(Kind.ID, "{a}.contact_id"),
        **dict.fromkeys(
            ("subject", "normalized_subject", "latest_normalized_subject"), Column(Kind.TEXT, "{a}.normalized_subject")
        ),
        **dict.fromkeys(("n_emails", "emails", "num_emails"), Column(Kind.NUMBER, "{a}.n_emails")),
        "participants": Column(Kind.TEXT, "{a}.participants::text", of_people=True),
        **dict.fromkeys(("user", "user_id"), Through("email", "user")),
        **dict.fromkeys(("date", "activity_at"), Column(Kind.MOMENT, "{a}.seen_until")),
        **DATES,
    },
)
"""A conversation. The view shows of it what its reader may know."""

_NEXT = "lead(c.activity_at) over (partition by c.organization_id, {key} order by c.activity_at, c.id)"


def _had(subject: str, key: str, kind: str, own: str) -> str:
    """The statuses that things of a table had: the first since they were made, each other one since its change.

    `own` are the columns of the thing's ids; a status that was changed in the same moment was never had.
    """
    first = (
        f"(select distinct on (c.organization_id, c.{key}) c.organization_id, c.{key}, c.old_status_id, c.activity_at"
        f" from activities c where c.kind = '{kind}' order by c.organization_id, c.{key}, c.activity_at, c.id)"
    )
    of_change = own.replace("s.id", f"c.{key}").replace("s.", "c.")
    following = _NEXT.replace("{key}", f"c.{key}")
    return (
        f"(select h.* from (select s.organization_id, {own}, coalesce(f.old_status_id, s.status_id) as status_id,"
        f" s.date_created as since, f.activity_at as until from {subject} s left join {first} f"
        f" on f.organization_id = s.organization_id and f.{key} = s.id"
        f" union all select c.organization_id, {of_change}, c.new_status_id, c.activity_at, {following}"
        f" from activities c where c.kind = '{kind}') h where h.until is null or h.until > h.since) {{a}}"
    )


_STANDING = Column(Kind.STATUS, "{a}.status_id")
_WHEN = Column(Kind.MOMENT, "{a}.since", until="{a}.until")
_PAST: dict[str, FieldShape] = {
    "status": _STANDING,
    "status_id": _STANDING,
    "status_label": _STANDING,
    "on": _WHEN,
    "date": _WHEN,
}
LEAD_STATUS = Thing(
    table=_had("leads", "lead_id", "lead_status_change", "s.id as lead_id"),
    lead="{a}.lead_id",
    id="{a}.lead_id",
    fields=_PAST,
)
STATUS = Thing(
    table=_had(
        "opportunities",
        "object_id",
        "opportunity_status_change",
        "s.lead_id, s.contact_id, s.id as opportunity_id",
    ),
    lead="{a}.lead_id",
    contact="{a}.contact_id",
    opportunity="{a}.opportunity_id",
    id="{a}.opportunity_id",
    fields=_PAST,
)
