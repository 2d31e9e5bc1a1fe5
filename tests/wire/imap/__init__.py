"""Our IMAP client against Dovecot with everything on and off, and against hostile bytes."""
