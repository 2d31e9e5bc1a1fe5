"""What can be searched: every thing with its fields, in Close's names. A new room adds its thing to `THINGS` and takes
it out of `search_unkept.py`; nothing else has to change.
"""

from postroom.rooms.emails.search_tokens import FILE, RECIPIENT, SENDER, SUBJECT
from postroom.views.kept_things import VIEWER, emails_of_lead, last_activity_of_lead, seen_email
from postroom.views.search_fields import (
    Column,
    Count,
    EarliestOf,
    FieldShape,
    Kind,
    LatestOf,
    Newest,
    Oldest,
    Thing,
    Through,
    ThroughAny,
)
from postroom.views.search_histories import ACTIVITY, COMMUNICATION, EMAIL_THREAD, LEAD_STATUS, STATUS
from postroom.views.search_records import (
    BY_A_USER,
    CONTACT_COUNTS,
    DATES,
    LEAD_COUNTS,
    LEAD_DATES,
    LEAD_FIELDS,
    LOCATION,
    RECORDS,
    ZONE_NAMES,
)
from postroom.views.search_smart import OPEN_TASK, SMART_OF_LEADS, TASK_OF_LEAD
from postroom.views.search_unkept import UNKEPT, UNKEPT_OF_LEADS
from postroom.views.search_worth import SUMMED_OF_LEADS

_SENT = "{a}.status = 'sent'"
_RECEIVED = "{a}.status = 'inbox'"
_REAL = "{a}.status in ('sent', 'inbox')"
_OF_OPENS = "from email_opens o_{a} where o_{a}.organization_id = {a}.organization_id and o_{a}.email_id = {a}.id"
_IS_OPENED = f"exists (select 1 {_OF_OPENS})"
_LAST_OPENED = Newest("email", f"(select max(o_{{a}}.opened_at) {_OF_OPENS})", _IS_OPENED)
"""As the programs say that logged the emails: none is followed here."""

LEAD_TEXT = "{a}.name || ' ' || {a}.description || ' ' || {a}.url"
CONTACT_TEXT = "{a}.name || ' ' || {a}.title"
PHONES_TEXT = "jsonb_path_query_array({a}.phones, '$[*].\"phone\"')::text"
"""The same expressions as in the trigram indexes of the migrations."""
# A follow-up's text names the subject of its email.
_TASK_SEEN = (
    f"({{a}}.kind <> 'email_followup' or {VIEWER} in ('', coalesce({{a}}.assigned_to, '')) or not exists ("
    "select 1 from emails fe where fe.organization_id = {a}.organization_id and fe.id = {a}.object_id"
    f" and fe.coworkers_see <> 'everything' and not {VIEWER} = any(fe.users || fe.shared_with)))"
)
_HAS_DATE = "{a}.due_form <> 'none'"
_ITEM_SEEN = (
    f"({VIEWER} in ('', coalesce({{a}}.user_id, '')) or exists (select 1 from seen_emails se"
    " where se.organization_id = {a}.organization_id and se.thread_id = {a}.thread_id))"
)


def _address(sql: str) -> Column:
    """What one of a lead's addresses says."""
    return Column(Kind.TEXT, sql, each="jsonb_array_elements({a}.addresses) {a}_address")


def _people(sql: str, header: str) -> Column:
    """Whom an email is from or to."""
    return Column(Kind.TEXT, sql, in_full_text=header, of_people=True)


