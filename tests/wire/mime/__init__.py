"""Messages: corpora, hostile input, random input, and what is composed read again."""
