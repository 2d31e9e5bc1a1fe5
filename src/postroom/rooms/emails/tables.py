"""The tables of this room."""

TABLES = (
    "messages",
    "emails",
    "email_threads",
    "thread_keys",
    "email_message_ids",
    "email_search",
    "emails_to_index",
    "search_progress",
    "search_words",
    "deliveries",
    "deleted_emails",
    "email_opens",
    "email_readings",
    "hidden_emails",
    "thread_moves",
    "erasures",
)
