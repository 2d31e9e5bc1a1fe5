"""The tables of this room."""

TABLES = ("bulk_actions",)
