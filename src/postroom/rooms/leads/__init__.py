"""Leads and their contacts, and the address book that arriving mail is held against."""
