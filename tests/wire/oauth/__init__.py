"""OAuth as it is spoken: what a token endpoint says, and what it means."""
