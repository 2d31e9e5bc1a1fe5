"""The views, over real rows."""
