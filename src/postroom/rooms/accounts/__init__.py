"""The room of connected accounts: logins to mail providers, whose they are, how they stand, what they may send."""
