"""Telling another program by HTTP that something has happened."""
