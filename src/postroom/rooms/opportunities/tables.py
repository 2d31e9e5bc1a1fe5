"""Which tables the opportunities room owns. Only its stores write them; views read them."""

TABLES = ("pipelines", "opportunity_statuses", "opportunities")
