"""The tables of this room."""

TABLES = ("webhooks",)
