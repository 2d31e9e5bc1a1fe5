"""Which tables the custom fields room owns. Only its store writes them; views read them."""

TABLES = ("custom_fields",)
