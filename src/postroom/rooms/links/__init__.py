"""The links room: which lead a message may concern beyond its addresses, what was proposed, and what was decided."""
