"""IMAP spoken by our own client: asyncio, pipelined, parsed only as far as asked. One verb, one file."""
