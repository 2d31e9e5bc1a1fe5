"""Which tables the activities room owns. Only its stores write them; views read them."""

TABLES = ("activities", "custom_activity_types")
