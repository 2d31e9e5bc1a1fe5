"""Which tables the comments room owns. Only its store writes them; views read them."""

TABLES = ("comment_threads", "comments")
