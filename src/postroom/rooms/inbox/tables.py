"""The tables of this room."""

TABLES = ("inbox_items",)
