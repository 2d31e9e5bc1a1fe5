"""DKIM: signatures that say which domain answers for an email."""
