"""The tables of this room."""

TABLES = ("saved_searches",)
