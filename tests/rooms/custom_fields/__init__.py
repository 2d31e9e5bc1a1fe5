"""Custom fields: what values they take."""
