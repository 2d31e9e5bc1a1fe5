"""Journeys, each against a real PostgreSQL and real or scripted mail servers."""
