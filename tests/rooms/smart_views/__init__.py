"""Tests of the query language and of Smart Views as values."""
