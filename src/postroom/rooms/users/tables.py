"""Which tables the users room owns. Only its store writes them; views read them."""

TABLES = ("organizations", "users", "sessions", "api_keys", "sign_in_failures")
