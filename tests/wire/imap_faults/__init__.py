"""Our IMAP client against a server that misbehaves: one test for each relevant line of the list of failure modes."""
