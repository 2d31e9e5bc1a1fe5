"""Exports: what was asked for as a file, how far it is, and how things become its rows."""