_ZONES = dict.fromkeys(
    ZONE_NAMES, ThroughAny((Through("contact_phone", "timezone_id"), Through("address", "timezone_id")))
)
"""Where a lead or contact may be: the places of its telephone numbers and of the lead's addresses."""
_FILE_NAME = Column(
    Kind.TEXT,
    "({a}_file ->> 'filename')",
    each="jsonb_array_elements({a}.attachments) {a}_file",
    in_full_text=FILE,
    is_private=True,
)
_LAST_IN, _LAST_OUT = "{a}.last_incoming_at", "{a}.last_outgoing_at"
_FIRST_IN, _FIRST_OUT = "{a}.first_incoming_at", "{a}.first_outgoing_at"
_LAST_EMAIL = Newest("email", "{a}.activity_at", _REAL, f"greatest({_LAST_IN}, {_LAST_OUT})")
_LAST_RECEIVED = Newest("email", "{a}.activity_at", _RECEIVED, _LAST_IN)
_LAST_SENT = Newest("email", "{a}.activity_at", _SENT, _LAST_OUT)
_FIRST_SENT = Oldest("email", "{a}.activity_at", _SENT, _FIRST_OUT)
_LEAD_DATES: dict[str, FieldShape] = {
    "last_email": _LAST_EMAIL,
    "last_emailed": _LAST_SENT,
    "last_email_date": _LAST_EMAIL,
    "last_incoming_email_date": _LAST_RECEIVED,
    "last_outgoing_email_date": _LAST_SENT,
    "first_email_created": Oldest("email", "{a}.activity_at", _REAL, f"least({_FIRST_IN}, {_FIRST_OUT})"),
    "first_email_date": Oldest("email", "{a}.activity_at", _REAL, f"least({_FIRST_IN}, {_FIRST_OUT})"),
    "first_activity_date": Oldest("activity", "{a}.activity_at", "{a}.status <> 'draft'"),
    "first_emailed": _FIRST_SENT,
    "first_incoming_email_date": Oldest("email", "{a}.activity_at", _RECEIVED, _FIRST_IN),
    "first_outgoing_email_date": _FIRST_SENT,
    "last_communication": LatestOf(("last_email", "last_call")),
    "last_communication_date": LatestOf(("last_email", "last_call")),
    "first_communication_date": EarliestOf(("first_email_created", "first_call_date")),
    "last_activity": Column(Kind.MOMENT, "{a}.last_activity_at", known=last_activity_of_lead("{a}")),
    "last_activity_date": Column(Kind.MOMENT, "{a}.last_activity_at", known=last_activity_of_lead("{a}")),
    "next_task_date": Oldest("task", "{a}.due_at", OPEN_TASK),
    "next_task_due_date": Oldest("task", "{a}.due_at", f"{OPEN_TASK} and {_HAS_DATE}"),
    "email_opened": _LAST_OPENED,
    "email_last_opened": _LAST_OPENED,
    **LEAD_DATES,
}
_LEAD_COUNTS: dict[str, FieldShape] = {
    "contacts": Count("contact"),
    "num_contacts": Count("contact"),
    "addresses": Column(Kind.NUMBER, "jsonb_array_length({a}.addresses)"),
    "num_addresses": Column(Kind.NUMBER, "jsonb_array_length({a}.addresses)"),
    "emails": Count("email", stored="{a}.num_emails", known=emails_of_lead("{a}")),
    "num_emails": Count("email", stored="{a}.num_emails", known=emails_of_lead("{a}")),
    "activities": Count("activity", "{a}.status <> 'draft'"),
    "num_activities": Count("activity", "{a}.status <> 'draft'"),
    "times_communicated": Count("activity", COMMUNICATION),
    "num_sent_emails": Count("email", _SENT, newest=_LAST_OUT),
    "num_outgoing_emails": Count("email", _SENT, newest=_LAST_OUT),
    "num_received_emails": Count("email", _RECEIVED, newest=_LAST_IN),
    "num_incoming_emails": Count("email", _RECEIVED, newest=_LAST_IN),
    "num_email_addresses": Count("contact_email"),
    "num_phone_numbers": Count("contact_phone"),
    "tasks": Count("task", TASK_OF_LEAD),
    "num_tasks": Count("task", TASK_OF_LEAD),
    "num_incomplete_tasks": Count("task", OPEN_TASK),
    "num_completed_tasks": Count("task", f"{{a}}.is_complete and {TASK_OF_LEAD}"),
    "notifications": Count("inbox_item", "not {a}.is_done"),
    **LEAD_COUNTS,
}
_LEAD = Thing(
    table="leads {a}",
    lead="{a}.id",
    texts=(LEAD_TEXT,),
    custom="{a}.custom",
    fields={
        "id": Column(Kind.ID, "{a}.id", is_always=True),
        "lead_id": Column(Kind.ID, "{a}.id"),
        "name": Column(Kind.TEXT, "{a}.name", is_always=True),
        "company": Column(Kind.TEXT, "{a}.name", is_always=True),
        "lead_name": Column(Kind.TEXT, "{a}.name", is_always=True),
        "display_name": Column(Kind.TEXT, "{a}.name", is_always=True),
        "description": Column(Kind.TEXT, "{a}.description"),
        "url": Column(Kind.TEXT, "{a}.url"),
        "lead_url": Column(Kind.TEXT, "{a}.url"),
        "status": Column(Kind.STATUS, "{a}.status_id"),
        "lead_status": Column(Kind.STATUS, "{a}.status_id"),
        "status_id": Column(Kind.STATUS, "{a}.status_id"),
        "status_label": Column(Kind.STATUS, "{a}.status_id"),
        "address": _address(LOCATION),
        **{part: _address(f"({{a}}_address ->> '{part}')") for part in ("city", "state", "zipcode", "country")},
        "email": Through("contact_email", "email"),
        "email_address": Through("contact_email", "email"),
        "contact_email": Through("contact_email", "email"),
        "phone": Through("contact_phone", "phone"),
        "phone_number": Through("contact_phone", "phone"),
        "contact_phone": Through("contact_phone", "phone"),
        "contact": Through("contact", "name"),
        "contact_name": Through("contact", "name"),
        "contact_title": Through("contact", "title"),
        "email_subject": Through("email", "subject"),
        "emailed_template": Through("email", "sent_template"),
        "user": Through("email", "user"),
        "task_assigned_to": Through("task", "assigned_to"),
        **_ZONES,
        **LEAD_FIELDS,
        **BY_A_USER,
        **DATES,
        **_LEAD_DATES,
        **UNKEPT_OF_LEADS,
        **SMART_OF_LEADS,
        **SUMMED_OF_LEADS,
        **_LEAD_COUNTS,
    },
)
_CONTACT = Thing(
    table="contacts {a}",
    lead="{a}.lead_id",
    contact="{a}.id",
    texts=(CONTACT_TEXT,),
    custom="{a}.custom",
    fields={
        "id": Column(Kind.ID, "{a}.id", is_always=True),
        "lead_id": Column(Kind.ID, "{a}.lead_id"),
        "name": Column(Kind.TEXT, "{a}.name", is_always=True),
        "display_name": Column(Kind.TEXT, "{a}.name", is_always=True),
        "title": Column(Kind.TEXT, "{a}.title", is_always=True),
        "email": Through("contact_email", "email"),
        "email_address": Through("contact_email", "email"),
        "phone": Through("contact_phone", "phone"),
        "phone_number": Through("contact_phone", "phone"),
        "emails": Count("email"),
        "num_email_addresses": Count("contact_email"),
        "num_phone_numbers": Count("contact_phone"),
        **_ZONES,
        **CONTACT_COUNTS,
        **UNKEPT_OF_LEADS,
        "last_email": Newest("email", "{a}.activity_at", _REAL),
        "last_emailed": Newest("email", "{a}.activity_at", _SENT),
        **BY_A_USER,
        **DATES,
    },
)
_CONTACT_EMAIL = Thing(
    table="contact_emails {a}",
    lead="{a}.lead_id",
    contact="{a}.contact_id",
    id="{a}.contact_id || ' ' || {a}.address_key",
    texts=("{a}.address",),
    fields={
        "email": Column(Kind.TEXT, "{a}.address"),
        "type": Column(Kind.CHOICE, "lower({a}.type)"),
    },
)
_PHONE = Column(Kind.TEXT, "({a}_phone ->> 'phone')", around=f"({PHONES_TEXT})", is_phone=True)
_CONTACT_PHONE = Thing(
    table="contacts {a} cross join lateral jsonb_array_elements({a}.phones) {a}_phone",
    lead="{a}.lead_id",
    contact="{a}.id",
    texts=("({a}_phone ->> 'phone')",),
    fields={
        "phone": _PHONE,
        "phone_number": _PHONE,
        **dict.fromkeys(ZONE_NAMES, Column(Kind.ZONE, "({a}_phone ->> 'phone')")),
        "type": Column(Kind.CHOICE, "lower({a}_phone ->> 'type')"),
    },
)
_DIRECTIONS = {
    **dict.fromkeys(("in", "received", "inbound"), "incoming"),
    **dict.fromkeys(("out", "sent", "outbound"), "outgoing"),
}
_OF_SEQUENCES = ("sequence", "sequence_id", "sequence_name", "sequence_subscription_id", "followup_sequence_id")
"""Asked of emails by programs that tell mail by people from mail by sequences: here all of it is by people."""
_STATUSES = ("inbox", "draft", "scheduled", "outbox", "sent", "error")
_EMAIL = Thing(
    table="emails {a}",
    lead="{a}.lead_id",
    contact="{a}.contact_id",
    seen=seen_email("{a}"),
    fields={
        "id": Column(Kind.ID, "{a}.id", is_always=True),
        "lead_id": Column(Kind.ID, "{a}.lead_id"),
        "contact_id": Column(Kind.ID, "{a}.contact_id"),
        "thread_id": Column(Kind.ID, "{a}.thread_id"),
        "status": Column(Kind.CHOICE, "{a}.status", choices=_STATUSES),
        "direction": Column(Kind.CHOICE, "{a}.direction", _DIRECTIONS, choices=("incoming", "outgoing")),
        "subject": Column(Kind.TEXT, "{a}.subject", in_full_text=SUBJECT, is_private=True),
        "body": Column(Kind.TEXT, "{a}.body_text", in_full_text="", is_private=True),
        "body_text": Column(Kind.TEXT, "{a}.body_text", in_full_text="", is_private=True),
        "from": _people("{a}.sender", SENDER),
        "sender": _people("{a}.sender", SENDER),
        **{name: _people(f"array_to_string({{a}}.{name}_list, ', ')", RECIPIENT) for name in ("to", "cc", "bcc")},
        "filename": _FILE_NAME,
        "file": _FILE_NAME,
        "template": Column(Kind.TEMPLATE, "{a}.template_id"),
        "template_id": Column(Kind.TEMPLATE, "{a}.template_id"),
        "sent_template": Column(Kind.TEMPLATE, "{a}.template_id", only=_SENT),
        "has_reply": Column(Kind.YES_NO, "{a}.has_reply"),
        "has_attachments": Column(Kind.YES_NO, "({a}.attachments <> '[]')", is_private=True),
        "attachments": Column(Kind.NUMBER, "jsonb_array_length({a}.attachments)", is_private=True),
        "user": Column(Kind.USER, "{a}.user_id"),
        "user_id": Column(Kind.USER, "{a}.user_id"),
        "date": Column(Kind.MOMENT, "{a}.activity_at", is_always=True),
        "activity_at": Column(Kind.MOMENT, "{a}.activity_at", is_always=True),
        "sent": Column(Kind.MOMENT, "{a}.date_sent"),
        "date_sent": Column(Kind.MOMENT, "{a}.date_sent"),
        "date_scheduled": Column(Kind.MOMENT, "{a}.date_scheduled"),
        "opened": Column(Kind.YES_NO, f"({_IS_OPENED})"),
        "opens": Column(Kind.NUMBER, f"(select count(*) {_OF_OPENS})"),
        "email_account_id": Column(Kind.ID, "{a}.account_id"),
        "bulk_email_action_id": Column(Kind.ID, "{a}.bulk_email_id"),
        **dict.fromkeys(_OF_SEQUENCES, Column(Kind.ID, "null::text")),
        **BY_A_USER,
        **DATES,
    },
)
_TASK = Thing(
    table="tasks {a}",
    lead="{a}.lead_id",
    contact="{a}.contact_id",
    texts=("{a}.text",),
    seen=_TASK_SEEN,
    fields={
        "id": Column(Kind.ID, "{a}.id", is_always=True),
        "lead_id": Column(Kind.ID, "{a}.lead_id"),
        "contact_id": Column(Kind.ID, "{a}.contact_id"),
        "text": Column(Kind.TEXT, "{a}.text"),
        "type": Column(Kind.CHOICE, "{a}.kind"),
        "_type": Column(Kind.CHOICE, "{a}.kind"),
        "is_complete": Column(Kind.YES_NO, "{a}.is_complete"),
        "complete": Column(Kind.YES_NO, "{a}.is_complete"),
        "assigned_to": Column(Kind.USER, "{a}.assigned_to"),
        "user": Column(Kind.USER, "{a}.assigned_to"),
        "user_id": Column(Kind.USER, "{a}.assigned_to"),
        "date": Column(Kind.MOMENT, "{a}.due_at", is_always=True),
        "due_date": Column(Kind.MOMENT, "{a}.due_at", only=_HAS_DATE),
        "is_dateless": Column(Kind.YES_NO, "({a}.due_form = 'none')"),
        "created_by": Column(Kind.USER, "{a}.created_by"),
        **DATES,
    },
)
_INBOX_ITEM = Thing(
    table="inbox_items {a}",
    lead="{a}.lead_id",
    contact="{a}.contact_id",
    seen=_ITEM_SEEN,
    fields={
        "id": Column(Kind.ID, "{a}.id", is_always=True),
        "is_complete": Column(Kind.YES_NO, "{a}.is_done"),
        "assigned_to": Column(Kind.USER, "{a}.user_id"),
        "date": Column(Kind.MOMENT, "{a}.due_at", is_always=True),
        **DATES,
    },
)

THINGS: dict[str, Thing] = {
    "lead": _LEAD,
    "contact": _CONTACT,
    "contact_email": _CONTACT_EMAIL,
    "contact_phone": _CONTACT_PHONE,
    "email": _EMAIL,
    "email_thread": EMAIL_THREAD,
    "activity": ACTIVITY,
    "lead_status": LEAD_STATUS,
    "status": STATUS,
    "task": _TASK,
    "inbox_item": _INBOX_ITEM,
    **RECORDS,
    **UNKEPT,
}
KEPT_ON_LEADS: dict[tuple[str, str, str], str] = {
    ("email", "{a}.status", "inbox"): _LAST_IN,
    ("email", "{a}.direction", "incoming"): _LAST_IN,  # whatever came stands in an inbox
    ("email", "{a}.status", "sent"): _LAST_OUT,
}
"""By kind, column and value: the lead's column that is not null where there is such a thing."""
