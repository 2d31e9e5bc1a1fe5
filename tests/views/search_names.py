"""The other names of fields: what Close calls one and the same thing in several places."""

DATED = {"date_created": "created", "date_updated": "updated"}
ZONED = dict.fromkeys(("timezone", "local_time", "localtime"), "timezone_id")
ALIASES: dict[str, dict[str, str]] = {
    "lead": {
        **DATED,
        "company": "name", "display_name": "name", "lead_status": "status", "status_id": "status",
        "status_label": "status", "lead_id": "id", "email": "email_address", "contact_email": "email_address",
        "contact": "contact_name", "phone": "phone_number", "contact_phone": "phone_number",
        "opportunity_status": "opportunity", "num_contacts": "contacts", "contacts_count": "contacts",
        "num_emails": "emails", "num_activities": "activities", "num_outgoing_emails": "num_sent_emails",
        "num_incoming_emails": "num_received_emails", "num_tasks": "tasks", "num_calls": "calls", "num_notes": "notes",
        "num_opportunities": "opportunities", "num_addresses": "addresses", "addresses_count": "addresses",
        "all_emails_count": "num_email_addresses", "all_phones_count": "num_phone_numbers",
        "last_activity_date": "last_activity", "last_email_date": "last_email",
        "last_outgoing_email_date": "last_emailed", "first_outgoing_email_date": "first_emailed",
        "last_communication_date": "last_communication", "next_task_due_date": "next_task_date",
        "last_call_date": "last_call", "called": "last_call", **ZONED,
    },
    "contact_phone": ZONED, "address": ZONED,
    "contact": {**DATED, **ZONED, "display_name": "name", "email": "email_address", "phone": "phone_number",
                "emails_count": "num_email_addresses", "phones_count": "num_phone_numbers"},
    "email": {"body_text": "body", "sender": "from", "user_id": "user", "activity_at": "date",
              "template_id": "template"},
    "activity": {"title": "subject", "body_text": "body", "note": "body", "text": "body", "sender": "from",
                 "user_id": "user", "activity_at": "date"},
    "opportunity": {"status_id": "status", "status_label": "status", "user_id": "user", "date_created": "created",
                    "won": "date_won"},
    "note": {"body": "text", "note": "text", "user_id": "user", "activity_at": "date"},
    "call": {"body": "text", "note": "text", "user_id": "user", "activity_at": "date"},
    "task": {"complete": "is_complete", "user": "assigned_to", "due_date": "date"},
    **{kind: {"old_status_id": "old_status", "new_status_id": "new_status", "user_id": "user", "activity_at": "date"}
       for kind in ("lead_status_change", "status_change")},
    **{kind: {"status_id": "status", "status_label": "status", "date": "on"} for kind in ("lead_status", "status")},
}  # fmt: skip


def plain_name(kind: str, name: str) -> str:
    """The name that the rows in memory know a field by."""
    return ALIASES.get(kind, {}).get(name, name)
