"""Which tables the links room owns. Only its store writes them; views read them."""

TABLES = ("link_proposals", "link_decisions")
"""The tables of this room."""
