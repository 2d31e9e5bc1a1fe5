"""The tables of this room."""

TABLES = ("imports", "import_rows")
