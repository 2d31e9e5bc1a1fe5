"""Addresses that get no bulk email, why, and who said so."""
