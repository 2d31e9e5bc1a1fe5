"""Internet messages: bytes to values that never fail, and values to bytes that any server takes."""
