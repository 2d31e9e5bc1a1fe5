"""The query language, its tree, and the queries that people keep as Smart Views."""
