"""The domains that mail is sent from: their DKIM keys, and what DNS says of them."""
