"""The tables of this room."""

TABLES = ("dkim_keys",)
