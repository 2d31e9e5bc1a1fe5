"""Which tables the users room owns. Only its stores write them; views read them."""

TABLES = (
    "organizations",
    "users",
    "roles",
    "groups",
    "group_members",
    "sessions",
    "known_browsers",
    "api_keys",
    "access_links",
    "second_factors",
    "recovery_codes",
    "sign_in_steps",
    "sign_in_failures",
    "access_log",
)
