"""The views: what can be seen across rooms. They only read."""
