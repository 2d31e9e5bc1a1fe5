"""Organizations, their users, and how a caller proves to be one of them."""
