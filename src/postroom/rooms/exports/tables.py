"""The tables of this room."""

TABLES = ("exports",)
