"""The wire against real and misbehaving servers."""
