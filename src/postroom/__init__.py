"""Postroom: the email half of a CRM."""
