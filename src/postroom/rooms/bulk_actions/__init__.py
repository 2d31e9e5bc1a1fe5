"""Bulk edit and bulk delete: what was asked for, and how far it is. Bulk email is the room `bulk`."""
