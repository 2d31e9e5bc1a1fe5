"""What happened with a lead, but for emails: notes, calls, changes of status, tasks done, and kinds of one's own."""
