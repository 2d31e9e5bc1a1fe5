"""Which tables the leads room owns. Only its stores write them; views read them."""

TABLES = ("lead_statuses", "leads", "contacts", "contact_emails")
