"""Where the value of a field comes from, in the rows in memory: other things, counted, gathered or looked through."""

from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]


def newest(only: Callable[[Row], bool]) -> Callable[[Iterable[Row]], Any]:
    return lambda rows: max((row["date"] for row in rows if only(row)), default=None)


def oldest(only: Callable[[Row], bool]) -> Callable[[Iterable[Row]], Any]:
    return lambda rows: min((row["date"] for row in rows if only(row)), default=None)


def is_talk(row: Row) -> bool:
    """Emails either way, and calls."""
    return bool(row["type"] == "call" or (row["type"] == "email" and row["status"] in ("sent", "inbox")))


OF_CONTACTS = (
    "contact_email", "contact_phone", "email",
    "task", "opportunity", "note", "call", "lead_status_change", "status_change", "activity",
    "status", "custom_activity", "contact_url", "inbox_item", "sms", "meeting",
)  # fmt: skip
TEXTS: dict[str, tuple[str, ...]] = {
    "activity": ("subject", "body", "from", "to"), "lead_status": (), "status": (), "contact_phone": ("phone",),
    "address": ("location",),
    "opportunity": ("note",), "note": ("text", "title"), "call": ("text",), "lead_status_change": (),
    "status_change": (), "custom_activity": (), "inbox_item": (), "contact_url": ("url",), "sms": ("text",),
    "meeting": ("text",),
}  # fmt: skip
STATUSES = {
    ("lead", "status"), ("lead", "opportunity"), ("lead", "original_lead_status"), ("opportunity", "original_status"),
    ("opportunity", "status"),
    *((kind, name) for kind in ("lead_status_change", "status_change") for name in ("old_status", "new_status")),
    ("lead_status", "status"), ("status", "status"),
}  # fmt: skip
THROUGH = {
    "lead": {
        "note": ("note", "text"),
        "opportunity": ("opportunity", "status"),
        "email_address": ("contact_email", "email"),
        "contact_name": ("contact", "name"),
        "user": ("email", "user"),
        "opportunity_note": ("opportunity", "note"),
        "opportunity_user": ("opportunity", "user"),
        "phone_number": ("contact_phone", "phone"),
        "contact_title": ("contact", "title"),
        "email_subject": ("email", "subject"),
        "emailed_template": ("email", "sent_template"),
        "task_assigned_to": ("task", "assigned_to"),
        "address": ("address", "location"),
        **{name: ("address", name) for name in ("city", "state", "zipcode", "country")},
    },
    "contact": {"email_address": ("contact_email", "email"), "phone_number": ("contact_phone", "phone")},
}
GATHERED: dict[str, dict[str, tuple[str, Callable[[Iterable[Row]], Any]]]] = {
    "lead": {
        "contacts": ("contact", lambda rows: len(list(rows))),
        "num_sent_emails": ("email", lambda rows: sum(row["status"] == "sent" for row in rows)),
        "emails": ("email", lambda rows: len(list(rows))),
        "activities": ("activity", lambda rows: sum(row["status"] != "draft" for row in rows)),
        "num_received_emails": ("email", lambda rows: sum(row["status"] == "inbox" for row in rows)),
        **{
            name: (kind, lambda rows: len(list(rows)))
            for name, kind in (
                ("notes", "note"),
                ("calls", "call"),
                ("tasks", "task"),
                ("opportunities", "opportunity"),
                ("addresses", "address"),
                ("num_email_addresses", "contact_email"),
                ("num_phone_numbers", "contact_phone"),
                ("num_urls", "contact_url"),
                ("sms_messages", "sms"),
                ("meetings", "meeting"),
            )
        },
        "notifications": ("inbox_item", lambda rows: sum(not row["is_complete"] for row in rows)),
        "num_email_attachments": (
            "email",
            lambda rows: sum(row["attachments"] for row in rows if row["status"] in ("sent", "inbox")),
        ),
        "num_incomplete_tasks": ("task", lambda rows: sum(not row["is_complete"] for row in rows)),
        "num_completed_tasks": ("task", lambda rows: sum(row["is_complete"] for row in rows)),
        "times_communicated": ("activity", lambda rows: sum(is_talk(row) for row in rows)),
        "num_active_opportunities": ("opportunity", lambda rows: sum(row["status"] == "stag_1" for row in rows)),
        "num_lost_opportunities": ("opportunity", lambda rows: sum(row["status"] == "stag_3" for row in rows)),
        "first_emailed": ("email", oldest(lambda row: row["status"] == "sent")),
        "first_incoming_email_date": ("email", oldest(lambda row: row["status"] == "inbox")),
        "first_email_created": ("email", oldest(lambda row: row["status"] in ("sent", "inbox"))),
        "first_call_date": ("call", oldest(lambda _: True)),
        "last_note_created": ("note", newest(lambda _: True)),
        "num_won_opportunities": ("opportunity", lambda rows: sum(row["status"] == "stag_2" for row in rows)),
        "last_call": ("call", newest(lambda _: True)),
        "last_lead_status_change_date": ("lead_status_change", newest(lambda _: True)),
        "last_communication": ("activity", newest(is_talk)),
        "first_communication_date": ("activity", oldest(is_talk)),
        "last_incoming_email_date": ("email", newest(lambda row: row["status"] == "inbox")),
        "last_email": ("email", newest(lambda row: row["status"] in ("sent", "inbox"))),
        "last_emailed": ("email", newest(lambda row: row["status"] == "sent")),
        "next_task_date": ("task", lambda rows: min((r["date"] for r in rows if not r["is_complete"]), default=None)),
    },
    "contact": {
        "emails": ("email", lambda rows: len(list(rows))),
        "num_email_addresses": ("contact_email", lambda rows: len(list(rows))),
        "num_phone_numbers": ("contact_phone", lambda rows: len(list(rows))),
        "last_email": ("email", newest(lambda row: row["status"] in ("sent", "inbox"))),
        "last_emailed": ("email", newest(lambda row: row["status"] == "sent")),
    },
}
