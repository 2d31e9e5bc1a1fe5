"""The tables of this room."""

TABLES = ("suppressions", "suppression_log", "bounces", "unsubscribe_settings")
