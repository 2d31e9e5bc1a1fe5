"""The tables of this room."""

TABLES = ("suppressions", "suppression_log", "bounces", "early_reports", "unsubscribe_settings")
