"""What Close can search and nothing is kept of here: text messages, meetings, sequence subscriptions and their like.

Programs written for Close ask for them beside other things, so each is a thing with the fields that are asked of it and
without a single row: what is true of them is answered, that there are none.
"""

from collections.abc import Mapping

from postroom.views.search_fields import Column, Count, FieldShape, Kind, Newest, Oldest, Thing
from postroom.views.search_records import BY_A_USER, DATES

_NO_ROWS = "(select * from activities where false) {a}"
"""With the columns of something that is kept. The planner asks no table."""
_DIRECTIONS = {"sent": "outbound", "outgoing": "outbound", "received": "inbound", "incoming": "inbound"}
_IDS: dict[str, FieldShape] = {name: Column(Kind.ID, f"{{a}}.{name}") for name in ("id", "lead_id", "contact_id")}
_COMMON: dict[str, FieldShape] = {
    **_IDS,
    "type": Column(Kind.CHOICE, "{a}.kind"),
    "status": Column(Kind.CHOICE, "{a}.status"),
    "name": Column(Kind.TEXT, "{a}.title"),
    "title": Column(Kind.TEXT, "{a}.title"),
    **dict.fromkeys(("text", "body", "note"), Column(Kind.TEXT, "{a}.text")),
    **dict.fromkeys(("user", "user_id"), Column(Kind.USER, "{a}.user_id")),
    **dict.fromkeys(("date", "activity_at"), Column(Kind.MOMENT, "{a}.activity_at")),
    **BY_A_USER,
    **DATES,
}
_TEXTS: dict[str, FieldShape] = dict.fromkeys(
    ("phone", "phone_number", "local_phone", "remote_phone", "error_message", "source"), Column(Kind.TEXT, "{a}.phone")
)
_MOMENTS: dict[str, FieldShape] = dict.fromkeys(
    ("sent", "date_sent", "date_scheduled", "starts_at", "ends_at", "start_date", "end_date", "date_completed"),
    Column(Kind.MOMENT, "{a}.activity_at"),
)
_MESSAGE = {
    **_TEXTS,
    **_MOMENTS,
    "direction": Column(Kind.CHOICE, "{a}.direction", _DIRECTIONS),
    "template": Column(Kind.TEXT, "{a}.title"),
    "template_id": Column(Kind.ID, "{a}.id"),
    "attachments": Column(Kind.NUMBER, "{a}.duration"),
    "cost": Column(Kind.NUMBER, "{a}.duration"),
}
_MEETING = {
    **_MOMENTS,
    **dict.fromkeys(("location", "attendees", "source", "provider_calendar_event_id"), Column(Kind.TEXT, "{a}.text")),
    **dict.fromkeys(("outcome", "outcome_id", "connected_account_id"), Column(Kind.ID, "{a}.id")),
    "duration": Column(Kind.NUMBER, "{a}.duration"),
}
_SUBSCRIPTION = {
    **dict.fromkeys(("sequence", "workflow", "sender_email", "sender_name"), Column(Kind.TEXT, "{a}.title")),
    **dict.fromkeys(("sequence_id", "workflow_id", "sender_account_id"), Column(Kind.ID, "{a}.id")),
    "status_reason": Column(Kind.CHOICE, "{a}.status"),
    **dict.fromkeys(("start_date", "pause_date", "date_paused", "date_finished"), _MOMENTS["sent"]),
}
_CUSTOM_OBJECT = {
    "description": Column(Kind.TEXT, "{a}.text"),
    **dict.fromkeys(("custom_object_type_id", "custom_object_type"), Column(Kind.ID, "{a}.id")),
}
_FORM = {
    "form_id": Column(Kind.ID, "{a}.id"),
    "form": Column(Kind.TEXT, "{a}.title"),
    "url": Column(Kind.TEXT, "{a}.text"),
}


def _thing(fields: Mapping[str, FieldShape]) -> Thing:
    return Thing(
        table=_NO_ROWS,
        lead="{a}.lead_id",
        contact="{a}.contact_id",
        texts=("{a}.text",),
        custom="{a}.custom",
        fields={**_COMMON, **fields},
    )


UNKEPT: dict[str, Thing] = {
    "sms": _thing(_MESSAGE),
    "whatsapp_message": _thing(_MESSAGE),
    "meeting": _thing(_MEETING),
    "sequence_subscription": _thing(_SUBSCRIPTION),
    "custom_object": _thing(_CUSTOM_OBJECT),
    "form_submission": _thing(_FORM),
}
_EDGES: tuple[tuple[str, type[Newest] | type[Oldest]], ...] = (("last", Newest), ("first", Oldest))
_SMS_DATES = ("sms_created", "incoming_sms_date", "outgoing_sms_date", "received_sms_date", "sent_sms_date")
_MEETINGS = ("canceled", "completed", "declined", "declined_by_lead", "declined_by_org", "in_progress", "upcoming")
UNKEPT_OF_LEADS: dict[str, FieldShape] = {
    **{f"{edge}_{date}": shape("sms", "{a}.activity_at") for edge, shape in _EDGES for date in _SMS_DATES},
    **dict.fromkeys(("num_sent_sms", "num_received_sms"), Count("sms")),
    **{f"num_{how}_meetings": Count("meeting") for how in _MEETINGS},
    **dict.fromkeys(("sms", "sms_messages", "num_sms", "num_sms_messages"), Count("sms")),
    **dict.fromkeys(("whatsapp_messages", "num_whatsapp_messages"), Count("whatsapp_message")),
    **dict.fromkeys(("meetings", "num_meetings"), Count("meeting")),
    **dict.fromkeys(("sequence_subscriptions", "sequences"), Count("sequence_subscription")),
    **dict.fromkeys(("custom_objects", "num_custom_objects"), Count("custom_object")),
    "form_submissions": Count("form_submission"),
    **dict.fromkeys(("last_sms", "last_sms_date"), Newest("sms", "{a}.activity_at")),
    "first_sms_date": Oldest("sms", "{a}.activity_at"),
    **dict.fromkeys(("last_meeting", "last_meeting_date"), Newest("meeting", "{a}.activity_at")),
    **dict.fromkeys(("next_meeting_date", "first_meeting_date"), Oldest("meeting", "{a}.activity_at")),
}
"""Asked of a lead itself; a contact has the counts too."""
