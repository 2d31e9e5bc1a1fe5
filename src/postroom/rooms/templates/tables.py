"""The tables of this room."""

TABLES = ("email_templates", "signatures")
