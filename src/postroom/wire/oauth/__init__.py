"""OAuth 2 as a client: codes and refresh tokens against access tokens, and revocation (RFC 6749, 7009, 7636)."""
