"""Imports of leads and contacts from files: how a file is read, what its columns are, and what became of each row."""
