"""SMTP submission (RFC 6409) spoken by our own client: pipelined, and exact about where a failure fell."""
