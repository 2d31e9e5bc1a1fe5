"""The tables of this room."""

TABLES = ("bulk_emails", "bulk_recipients")
